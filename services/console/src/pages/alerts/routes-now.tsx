import { type Routing, settingWords } from '../../model/receiver.ts';
import { Ago } from '../../ui/alert-age.tsx';

/** The routes in force as a tree, and the text they were read from. */
export function RoutesNow({ routing }: { routing: Routing }) {
  return (
    <section class="card routes-now">
      <h2>
        Routes
        {routing.loadedMs !== undefined && (
          <span class="quiet">
            {' '}
            read <Ago ms={routing.loadedMs} />
          </span>
        )}
      </h2>
      <ul class="route-tree">
        {routing.routes.map(({ id, depth, matchers, receiver, goesOn, groupBy, alertCount, ...waits }) => (
          <li key={id} style={{ '--depth': Math.min(depth, 8) }}>
            <span class="route-line">
              <code>{matchers === '' ? (depth === 0 ? 'every alert' : 'everything that comes here') : matchers}</code> →{' '}
              <strong>{receiver}</strong>
              {alertCount > 0 && (
                <span class="tone-bad">{alertCount === 1 ? '1 alert' : `${alertCount.toLocaleString('en')} alerts`} now</span>
              )}
              {goesOn && <span class="quiet">and goes on</span>}
            </span>
            <span class="quiet route-reason">
              together by {groupBy.length === 0 ? 'nothing: all in one' : groupBy.join(', ')}; waits{' '}
              {settingWords(waits.groupWaitMs)}, then every {settingWords(waits.groupIntervalMs)}, again after{' '}
              {settingWords(waits.repeatMs)}
            </span>
          </li>
        ))}
      </ul>
      {routing.config !== '' && (
        <details>
          <summary>The configuration as it is in force</summary>
          <pre class="config" tabIndex={0} aria-label="Configuration">
            {routing.config}
          </pre>
        </details>
      )}
      {routing.policy !== '' && (
        <details>
          <summary>Escalation and damping</summary>
          <pre class="config" tabIndex={0} aria-label="Policy">
            {routing.policy}
          </pre>
        </details>
      )}
    </section>
  );
}
