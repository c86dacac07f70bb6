import { Problem } from '@tmws/problems';
import type { Segment } from '../domain/critical-path/segment.ts';
import { type Span, spanOf } from '../domain/execution.ts';
import type { TimelineRow } from '../domain/timeline.ts';
import type { Clock, ExecutionKey, ExecutionRecord, ExecutionStore } from '../ports.ts';
import type { Rows } from './open-rows.ts';

/** An execution at one instant: open bars end there. */
export interface ExecutionView {
  readonly record: ExecutionRecord;
  readonly asOfNs: bigint;
  /** From the first start to the end, or to `asOfNs` while it is open; undefined before anything started. */
  readonly span: Span | undefined;
  readonly rows: readonly TimelineRow[];
  readonly path: readonly Segment[];
}

/** More steps than this are not given as rows. */
export const rowsLimit = 200_000;
/** More than this are not looked at: all of them are in memory while an answer is made. */
export const stepsLimit = 1_000_000;

/** @throws Problem `not_found` */
export async function findExecution(store: ExecutionStore, key: ExecutionKey): Promise<ExecutionRecord> {
  const record = await store.find(key);
  if (record !== undefined) return record;
  throw new Problem('not_found', `there is no execution ${JSON.stringify(key.id)} in namespace ${key.namespace}`);
}

/** Whether it may still grow: nobody said that it ended. */
export function isOpenExecution({ status }: { status: string }): boolean {
  return status === 'running' || status === 'unknown' || status === 'planned';
}

/** The span at an instant. */
export function spanAt(record: ExecutionRecord, asOfNs: bigint): Span | undefined {
  return spanOf(record, record.status === 'running', asOfNs);
}

/**
 * The whole execution: rows and critical path.
 *
 * @throws Problem `not_found`, `too_large` above `limit` steps (200,000 if absent)
 */
export function lookAtExecution({ store, rows, clock }: { store: ExecutionStore; rows: Rows; clock: Clock }) {
  return async (key: ExecutionKey, limit = rowsLimit): Promise<ExecutionView> => {
    const record = await findExecution(store, key);
    checkSteps(record, limit);
    const view = await rows.of(record);
    const asOfNs = BigInt(clock()) * 1_000_000n;
    const span = spanAt(record, asOfNs);
    return { record, asOfNs, span, rows: view.rows, path: span === undefined ? [] : view.path(span) };
  };
}

/** @throws Problem `too_large` */
export function checkSteps({ stepCount }: ExecutionRecord, limit: number): void {
  if (stepCount <= limit) return;
  const remedy =
    limit < stepsLimit
      ? 'ask for the timeline as columns (Accept: application/vnd.tmws.timeline.columns+json), which has levels of detail, or as SVG'
      : 'tell it as several executions, each with parentExecutionId';
  throw new Problem('too_large', `the execution has ${stepCount} steps; this is answered up to ${limit}: ${remedy}`);
}
