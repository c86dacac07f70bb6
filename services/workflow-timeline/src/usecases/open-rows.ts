import { criticalPath } from '../domain/critical-path/critical-path.ts';
import type { Segment } from '../domain/critical-path/segment.ts';
import type { Span } from '../domain/execution.ts';
import { type TimelineRow, timelineRows } from '../domain/timeline.ts';
import type { ExecutionRecord, ExecutionStore } from '../ports.ts';
import { openLastUsed } from './last-used.ts';

/** Rows of executions. Whoever asks for the same at once has them made once; those of large ones asked for last are kept. */
export interface Rows {
  of(record: ExecutionRecord): Promise<RowsView>;
}

/** Shared by all who look: nobody changes them. */
export interface RowsView {
  readonly rows: readonly TimelineRow[];
  /** Made when asked for, and kept for the span asked for last. */
  path(span: Span): readonly Segment[];
}

// Seen with 100,000 steps: 1,200 to 1,300.
const bytesPerStep = 1500;
/** Smaller ones are made as fast as they are found. */
const keptSteps = 2000;

/** @param maxBytes  for the rows that are kept */
export function openRows({ store, maxBytes }: { readonly store: ExecutionStore; readonly maxBytes: number }): Rows {
  const kept = openLastUsed<{ readonly seq: bigint; readonly view: RowsView }>(maxBytes);
  const underWay = new Map<string, Promise<RowsView>>();
  const make = async (record: ExecutionRecord): Promise<RowsView> => {
    const view = viewOf(record, timelineRows(await store.attempts(record)));
    if (record.stepCount >= keptSteps) kept.put(record.no, { seq: record.seq, view }, record.stepCount * bytesPerStep);
    return view;
  };
  return {
    async of(record) {
      const known = kept.get(record.no);
      if (known?.seq === record.seq) return known.view;
      const name = `${record.no} ${record.seq}`;
      const begun = underWay.get(name);
      if (begun !== undefined) return await begun;
      const made = make(record);
      underWay.set(name, made);
      try {
        return await made;
      } finally {
        underWay.delete(name);
      }
    },
  };
}

function viewOf(record: ExecutionRecord, rows: readonly TimelineRow[]): RowsView {
  let last: { readonly span: Span; readonly path: readonly Segment[] } | undefined;
  return {
    rows,
    path(span) {
      if (last?.span.startNs === span.startNs && last.span.endNs === span.endNs) return last.path;
      last = { span, path: criticalPath(rows, span, toldOf(record, span)) };
      return last.path;
    },
  };
}

/** Whether the execution's own events are what its span begins and ends with. */
function toldOf({ startNs, endNs }: ExecutionRecord, span: Span): { start: boolean; end: boolean } {
  return { start: startNs === span.startNs, end: endNs === span.endNs };
}
