import { rfc3339 } from '@tmws/events';
import type { Segment } from '../domain/critical-path/segment.ts';
import type { Span } from '../domain/execution.ts';
import type { FirstFailure } from '../domain/first-failure.ts';
import type { Origin } from '../domain/fact.ts';
import type { Bar, TimelineRow } from '../domain/timeline.ts';
import type { ExecutionRecord } from '../ports.ts';
import { isOpenExecution } from '../usecases/look-at-execution.ts';

/** tmws.timeline.v1.Execution */
export function executionMessage(record: ExecutionRecord, span: Span | undefined) {
  const finishedNs = isOpenExecution(record) ? undefined : span?.endNs;
  return {
    id: record.id,
    namespace: record.namespace,
    workflow: record.workflow,
    name: record.name || record.workflow.name,
    status: record.status,
    ...(span !== undefined && {
      startedAtNs: span.startNs,
      startedAt: rfc3339(span.startNs),
      makespanNs: span.endNs - span.startNs,
    }),
    ...(finishedNs !== undefined && { finishedAtNs: finishedNs, finishedAt: rfc3339(finishedNs) }),
    parentExecutionId: record.parentId,
    stepCount: record.stepCount,
    stepsByStatus: { ...record.stepsByStatus },
    revision: record.seq,
    ...(record.error !== undefined && { error: record.error }),
    ...(record.firstFailure !== undefined && { firstFailure: failureMessage(record.firstFailure) }),
    ...(record.origin !== undefined && { origin: originMessage(record.origin) }),
  };
}

function failureMessage({ stepKey, step, type, message }: FirstFailure) {
  return { stepKey, step, error: type === '' && message === '' ? undefined : { type, message, detail: '' } };
}

function originMessage({ recordedMakespanNs, ...origin }: Origin) {
  return { ...origin, ...(recordedMakespanNs !== undefined && { recordedMakespanNs: BigInt(recordedMakespanNs) }) };
}

/** tmws.timeline.v1.TimelineRow */
export function rowMessage(row: TimelineRow, critical: boolean) {
  return {
    stepKey: row.step.stepKey,
    stepId: row.step.stepId,
    name: row.name,
    kind: row.kind,
    path: [...row.step.path],
    iteration: row.step.iteration,
    parentStepKey: row.parentKey ?? '',
    depth: row.depth,
    status: row.status,
    attempts: row.bars.map(barMessage),
    dependsOn: [...row.dependsOn],
    critical,
  };
}

function barMessage(bar: Bar) {
  const { attempt, status, readyNs, queuedNs, startNs, endNs, waits, resource, error, flags, usage } = bar;
  return {
    attempt,
    status,
    readyNs,
    queuedNs,
    startNs,
    endNs,
    waits: waits.map((wait) => ({ ...wait })),
    worker: resource?.worker ?? '',
    pool: resource?.pool ?? '',
    error,
    flags: [...flags],
    usage: usage === undefined ? undefined : { ...usage, memoryBytes: BigInt(usage.memoryBytes), tokens: BigInt(usage.tokens) },
  };
}

/** tmws.timeline.v1.Segment */
export function segmentMessage({ of, kind, startNs, endNs, reason, release }: Segment) {
  return {
    stepKey: of?.stepKey ?? '',
    stepId: of?.stepId ?? '',
    attempt: of?.attempt ?? 0,
    kind,
    startNs,
    endNs,
    reason,
    releasedBy: release?.kind ?? '',
    releasedByStepKey: release?.stepKey ?? '',
  };
}
