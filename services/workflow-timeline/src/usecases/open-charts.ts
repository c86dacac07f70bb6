import { type Chart, chartOf } from '../domain/chart/chart.ts';
import type { Clock, ExecutionKey, ExecutionRecord, ExecutionStore } from '../ports.ts';
import { checkSteps, findExecution, spanAt, stepsLimit } from './look-at-execution.ts';
import { openLastUsed } from './last-used.ts';
import type { Rows } from './open-rows.ts';
import { Problem } from '@tmws/problems';

/** Charts of executions, made when asked for. Those asked for last are kept in memory while they fit in `maxBytes`. */
export interface Charts {
  /** @throws Problem `not_found`; `too_large` above a million steps, or where memory does not suffice to make it */
  of(key: ExecutionKey): Promise<ChartView>;
}

/** An execution and its chart at one instant. */
export interface ChartView {
  readonly record: ExecutionRecord;
  readonly chart: Chart;
  readonly asOfNs: bigint;
}

interface Kept {
  readonly seq: bigint;
  readonly chart: Chart;
  /** Up to when it holds though time goes on: undefined = for ever. */
  readonly untilNs: bigint | undefined;
}

interface ChartsOptions {
  readonly store: ExecutionStore;
  readonly rows: Rows;
  readonly clock: Clock;
  /** For the charts that are kept. */
  readonly maxBytes: number;
  /** What this process may hold at all. */
  readonly heapBytes: number;
}

// Making takes rows and their bars as objects: 2.3 KB a step were seen with a million.
const makingBytesPerStep = 2500;

/**
 * A chart does not depend on the instant it is asked at, because open bars and the critical path at their end only grow;
 * unless it holds times that were in the future when it was made. Else it is right until a fact is applied.
 */
export function openCharts({ store, rows, clock, maxBytes, heapBytes }: ChartsOptions): Charts {
  const kept = openLastUsed<Kept>(maxBytes);
  const underWay = new Map<string, Promise<Kept>>();
  let last: Promise<unknown> = Promise.resolve();

  const make = async (record: ExecutionRecord): Promise<Kept> => {
    const nowNs = BigInt(clock()) * 1_000_000n;
    const chart = await chartFrom(rows, record, nowNs);
    const entry = { seq: record.seq, chart, untilNs: chart.endNs > nowNs && record.status === 'running' ? nowNs : undefined };
    kept.put(record.no, entry, chart.bytes);
    return entry;
  };
  /** Each chart is made once though many ask, and large ones one after the other: making takes far more memory than keeping. */
  const making = async (record: ExecutionRecord): Promise<Kept> => {
    const name = `${record.no} ${record.seq}`;
    const known = underWay.get(name);
    if (known !== undefined) return await known;
    const made = record.stepCount < largeSteps ? make(record) : last.then(() => make(record));
    if (record.stepCount >= largeSteps) last = made.catch(() => undefined);
    underWay.set(name, made);
    try {
      return await made;
    } finally {
      underWay.delete(name);
    }
  };

  return {
    async of(key) {
      const record = await findExecution(store, key);
      const asOfNs = BigInt(clock()) * 1_000_000n;
      const known = kept.get(record.no);
      if (known?.seq === record.seq && (known.untilNs === undefined || asOfNs <= known.untilNs)) {
        return { record, chart: known.chart, asOfNs };
      }
      checkSteps(record, stepsLimit);
      const needed = record.stepCount * makingBytesPerStep;
      if (record.stepCount >= largeSteps && needed > 0.8 * heapBytes) {
        const mib = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MiB`;
        throw new Problem(
          'too_large',
          `a picture of ${record.stepCount} steps takes ${mib(needed)} of memory to make and this process has ${mib(heapBytes)}; ` +
            'start it with NODE_OPTIONS=--max-old-space-size=… (MiB)',
        );
      }
      return { record, chart: (await making(record)).chart, asOfNs };
    },
  };
}

const largeSteps = 50_000;

async function chartFrom(rows: Rows, record: ExecutionRecord, nowNs: bigint): Promise<Chart> {
  const view = await rows.of(record);
  const span = spanAt(record, nowNs);
  if (span === undefined) return chartOf(view.rows, []);
  // Where it ends is told by the instant it is asked at.
  const known = record.endNs === undefined ? [span.startNs] : [span.startNs, record.endNs];
  return chartOf(view.rows, view.path(span), known);
}
