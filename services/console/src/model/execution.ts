import type { ExecutionJson, OriginJson } from '@tmws/contracts/timeline';

export interface StepFailure {
  type: string;
  message: string;
  detail: string;
}

export interface Execution {
  id: string;
  name: string;
  workflow: string;
  version: string;
  status: string;
  parentExecutionId: string;
  startedAtNs: bigint | undefined;
  startedAtMs: number | undefined;
  /** As the server counted it at `receivedAtMs` of this page's clock; while it runs more has passed since. */
  makespanNs: number | undefined;
  receivedAtMs: number;
  stepCount: number;
  stepsByStatus: Readonly<Record<string, number>>;
  revision: bigint;
  error: StepFailure | undefined;
  /** Of one that failed: the step that failed first and stayed so, by its name. */
  firstFailure: { step: string; error: StepFailure | undefined } | undefined;
  origin: Origin | undefined;
}

/** The recording it was imported from. */
export interface Origin {
  format: string;
  /** Its times were made from dependencies and durations. */
  reconstructed: boolean;
  note: string;
  recordedMakespanNs: number | undefined;
}

/** @param receivedAtMs  the page's monotonic clock (`performance.now()`) when the answer came */
export function readExecution(json: ExecutionJson, receivedAtMs: number): Execution {
  const startedAtNs = json.startedAtNs === undefined ? undefined : BigInt(json.startedAtNs);
  return {
    id: json.id ?? '',
    name: json.name || json.workflow?.name || json.id || '',
    workflow: json.workflow?.name ?? '',
    version: json.workflow?.version ?? '',
    status: json.status ?? 'unknown',
    parentExecutionId: json.parentExecutionId ?? '',
    startedAtNs,
    startedAtMs: startedAtNs === undefined ? undefined : Number(startedAtNs / 1_000_000n),
    makespanNs: json.makespanNs === undefined ? undefined : Number(json.makespanNs),
    receivedAtMs,
    stepCount: json.stepCount ?? 0,
    stepsByStatus: json.stepsByStatus ?? {},
    revision: BigInt(json.revision ?? 0),
    error: readFailure(json.error),
    firstFailure: json.firstFailure && { step: json.firstFailure.step ?? '', error: readFailure(json.firstFailure.error) },
    origin: readOrigin(json.origin),
  };
}

function readOrigin(json: OriginJson | undefined): Origin | undefined {
  if (json === undefined) return undefined;
  const { format = '', reconstructed = false, note = '', recordedMakespanNs } = json;
  return {
    format,
    reconstructed,
    note,
    recordedMakespanNs: recordedMakespanNs === undefined ? undefined : Number(recordedMakespanNs),
  };
}

export function readFailure(json: { type?: string; message?: string; detail?: string } | undefined): StepFailure | undefined {
  return json && { type: json.type ?? '', message: json.message ?? '', detail: json.detail ?? '' };
}

/** Whether its length still grows. A planned one has not begun, and of an `unknown` one nobody can say. */
export const isGrowing = (execution: Execution): boolean => execution.status === 'running' && execution.makespanNs !== undefined;

/** How long it took, or has taken so far, at `nowMs` of the clock `receivedAtMs` was read from. No clock of the server is needed. */
export function lengthNs(execution: Execution, nowMs: number): number | undefined {
  if (!isGrowing(execution)) return execution.makespanNs;
  return (execution.makespanNs ?? 0) + Math.max(0, nowMs - execution.receivedAtMs) * 1e6;
}

export interface StepCounts {
  total: number;
  /** Completed. */
  done: number;
  skipped: number;
  /** Failed or timed out. */
  failed: number;
}

export function stepCounts({ stepCount, stepsByStatus }: Execution): StepCounts {
  const count = (...statuses: string[]): number => statuses.reduce((sum, status) => sum + (stepsByStatus[status] ?? 0), 0);
  return { total: stepCount, done: count('completed'), skipped: count('skipped'), failed: count('failed', 'timed_out') };
}
