import type { ApiProblem } from '../../api/api.ts';
import { restOf, titleOf } from '../../model/alert.ts';
import type { Preview } from '../../model/silence.ts';
import { AlertLabels } from '../../ui/alert-labels.tsx';
import { SeverityMark } from '../../ui/alert-severity-mark.tsx';

interface Props {
  preview: Preview | undefined;
  problem: ApiProblem | undefined;
  /** No matcher is written. */
  nothing: boolean;
}

const count = (number: number): string => number.toLocaleString('en');

/** How many it would mute, and would have muted. */
export function PreviewCounts({ preview }: { preview: Preview | undefined }) {
  if (preview === undefined) return null;
  return (
    <dl class="preview-counts">
      <div>
        <dt>now</dt>
        <dd>{count(preview.now)}</dd>
      </div>
      <div>
        <dt>in 24 h</dt>
        <dd>{count(preview.lastDay)}</dd>
      </div>
      <div>
        <dt>in 7 d</dt>
        <dd>{count(preview.lastWeek)}</dd>
      </div>
    </dl>
  );
}

/** What the silence would mute, as the server's own matching says. */
export function PreviewNote({ preview, problem, nothing }: Props) {
  return (
    <section class="preview" aria-label="What it mutes" aria-busy={preview === undefined && problem === undefined}>
      {nothing ? (
        <p class="quiet">Nothing yet: no label is named.</p>
      ) : problem !== undefined ? (
        <p class="problem-line">
          {problem.status === 400 ? 'Not to be told before this is right.' : `Not to be told: ${problem.message}`}
        </p>
      ) : preview === undefined ? (
        <p class="quiet">Asking the server…</p>
      ) : (
        <>
          {preview.now === 0 && <p class="quiet">Nothing that fires now matches; it holds for what comes.</p>}
          {preview.alerts.length > 0 && (
            <ul class="preview-alerts" tabIndex={0} aria-label="Alerts it mutes now">
              {preview.alerts.map(({ fingerprint, labels }) => (
                <li key={fingerprint}>
                  <SeverityMark severity={labels.severity ?? ''} />
                  <strong>{titleOf(labels)}</strong>
                  <AlertLabels labels={restOf(labels)} onChoose={undefined} />
                </li>
              ))}
            </ul>
          )}
          {preview.now > preview.alerts.length && preview.alerts.length > 0 && (
            <p class="quiet">And {count(preview.now - preview.alerts.length)} more.</p>
          )}
        </>
      )}
    </section>
  );
}
