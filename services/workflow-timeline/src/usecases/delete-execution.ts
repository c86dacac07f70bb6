import { randomUUID } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { ExecutionEventSchema } from '@tmws/contracts';
import { toRecord } from '@tmws/events';
import { Problem } from '@tmws/problems';
import type { ImportFiles } from '../import-ports.ts';
import type { Clock, ExecutionKey, ExecutionStore, RetentionStore } from '../ports.ts';
import { dropEmptyImports } from './drop-empty-imports.ts';
import { findExecution } from './look-at-execution.ts';

interface Deleting {
  readonly store: ExecutionStore;
  readonly retention: RetentionStore;
  readonly files: Pick<ImportFiles, 'drop'>;
  readonly clock: Clock;
}

/**
 * Takes an execution away, and tells so on the log: when that is read again, what was told before stays away. What is told
 * later makes the execution anew.
 *
 * @throws Problem `not_found`; `precondition` if it runs and `force` is not given
 */
export function deleteExecution({ store, retention, files, clock }: Deleting) {
  return async (key: ExecutionKey, force: boolean): Promise<void> => {
    const { status } = await findExecution(store, key);
    if (status === 'running' && !force) {
      throw new Problem(
        'precondition',
        `the execution ${JSON.stringify(key.id)} is running, and what is told of it later would make it anew; wait for its end or force it`,
        { field: 'force' },
      );
    }
    const deletedNs = BigInt(clock()) * 1_000_000n;
    const announcement = toRecord('tmws.workflow', {
      id: randomUUID(),
      source: '/tmws/workflow-timeline',
      type: 'tmws.execution.deleted',
      timeNs: deletedNs,
      subject: key.id,
      namespace: key.namespace,
      traceparent: undefined,
      dataContentType: 'application/protobuf',
      data: Buffer.from(toBinary(ExecutionEventSchema, create(ExecutionEventSchema, { executionId: key.id }))),
    });
    if (!(await retention.deleteExecution(key, deletedNs, announcement))) await findExecution(store, key);
    await dropEmptyImports(retention, files);
  };
}
