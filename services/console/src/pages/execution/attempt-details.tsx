import type { StepAttemptJson } from '@tmws/contracts/timeline';
import { useSignal } from '@preact/signals';
import { formatDuration } from '@tmws/duration';
import { kindLook } from '../../model/kinds.ts';
import { spansOf } from '../../model/spans.ts';
import type { Attempt } from '../../model/timeline.ts';
import { formatBytes, formatCost, formatCount } from '../../model/quantity.ts';
import { KindSwatch } from '../../ui/hatches.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { since } from '../../model/timeline.ts';
import { Payload } from './payload.tsx';

interface Props {
  attempt: Attempt;
  /** What events told of it, with its values. */
  told: StepAttemptJson | undefined;
  scale: { readonly nowNs: number; readonly live: boolean };
  zeroNs: number;
  originNs: bigint;
}

const flagWords: Readonly<Record<string, string>> = {
  end_before_start: 'its end was before its start',
  skew_clamped: 'its clock was off and was corrected',
};

/** One try: what it did when, why it failed, where it ran, what it used. */
export function AttemptDetails({ attempt, told, scale, zeroNs, originNs }: Props) {
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
          {usage !== undefined && usage.costUsd > 0 && <Fact name="Cost" value={formatCost(usage.costUsd)} />}
          {usage !== undefined && usage.cpuSeconds > 0 && <Fact name="CPU" value={formatDuration(usage.cpuSeconds * 1e9)} />}
          {usage !== undefined && usage.memoryBytes > 0 && <Fact name="Memory" value={formatBytes(usage.memoryBytes)} />}
          {flags.length > 0 && <Fact name="Corrected" value={flags.map((each) => flagWords[each] ?? each).join('; ')} />}
        </dl>
      )}
      {told !== undefined && (
        <>
          <Payload title="Input" value={told.input} />
          <Payload title="Output" value={told.output} />
          <Payload title="Attributes" value={told.attributes} />
          <Data title="Read" items={told.reads ?? []} />
          <Data title="Wrote" items={told.writes ?? []} />
          <Told facts={told.facts ?? []} zeroNs={zeroNs} originNs={originNs} />
        </>
      )}
    </section>
  );
}

function Data({ title, items }: { title: string; items: NonNullable<StepAttemptJson['reads']> }) {
  if (items.length === 0) return null;
  return (
    <section class="payload">
      <h4>
        {title} <span class="quiet">{items.length}</span>
      </h4>
      <ul class="plain-list">
        {items.slice(0, mostFacts).map(({ key = '', bytes = '' }) => (
          <li key={key}>
            <code>{key}</code> {bytes !== '' && bytes !== '0' && <span class="quiet">{formatBytes(Number(bytes))}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

const mostFacts = 20;

/** The events behind it, oldest first. */
function Told({ facts, zeroNs, originNs }: { facts: NonNullable<StepAttemptJson['facts']>; zeroNs: number; originNs: bigint }) {
  const most = useSignal(mostFacts);
  if (facts.length === 0) return null;
  return (
    <details class="told">
      <summary>
        Events <span class="quiet">{facts.length}</span>
      </summary>
      <ol class="plain-list">
        {facts.slice(0, most.value).map(({ type = '', timeNs = '0', eventId = '', source = '' }, at) => (
          <li key={at} title={`${source} ${eventId}`}>
            <span class="number">{formatDuration(since(originNs, timeNs) - zeroNs)}</span> {type.replaceAll('_', ' ')}
          </li>
        ))}
      </ol>
      {facts.length > most.value && (
        <button type="button" class="link" onClick={() => (most.value += 200)}>
          {facts.length - most.value} more
        </button>
      )}
    </details>
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
