import { linkTo } from '../state/address.ts';
import { useConsole } from '../state/console.ts';
import { hasEnded, type Operation, partDone, progressWords } from '../state/operation.ts';

/** Executions linked one by one; of more, the list is the better place. */
const mostLinks = 5;

/** One operation: its bar while it is under way, what came of it after. */
export function OperationRow({ operation, stalled }: { operation: Operation; stalled: boolean }) {
  const { operations, session } = useConsole();
  const { id, name, kind, status } = operation;
  const ended = hasEnded(operation);
  const part = partDone(operation);
  const title = name === '' ? id : name;
  return (
    <li class={`operation ${status}`}>
      <span class="operation-name">
        {title} <span class="quiet">{kind}</span>
      </span>
      {!ended && <progress aria-label={`${kind} ${title}`} max={1} {...(part === undefined ? {} : { value: part })} />}
      <span class={status === 'failed' ? 'operation-words problem-line' : 'operation-words'}>
        {status === 'failed' && 'Failed: '}
        {progressWords(operation, stalled)}
      </span>
      {ended ? (
        <Made operation={operation} />
      ) : (
        session.may('operate') && (
          <button type="button" aria-label={`Cancel ${title}`} onClick={() => void operations.cancel(id)}>
            Cancel
          </button>
        )
      )}
    </li>
  );
}

/** Links to what an import made. */
function Made({ operation: { result } }: { operation: Operation }) {
  const { router } = useConsole();
  if (result === undefined) return null;
  const { executions, executionCount } = result;
  return (
    <span class="operation-made">
      {executions.slice(0, mostLinks).map(({ id }) => (
        <a key={id} href={linkTo({ name: 'execution', id }, router.search.value)}>
          {id}
        </a>
      ))}
      {executionCount > mostLinks && (
        <a href={linkTo({ name: 'executions' }, router.search.value)}>
          and {(executionCount - mostLinks).toLocaleString('en')} more
        </a>
      )}
    </span>
  );
}
