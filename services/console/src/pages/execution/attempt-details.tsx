import type { Scale } from '../../gantt/scene.ts';
import { formatDuration } from '../../model/duration.ts';
import { kindLook } from '../../model/kinds.ts';
import { spansOf } from '../../model/spans.ts';
import type { Attempt } from '../../model/timeline.ts';
import { formatBytes, formatCount } from '../../model/quantity.ts';
import { KindSwatch } from '../../ui/hatches.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';

interface Props {
  attempt: Attempt;
  scale: Scale;
  zeroNs: number;
}

const flagWords: Readonly<Record<string, string>> = {
  end_before_start: 'its end was before its start',
  skew_clamped: 'its clock was off and was corrected',
};

/** One try: what it did when, why it failed, where it ran, what it used. */
export function AttemptDetails({ attempt, scale, zeroNs }: Props) {
  const { error, usage, flags } = attempt;
  const where = [attempt.pool, attempt.worker].filter(Boolean).join(' / ');
  return (
    <section class="attempt">
      <h3>
        Attempt {attempt.attempt} <StatusMark status={attempt.status} />
      </h3>
      {error !== undefined && (
        <div class="attempt-error">
          <strong>{error.type}</strong> {error.message}
          {error.detail !== '' && <pre tabIndex={0}>{error.detail}</pre>}
        </div>
      )}
      <table class="spans">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col" class="number">
              From
            </th>
            <th scope="col" class="number">
              Took
            </th>
          </tr>
        </thead>
        <tbody>
          {spansOf(attempt, scale.nowNs, scale.live).map((span) => (
            <tr key={`${span.kind} ${span.fromNs}`}>
              <td>
                <KindSwatch kind={span.kind} /> {kindLook(span.kind).label}
                {span.reason !== '' && <span class="reason">{span.reason}</span>}
              </td>
              <td class="number">{formatDuration(span.fromNs - zeroNs)}</td>
              <td class="number">
                {formatDuration(span.toNs - span.fromNs)}
                {span.open && '…'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {(where !== '' || usage !== undefined || flags.length > 0) && (
        <dl class="panel-facts">
          {where !== '' && <Fact name="Worker" value={where} />}
          {usage !== undefined && usage.tokens > 0 && <Fact name="Tokens" value={formatCount(usage.tokens)} />}
          {usage !== undefined && usage.costUsd > 0 && <Fact name="Cost" value={`$${usage.costUsd.toPrecision(2)}`} />}
          {usage !== undefined && usage.cpuSeconds > 0 && <Fact name="CPU" value={formatDuration(usage.cpuSeconds * 1e9)} />}
          {usage !== undefined && usage.memoryBytes > 0 && <Fact name="Memory" value={formatBytes(usage.memoryBytes)} />}
          {flags.length > 0 && <Fact name="Corrected" value={flags.map((each) => flagWords[each] ?? each).join('; ')} />}
        </dl>
      )}
    </section>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
