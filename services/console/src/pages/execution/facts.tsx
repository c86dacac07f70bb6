import type { Execution } from '../../model/execution.ts';
import { formatInstant } from '../../model/when.ts';
import { linkTo } from '../../state/address.ts';
import { useConsole } from '../../state/console.ts';

/** What identifies the execution, and what it cost. */
export function Facts({ execution, used }: { execution: Execution; used: readonly string[] }) {
  const { router } = useConsole();
  const { id, workflow, version, startedAtMs, parentExecutionId } = execution;
  return (
    <dl class="facts">
      <div>
        <dt>Id</dt>
        <dd>
          <code>{id}</code>
        </dd>
      </div>
      {workflow !== '' && (
        <div>
          <dt>Workflow</dt>
          <dd>
            {workflow} {version !== '' && <span class="quiet">{version}</span>}
          </dd>
        </div>
      )}
      {startedAtMs !== undefined && (
        <div>
          <dt>Started</dt>
          <dd>
            <time dateTime={new Date(startedAtMs).toISOString()} title={formatInstant(startedAtMs)}>
              {new Date(startedAtMs).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' })}
            </time>
          </dd>
        </div>
      )}
      {used.length > 0 && (
        <div>
          <dt>Used</dt>
          <dd>{used.join(' · ')}</dd>
        </div>
      )}
      {parentExecutionId !== '' && (
        <div>
          <dt>Started by</dt>
          <dd>
            <a href={linkTo({ name: 'execution', id: parentExecutionId }, router.search.value)}>
              <code>{parentExecutionId}</code>
            </a>
          </dd>
        </div>
      )}
    </dl>
  );
}
