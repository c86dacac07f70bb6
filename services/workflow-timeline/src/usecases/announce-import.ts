import { create, toJsonString } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import { ExecutionImportedSchema } from '@tmws/contracts';
import { toRecord } from '@tmws/events';
import { greatest, least } from '../domain/execution.ts';
import type { FoldedExecution, KeptFile } from '../import-ports.ts';
import type { Recording } from '../ports.ts';

type Announcement = Parameters<Recording['send']>[0][number];

/** `tmws.execution.imported`: the same event, by its id, whenever the file is imported. */
export function announcementOf(
  execution: FoldedExecution,
  { id: importId, namespace, sha256 }: KeptFile,
  format: string,
  nowMs: number,
): Announcement {
  const startedNs = least(execution.startNs, execution.firstStartNs);
  const finishedNs = execution.word === 'running' ? undefined : greatest(execution.endNs, execution.lastEndNs);
  const data = create(ExecutionImportedSchema, {
    executionId: execution.id,
    workflow: execution.workflow,
    format,
    importId,
    sha256,
    stepCount: execution.stepCount,
    reconstructed: execution.origin?.reconstructed ?? false,
    ...(startedNs !== undefined && { startedAt: timestampOf(startedNs) }),
    ...(finishedNs !== undefined && { finishedAt: timestampOf(finishedNs) }),
  });
  return toRecord('tmws.workflow', {
    id: `${importId}/${execution.id}`,
    source: '/tmws/workflow-timeline/imports',
    type: 'tmws.execution.imported',
    subject: execution.id,
    timeNs: BigInt(nowMs) * 1_000_000n,
    dataContentType: 'application/json',
    namespace,
    traceparent: undefined,
    data: Buffer.from(toJsonString(ExecutionImportedSchema, data)),
  });
}

function timestampOf(ns: bigint) {
  return create(TimestampSchema, { seconds: ns / 1_000_000_000n, nanos: Number(ns % 1_000_000_000n) });
}
