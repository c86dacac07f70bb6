import { memo } from '../../ui/memo.ts';
import { formatDuration, formatRunning } from '../../model/duration.ts';
import { type Execution, isGrowing, lengthNs, stepCounts } from '../../model/execution.ts';
import { formatCount } from '../../model/quantity.ts';
import { hasFailed, lookOf } from '../../model/status.ts';
import { formatAgo, formatInstant } from '../../model/when.ts';
import { linkTo } from '../../state/address.ts';
import { useConsole } from '../../state/console.ts';
import { StatusMark } from '../../ui/status-mark.tsx';

/** @param stale  the list is of a former filter, its successor is being loaded */
export function ExecutionsTable({ items, stale }: { items: readonly Execution[]; stale: boolean }) {
  return (
    <table class={stale ? 'executions stale' : 'executions'} aria-busy={stale}>
      <caption class="visually-hidden">Executions, newest first</caption>
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">Execution</th>
          <th scope="col" class="wide">
            Workflow
          </th>
          <th scope="col" class="wide">
            Started
          </th>
          <th scope="col" class="number">
            Duration
          </th>
          <th scope="col" class="number medium">
            Steps
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((execution) => (
          <ExecutionRow key={execution.id} execution={execution} />
        ))}
      </tbody>
    </table>
  );
}

/** Drawn anew only when its execution changed; the parts that change with time follow the clock by themselves. */
const ExecutionRow = memo(function ExecutionRow({ execution }: { execution: Execution }) {
  const { router } = useConsole();
  const href = linkTo({ name: 'execution', id: execution.id }, router.search.value);
  const error = hasFailed(execution.status) ? execution.error : undefined;
  const workflow = execution.workflow + (execution.version === '' ? '' : ` ${execution.version}`);
  return (
    <tr
      class={hasFailed(execution.status) ? 'failed' : undefined}
      onClick={(event) => openUnlessSelecting(event, href, router.go)}
    >
      <td>
        <StatusMark status={execution.status} />
      </td>
      <th scope="row">
        <a href={href} title={execution.id}>
          {execution.name}
        </a>
        {execution.name !== execution.id && <code class="id">{execution.id}</code>}
        {error !== undefined && (error.type !== '' || error.message !== '') && (
          <span class="error-line">{[error.type, error.message].filter(Boolean).join(': ')}</span>
        )}
        <span class="narrow quiet">
          <span class="narrow-state">{lookOf(execution.status).word} · </span>
          {execution.workflow !== execution.name && execution.workflow !== '' && `${execution.workflow} · `}
          <Started execution={execution} />
          <StepsNarrow execution={execution} />
        </span>
      </th>
      <td class="wide">{workflow}</td>
      <td class="wide">
        <Started execution={execution} />
      </td>
      <td class="number">
        <Length execution={execution} />
      </td>
      <td class="number medium">
        <Steps execution={execution} />
      </td>
    </tr>
  );
});

/** The whole row opens the execution, but text in it can still be selected and its link be used as a link. */
function openUnlessSelecting(event: MouseEvent, href: string, go: (href: string) => void): void {
  const onLink = event.target instanceof Element && event.target.closest('a') !== null;
  if (onLink || event.defaultPrevented || (getSelection()?.toString() ?? '') !== '') return;
  if (event.metaKey || event.ctrlKey) open(href, '_blank', 'noreferrer');
  else go(href);
}

function Started({ execution: { startedAtMs } }: { execution: Execution }) {
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

function Steps({ execution }: { execution: Execution }) {
  const { total, done, failed } = stepCounts(execution);
  return (
    <>
      {failed > 0 && <span class="failed-count">{formatCount(failed)} failed</span>}{' '}
      <span title={`${done} of ${total} steps done`}>
        {formatCount(done)}
        <span class="quiet"> / {formatCount(total)}</span>
      </span>
    </>
  );
}

function StepsNarrow({ execution }: { execution: Execution }) {
  const { total, done, failed } = stepCounts(execution);
  return (
    <span class="narrow-steps">
      {' '}
      · {done}/{total} steps{failed > 0 && `, ${failed} failed`}
    </span>
  );
}
