// What a page's main thread did, in CPU time: wall-clock time of a machine that does other things too says little.
import type { CDPSession } from 'playwright-core';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** CPU time of the thread. */
  readonly tdur?: number;
}

export interface PageTrace {
  /** Script of each frame, ms, smallest first. */
  readonly frames: readonly number[];
  /** The task that took most of the thread, ms. */
  readonly longestTaskMs: number;
  readonly tasksOver50: number;
  /** All tasks together. */
  readonly busyMs: number;
}

const scripts: ReadonlySet<string> = new Set([
  'FireAnimationFrame',
  'TimerFire',
  'EventDispatch',
  'FunctionCall',
  'RunMicrotasks',
]);

/** What is done in the time frames leave takes none of theirs. */
const idle = 'FireIdleCallback';

const apartUs = 3_000;

/** Traces the page while `work` goes on. */
export async function tracePage(session: CDPSession, work: () => Promise<unknown>): Promise<PageTrace> {
  const events: TraceEvent[] = [];
  const collect = ({ value }: { value: unknown[] }): void => void events.push(...(value as TraceEvent[]));
  session.on('Tracing.dataCollected', collect as never);
  const includedCategories = [
    'devtools.timeline',
    'devtools.timeline.frame',
    'toplevel',
    'disabled-by-default-devtools.timeline',
  ];
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories } });
  await work();
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  session.off('Tracing.dataCollected', collect as never);
  return read(events);
}

function read(all: readonly TraceEvent[]): PageTrace {
  const main = all.find(({ name }) => name === 'FireAnimationFrame')?.tid;
  const events = all.filter(({ tid, ph }) => tid === main && (ph === 'X' || ph === 'I')).sort((a, b) => a.ts - b.ts);
  // Callbacks of one frame follow each other at once; those of the next come milliseconds later.
  const begins: number[] = [];
  let calledUntil = -Infinity;
  for (const { name, ts, dur = 0 } of events) {
    if (name !== 'FireAnimationFrame') continue;
    if (ts > calledUntil + apartUs) begins.push(ts);
    calledUntil = ts + dur;
  }
  const frames = new Map<number, number>();
  let frame = 0;
  let busyUntil = 0;
  for (const { name, ts, dur = 0, tdur = 0 } of events) {
    if ((!scripts.has(name) && name !== idle) || ts < busyUntil) continue;
    busyUntil = ts + dur;
    if (name === idle) continue;
    while (frame + 1 < begins.length && (begins[frame + 1] ?? 0) <= ts) frame++;
    frames.set(frame, (frames.get(frame) ?? 0) + tdur / 1_000);
  }
  // Of tasks within tasks the outer one.
  let taskUntil = 0;
  const outer = ({ name, ts, dur = 0 }: TraceEvent): boolean => {
    if (!name.endsWith('RunTask') || ts < taskUntil) return false;
    taskUntil = ts + dur;
    return true;
  };
  const tasks = events.filter(outer).map(({ tdur = 0 }) => tdur / 1_000);
  return {
    frames: [...frames.values()].sort((a, b) => a - b),
    longestTaskMs: Math.max(0, ...tasks),
    busyMs: tasks.reduce((sum, ms) => sum + ms, 0),
    tasksOver50: tasks.filter((ms) => ms > 50).length,
  };
}

export const percentile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
