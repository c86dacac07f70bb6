// What a page's main thread did in each frame and task, out of a trace.
import type { Browser, Page } from 'playwright-core';

/** Times are CPU time of the thread: the clock of a machine that does other things too says little. */
export interface FrameFigures {
  readonly frames: number;
  /** Script a frame; what is done in the time frames leave takes none of theirs. */
  readonly scriptP50Ms: number;
  readonly scriptP95Ms: number;
  readonly scriptMaxMs: number;
  /** Frames a second that were begun, by the clock. */
  readonly fps: number;
  /** All tasks together, script or not. */
  readonly busyCpuMs: number;
  readonly longestTaskCpuMs: number;
  /** Tasks of more than 50 ms. */
  readonly longTasksCpu: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** µs by the clock. */
  readonly ts: number;
  readonly dur?: number;
  /** µs of the thread's CPU; not told by every machine. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

// Where script begins; forced layout within it is its own doing and counts.
const scriptEvents: ReadonlySet<string> = new Set([
  'FunctionCall',
  'EvaluateScript',
  'RunMicrotasks',
  'TimerFire',
  'FireAnimationFrame',
  'EventDispatch',
  'v8.callFunction',
]);
const idle = 'FireIdleCallback';
const categories = [
  'devtools.timeline',
  'toplevel',
  'disabled-by-default-devtools.timeline',
  'disabled-by-default-devtools.timeline.frame',
];

/** Traces while `act` runs. */
export async function framesOf(browser: Browser, page: Page, act: () => Promise<unknown>): Promise<FrameFigures> {
  await browser.startTracing(page, { categories });
  let trace: Buffer;
  try {
    await act();
  } finally {
    trace = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const thread = busiestMainThread(traceEvents);
  return { ...framesIn(thread), ...tasksIn(thread) };
}

/** Of several tries the least of each figure: what is above that is the machine's. */
export function leastOf(tries: readonly FrameFigures[]): FrameFigures {
  const [first] = tries;
  if (first === undefined) throw new RangeError('the least of no tries is nothing; give at least one');
  const names = Object.keys(first) as (keyof FrameFigures)[];
  const least = names.map((name) => [name, Math.min(...tries.map((each) => each[name]))]);
  return Object.fromEntries(least) as Record<keyof FrameFigures, number>;
}

/** In order of time. */
function busiestMainThread(events: readonly TraceEvent[]): readonly TraceEvent[] {
  const key = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
  const mains = new Set(events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain').map(key));
  const byThread = Map.groupBy(
    events.filter((event) => mains.has(key(event))),
    key,
  );
  const begun = (thread: readonly TraceEvent[]): number => thread.filter(({ name }) => name === 'BeginMainThreadFrame').length;
  const [busiest = []] = [...byThread.values()].toSorted((a, b) => begun(b) - begun(a));
  return busiest.toSorted((a, b) => a.ts - b.ts);
}

function framesIn(thread: readonly TraceEvent[]): Omit<FrameFigures, keyof ReturnType<typeof tasksIn>> {
  const starts = thread.filter(({ name }) => name === 'BeginMainThreadFrame').map(({ ts }) => ts);
  const script = starts.map(() => 0);
  let frame = -1;
  for (const { name, ts, cpuMs } of outermost(thread, (each) => scriptEvents.has(each) || each === idle)) {
    while (frame + 1 < starts.length && (starts[frame + 1] ?? 0) <= ts) frame++;
    if (frame >= 0 && name !== idle) script[frame] = (script[frame] ?? 0) + cpuMs;
  }
  const sorted = script.toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
  const seconds = ((starts.at(-1) ?? 0) - (starts[0] ?? 0)) / 1e6;
  return {
    frames: starts.length,
    scriptP50Ms: at(0.5),
    scriptP95Ms: at(0.95),
    scriptMaxMs: sorted.at(-1) ?? 0,
    fps: seconds > 0 ? (starts.length - 1) / seconds : 0,
  };
}

function tasksIn(thread: readonly TraceEvent[]): { busyCpuMs: number; longestTaskCpuMs: number; longTasksCpu: number } {
  const tasks = outermost(thread, (name) => name.endsWith('RunTask')).map(({ cpuMs }) => cpuMs);
  return {
    busyCpuMs: tasks.reduce((sum, ms) => sum + ms, 0),
    longestTaskCpuMs: tasks.reduce((longest, ms) => Math.max(longest, ms), 0),
    longTasksCpu: tasks.filter((ms) => ms > 50).length,
  };
}

/** Of events within events the outer one. */
function outermost(
  thread: readonly TraceEvent[],
  wanted: (name: string) => boolean,
): { name: string; ts: number; cpuMs: number }[] {
  let untilTs = 0;
  return thread.flatMap(({ name, ph, ts, dur = 0, tdur }) => {
    if (ph !== 'X' || ts < untilTs || !wanted(name)) return [];
    untilTs = ts + dur;
    return [{ name, ts, cpuMs: (tdur ?? dur) / 1_000 }];
  });
}
