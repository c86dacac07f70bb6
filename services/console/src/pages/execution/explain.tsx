import type { GetStepResponseJson, WaitCauseJson } from '@tmws/contracts/timeline';
import { formatDuration } from '@tmws/duration';
import { kindLook } from '../../model/kinds.ts';
import { sentence } from '../../model/summary.ts';
import { KindSwatch } from '../../ui/hatches.tsx';

const ns = (text: string | undefined): number => Number(text ?? 0);

/** Why it took as long as it did, and whether that mattered. */
export function Explain({ step, onSelect }: { step: GetStepResponseJson; onSelect(stepKey: string): void }) {
  const { waits, drag, straggler } = step;
  const slackNs = ns(drag?.slackNs);
  return (
    <section class="explain" id="explain" tabIndex={-1} aria-labelledby="explain-title">
      <h3 id="explain-title">Explained</h3>
      <ul class="plain-list">
        {drag !== undefined && (
          <li>
            {ns(drag.dragNs) > 0 ? (
              <>
                Without it the execution would take <strong>{formatDuration(ns(drag.dragNs))}</strong> less.
              </>
            ) : slackNs > 0 ? (
              <>
                It could take <strong>{formatDuration(slackNs)}</strong> longer before anything else ends later.
              </>
            ) : (
              'It has no slack, but others would take as long without it.'
            )}
            {drag.feasibility?.reason ? <span class="quiet"> {sentence(drag.feasibility.reason)}</span> : null}
          </li>
        )}
        {straggler !== undefined && (
          <li>
            It is a straggler: <strong>{formatDuration(ns(straggler.durationNs))}</strong>, where {straggler.siblings} steps of
            the same {straggler.by} took {formatDuration(ns(straggler.medianNs))} in the middle
            {straggler.noImpact === true && '; no matter for the whole'}.
          </li>
        )}
        {waits === undefined ? (
          <li>It never waited.</li>
        ) : (
          <li>
            It waited <strong>{formatDuration(ns(waits.waitedNs))}</strong> and ran {formatDuration(ns(waits.ranNs))}.
          </li>
        )}
      </ul>
      {waits?.pieces?.map((piece, at) => (
        <div class="wait-piece" key={at}>
          <p>
            <KindSwatch kind={piece.kind ?? 'unknown'} /> <strong>{formatDuration(ns(piece.toNs) - ns(piece.fromNs))}</strong>{' '}
            {kindLook(piece.kind ?? 'unknown').label}
            {piece.reason !== undefined && piece.reason !== '' && <span class="quiet">: {piece.reason}</span>}
          </p>
          <ul class="plain-list causes">
            {piece.causes?.map((cause, i) => (
              <li key={i}>
                <Cause cause={cause} onSelect={onSelect} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

const words: Readonly<Record<string, string>> = {
  dependency: 'for steps it depends on',
  contention: 'the pool or worker was full',
  prioritisation: 'others queued later went first',
  batching: 'it began together with others',
  unavailability: 'nobody was on its pool',
  extraneous: 'though there was room',
  retry: 'between two tries',
  told: 'for what the engine told',
  orchestration: 'for the engine',
  unknown: 'why is not known',
};

function Cause({ cause, onSelect }: { cause: WaitCauseJson; onSelect(stepKey: string): void }) {
  const where = [cause.pool, cause.worker].filter(Boolean).join(' / ');
  const behind = cause.behind ?? [];
  const more = (cause.behindCount ?? behind.length) - behind.length;
  return (
    <>
      {formatDuration(ns(cause.ns))} {words[cause.cause ?? ''] ?? cause.cause}
      {where !== '' && ` (${where})`}
      {behind.length > 0 && ', behind '}
      {behind.map(({ stepKey = '', stepId }, at) => (
        <span key={at}>
          {at > 0 && ', '}
          <button type="button" class="link" onClick={() => onSelect(stepKey)}>
            {stepId}
          </button>
        </span>
      ))}
      {more > 0 && ` and ${more} more`}
    </>
  );
}
