import type { Attempt } from '../domain/attempt.ts';
import { type KnownSteps, knownSteps } from '../domain/known-steps.ts';
import { type TimelineRow, timelineRows } from '../domain/timeline.ts';
import type { Clock, ExecutionKey, ExecutionRecord, ExecutionStore } from '../ports.ts';
import type { Changes } from './changes.ts';
import { findExecution, isOpenExecution } from './look-at-execution.ts';

export interface ExecutionChange {
  readonly record: ExecutionRecord;
  /** Whole rows of the steps that changed. Nesting and dependencies are as the whole execution has them. */
  readonly rows: readonly TimelineRow[];
  readonly asOfNs: bigint;
}

interface Watching {
  readonly store: ExecutionStore;
  readonly changes: Changes;
  readonly clock: Clock;
}

/**
 * What changed in one execution after `sinceSeq`, now and from now on; ends when the execution has ended and all was given.
 *
 * @throws Problem `not_found`
 */
export function watchExecution({ store, changes, clock }: Watching) {
  return async function* (key: ExecutionKey, sinceSeq: bigint, signal: AbortSignal): AsyncIterable<ExecutionChange> {
    let seen = sinceSeq;
    let known: KnownSteps | undefined;
    const waiter = changes.waiter(signal);
    const changedRows = async (record: ExecutionRecord): Promise<readonly TimelineRow[]> => {
      const attempts = seen === 0n ? undefined : await store.changedAttempts(record, seen);
      const own = attempts && known?.change(attempts);
      if (own !== undefined) return own;
      const all = await store.attempts(record);
      known = knownSteps(all);
      return attempts === undefined ? timelineRows(all) : touchedRows(timelineRows(all), attempts);
    };
    try {
      for (let record = await findExecution(store, key); ; record = await findExecution(store, key)) {
        // A read model made anew counts from the start again.
        if (record.seq < seen) seen = 0n;
        if (record.seq > seen) {
          yield { record, rows: await changedRows(record), asOfNs: BigInt(clock()) * 1_000_000n };
          seen = record.seq;
        } else if (!isOpenExecution(record)) return;
        else if (!(await waiter.next())) return;
      }
    } finally {
      waiter.close();
    }
  };
}

function touchedRows(all: readonly TimelineRow[], attempts: readonly Attempt[]): readonly TimelineRow[] {
  const changed = new Set(attempts.map(({ step }) => step.stepKey));
  // A row may have been nested anew because the one around it was heard of only now.
  return all.filter(({ step, parentKey }) => changed.has(step.stepKey) || (parentKey !== undefined && changed.has(parentKey)));
}

const page = 200;

/** The executions of a namespace that changed or were deleted after `sinceRevision`, each as it is when it is given; until the caller leaves. */
export function watchExecutions({ store, changes }: Watching) {
  return async function* (
    namespace: string,
    sinceRevision: bigint,
    signal: AbortSignal,
  ): AsyncIterable<{ records: ExecutionRecord[]; deletedIds: string[]; revision: bigint }> {
    let seen = sinceRevision > 0n ? sinceRevision : await store.latestRevision();
    const waiter = changes.waiter(signal);
    try {
      while (!signal.aborted) {
        const found = await store.changedExecutions(namespace, seen, page);
        seen = found.at(-1)?.revision ?? seen;
        const records = found.flatMap((change) => ('record' in change ? [change.record] : []));
        const deletedIds = found.flatMap((change) => ('deletedId' in change ? [change.deletedId] : []));
        if (found.length > 0) yield { records, deletedIds, revision: seen };
        if (found.length < page && !(await waiter.next())) return;
      }
    } finally {
      waiter.close();
    }
  };
}
