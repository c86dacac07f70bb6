import { formatDuration, formatRunning } from '@tmws/duration';
import type { ComponentChildren } from 'preact';
import { type Execution, isGrowing, lengthNs, stepCounts } from '../../model/execution.ts';
import type { ColumnId } from '../../model/list-columns.ts';
import { historyBar, leftWords, stripParts, waitingFor } from '../../model/list-history.ts';
import type { History } from '../../model/listing.ts';
import { formatCount } from '../../model/quantity.ts';
import { hasFailed, lookOf } from '../../model/status.ts';
import { formatAgo, formatInstant } from '../../model/when.ts';
import { linkTo } from '../../state/address.ts';
import { useConsole } from '../../state/console.ts';
import { StatusMark } from '../../ui/status-mark.tsx';

export interface CellProps {
  execution: Execution;
  history: History | undefined;
  /** There is room for this one only: it tells the rest. */
  card: boolean;
}

/** What a column shows of an execution. */
export const cells: Readonly<Record<ColumnId, (props: CellProps) => ComponentChildren>> = {
  state: ({ execution }) => <StatusMark status={execution.status} />,
  name: Name,
  workflow: ({ execution: { workflow, version } }) => (
    <>
      {workflow} <span class="quiet">{version}</span>
    </>
  ),
  version: ({ execution }) => execution.version,
  started: Started,
  duration: Duration,
  eta: Left,
  steps: Steps,
  picture: Strip,
  id: ({ execution }) => <code>{execution.id}</code>,
  parent: Parent,
  error: ({ execution: { error } }) => error?.type ?? '',
  origin: ({ execution }) => execution.origin?.format ?? '',
};

function Name({ execution, history, card }: CellProps) {
  const { router } = useConsole();
  const { id, name, error } = execution;
  const said = hasFailed(execution.status) ? [error?.type, error?.message].filter(Boolean).join(': ') : '';
  return (
    <>
      <a href={linkTo({ name: 'execution', id }, router.search.value)}>{name}</a>
      {card ? null : said !== '' ? <span class="sub bad-line">{said}</span> : name !== id && <code class="sub quiet">{id}</code>}
      {card && (
        <span class="sub quiet">
          {lookOf(execution.status).word} · <Started {...{ execution, history, card }} /> · <Length execution={execution} />
        </span>
      )}
    </>
  );
}

function Started({ execution: { startedAtMs } }: CellProps) {
  const { clock } = useConsole();
  if (startedAtMs === undefined) return <span class="quiet">not begun</span>;
  return (
    <time dateTime={new Date(startedAtMs).toISOString()} title={formatInstant(startedAtMs)}>
      {formatAgo(startedAtMs, clock.wall.value)}
    </time>
  );
}

function Length({ execution }: { execution: Execution }) {
  const { clock } = useConsole();
  if (isGrowing(execution)) return <span class="growing">{formatRunning(lengthNs(execution, clock.seconds.value) ?? 0)}</span>;
  return <>{execution.makespanNs === undefined ? '–' : formatDuration(execution.makespanNs)}</>;
}

function Duration({ execution, history }: CellProps) {
  return (
    <>
      <Length execution={execution} />
      <Bar execution={execution} history={history} />
    </>
  );
}

const barWidth = 72;

/** How long beside the past runs of the workflow: the tick is their half, the end mark 19 of 20. */
function Bar({ execution, history }: Omit<CellProps, 'card'>) {
  const { clock } = useConsole();
  // A clock for those only that grow.
  const nowMs = isGrowing(execution) ? clock.seconds.value : 0;
  const bar = historyBar(lengthNs(execution, nowMs), history);
  if (bar === undefined) return <svg class="history" width={barWidth} height="8" aria-hidden="true" />;
  return (
    <svg class={bar.slow ? 'history slow' : 'history'} width={barWidth} height="8" role="img" aria-label={bar.words}>
      <title>{bar.words}</title>
      <rect class="history-usual" width={bar.p95 * barWidth} y="1" height="6" />
      <rect class="history-length" width={Math.max(1.5, bar.length * barWidth)} y="2.5" height="3" />
      <rect class="history-half" x={bar.p50 * barWidth} width="1.5" height="8" />
    </svg>
  );
}

function Left({ execution, history }: CellProps) {
  const { clock } = useConsole();
  if (!isGrowing(execution)) return null;
  const left = leftWords(lengthNs(execution, clock.seconds.value) ?? 0, history);
  const waits = waitingFor(execution);
  return (
    <>
      {waits !== '' && <span class="sub tone-waiting">{waits}</span>}
      {waits === '' ? left : <span class="sub one-line">{left}</span>}
    </>
  );
}

function Steps({ execution }: CellProps) {
  const { total, done, failed } = stepCounts(execution);
  return (
    <>
      <span title={`${done} of ${total} steps done`}>
        {formatCount(done)}
        <span class="quiet"> / {formatCount(total)}</span>
      </span>
      {failed > 0 && <span class="sub failed-count">{formatCount(failed)} failed</span>}
    </>
  );
}

const stripWidth = 60;

function Strip({ execution: { stepsByStatus } }: CellProps) {
  const words = Object.entries(stepsByStatus)
    .map(([status, count]) => `${count} ${lookOf(status).word}`)
    .join(', ');
  return (
    <svg class="strip" width={stripWidth} height="10" role="img" aria-label={`Steps: ${words || 'none'}`}>
      <title>{words}</title>
      {stripParts(stepsByStatus, stripWidth).map(({ status, from, width }) => (
        <rect
          key={status}
          class={`tone-${lookOf(status).tone} part-${status}`}
          x={from}
          width={Math.max(0.5, width - 0.5)}
          y={hasFailed(status) ? 0 : 2}
          height={hasFailed(status) ? 10 : 6}
        />
      ))}
    </svg>
  );
}

function Parent({ execution: { parentExecutionId: id } }: CellProps) {
  const { router } = useConsole();
  return id === '' ? null : <a href={linkTo({ name: 'execution', id }, router.search.value)}>{id}</a>;
}
