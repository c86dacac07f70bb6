import type { ExplainAlertResponseJson } from '@tmws/contracts/alerting';
import { outcomeLook, readExplained } from '../../model/alert-explain.ts';
import { openAnswer } from '../../state/alert-pages.ts';
import { useOpened } from '../../state/alert-opened.ts';
import { useConsole } from '../../state/console.ts';
import { Ago } from '../../ui/alert-age.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';

/** Who is told of an alert and why, rule by rule. */
export function Explanation({ fingerprint }: { fingerprint: string }) {
  const { api } = useConsole();
  const { value, problem, load } = useOpened(
    () =>
      openAnswer<ExplainAlertResponseJson, ReturnType<typeof readExplained>>(api, `alerts/${fingerprint}/explain`, readExplained),
    [api, fingerprint],
  );
  const explained = value.value;
  if (problem.value !== undefined)
    return <ProblemNote problem={problem.value} what="The explanation" retry={() => void load()} />;
  if (explained === undefined) return <Skeleton what="the explanation" heights={[24, 60]} />;
  return (
    <div class="explained">
      <p class="explained-summary">{explained.summary}</p>
      {explained.muted.length > 0 && (
        <ul class="explained-muted">
          {explained.muted.map(({ by, id, reason }) => (
            <li key={`${by} ${id}`}>
              <strong>{by}</strong> {reason}
            </li>
          ))}
        </ul>
      )}
      <h3>Routes it goes through</h3>
      <ul class="route-tree">
        {explained.routes.map(({ matchers, depth, outcome, reason, receiver }, at) => (
          <li key={at} class={`tone-${outcomeLook(outcome).tone}`} style={{ '--depth': Math.min(depth, 8) }}>
            <span class="route-line">
              <span aria-hidden="true">{outcomeLook(outcome).sign}</span> <code>{matchers}</code> {outcome}
              {receiver !== '' && outcome === 'takes' && <> for {receiver}</>}
            </span>
            {reason !== '' && <span class="quiet route-reason">{reason}</span>}
          </li>
        ))}
      </ul>
      {explained.groups.map((group) => (
        <section key={`${group.id} ${group.receiver}`}>
          <h3>
            Told to {group.receiver}
            {group.nextMs !== undefined && (
              <span class="quiet">
                , looked at next <Ago ms={group.nextMs} />
              </span>
            )}
          </h3>
          <ul class="outlook">
            {group.integrations.map(({ name, notify, reason, toldMs }) => (
              <li key={name}>
                <span class={notify ? 'tone-good' : 'tone-quiet'}>{notify ? '✓ is told' : '⊘ is not told'}</span> {name}: {reason}
                {toldMs !== undefined && (
                  <span class="quiet">
                    {' '}
                    (last <Ago ms={toldMs} />)
                  </span>
                )}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
