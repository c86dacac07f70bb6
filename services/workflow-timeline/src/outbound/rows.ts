import type { Attempt, StepStatus } from '../domain/attempt.ts';
import type { ExecutionStatus } from '../domain/execution.ts';
import type { FirstFailure } from '../domain/first-failure.ts';
import type { Origin, StepError } from '../domain/fact.ts';
import type { ExecutionRecord, StoredAttempt } from '../ports.ts';
import { attemptParts } from './fact-json.ts';

export interface ExecutionRow {
  namespace: string;
  id: string;
  no: bigint;
  bucket: number;
  seq: bigint;
  revision: bigint;
  status: ExecutionStatus;
  word: ExecutionStatus | null;
  workflow_name: string;
  workflow_version: string;
  name: string;
  parent_id: string;
  started_ns: bigint | null;
  finished_ns: bigint | null;
  first_start_ns: bigint | null;
  last_end_ns: bigint | null;
  error: StepError | null;
  first_failure: FirstFailure | null;
  step_count: number;
  steps_by_status: Record<string, number>;
  traced: boolean;
  heard_ms: bigint;
  origin: Origin | null;
}

export function recordOf(row: ExecutionRow): ExecutionRecord {
  return {
    namespace: row.namespace,
    id: row.id,
    no: row.no,
    bucket: row.bucket,
    seq: row.seq,
    revision: row.revision,
    status: row.status,
    word: row.word ?? undefined,
    workflow: { name: row.workflow_name, version: row.workflow_version },
    name: row.name,
    parentId: row.parent_id,
    startNs: row.started_ns ?? undefined,
    endNs: row.finished_ns ?? undefined,
    firstStartNs: row.first_start_ns ?? undefined,
    lastEndNs: row.last_end_ns ?? undefined,
    error: row.error ?? undefined,
    firstFailure: row.first_failure ?? undefined,
    stepCount: row.step_count,
    stepsByStatus: row.steps_by_status,
    traced: row.traced,
    heardMs: Number(row.heard_ms),
    origin: row.origin ?? undefined,
  };
}

/** An attempt as it is shown. */
export interface ShownRow {
  step_key: string;
  attempt: number;
  step_id: string;
  path: string[];
  iteration: number;
  status: StepStatus;
  ready_ns: bigint | null;
  queued_ns: bigint | null;
  start_ns: bigint | null;
  end_ns: bigint | null;
  /** JSON. */
  doc: string;
}

/** The same with what recording needs. */
export interface AttemptRow extends ShownRow {
  execution_no: bigint;
  fact_seqs: bigint[];
}

/** The columns of ShownRow, step key in hex. */
export const shownColumns = `encode(a.step_key, 'hex') AS step_key, a.attempt, a.step_id, a.path, a.iteration, a.status,
  a.ready_ns, a.queued_ns, a.start_ns, a.end_ns, coalesce(a.doc_text, a.doc::text) AS doc`;

/** The columns of AttemptRow but its facts. */
export const attemptColumns = `a.execution_no, ${shownColumns}`;

export function shownAttempt(row: ShownRow): Attempt {
  return {
    step: { stepKey: row.step_key, stepId: row.step_id, path: row.path, iteration: row.iteration },
    attempt: row.attempt,
    status: row.status,
    readyNs: row.ready_ns ?? undefined,
    queuedNs: row.queued_ns ?? undefined,
    startNs: row.start_ns ?? undefined,
    endNs: row.end_ns ?? undefined,
    ...attemptParts(JSON.parse(row.doc) as Record<string, unknown>),
  };
}

export function attemptOf(row: AttemptRow): StoredAttempt {
  return { ...shownAttempt(row), factSeqs: row.fact_seqs };
}
