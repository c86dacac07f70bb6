import { Problem, problemDocument } from '@tmws/problems';
import type { Imported, Operation } from '../import-ports.ts';

/** tmws.timeline.v1.Operation */
export function operationMessage(operation: Operation) {
  const { done, total, startedMs, finishedMs, problem, result } = operation;
  const seconds = startedMs === undefined ? 0 : ((operation.changedMs ?? startedMs) - startedMs) / 1000;
  const rate = seconds > 0 ? done / seconds : 0;
  const left = operation.status === 'running' && rate > 0 ? (total - done) / rate : undefined;
  return {
    id: operation.id,
    namespace: operation.namespace,
    kind: operation.kind,
    status: operation.status,
    name: operation.name,
    done,
    total,
    unit: operation.unit,
    rate,
    ...(left !== undefined && { etaSeconds: left }),
    ...(result !== undefined && { result: importMessage(result) }),
    ...(problem !== undefined && { problem: problemMessage(problem) }),
    createdAt: timeText(operation.createdMs),
    ...(startedMs !== undefined && { startedAt: timeText(startedMs) }),
    ...(finishedMs !== undefined && { finishedAt: timeText(finishedMs) }),
  };
}

/** tmws.timeline.v1.Import */
export function importMessage({ sizeBytes, importedMs, executions, ...told }: Imported) {
  return {
    ...told,
    sizeBytes: BigInt(sizeBytes),
    executions: executions.map((one) => ({ ...one })),
    importedAt: timeText(importedMs),
  };
}

function problemMessage({ kind, message, field }: NonNullable<Operation['problem']>) {
  return problemDocument(new Problem(kind, message, field === undefined ? {} : { field }));
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
