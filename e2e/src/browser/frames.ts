// Script time of each frame, out of a trace of the renderer's main thread.
import type { Browser, Page } from 'playwright-core';

export interface FrameFigures {
  readonly frames: number;
  /** Time in script a frame, ms; CPU time of the thread where the trace tells it. */
  readonly scriptP50Ms: number;
  readonly scriptP95Ms: number;
  readonly scriptMaxMs: number;
  /** Frames a second that were begun. */
  readonly fps: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

// Where script begins; forced layout within it is its own doing and counts.
const scriptEvents = new Set([
  'FunctionCall',
  'EvaluateScript',
  'RunMicrotasks',
  'TimerFire',
  'FireAnimationFrame',
  'FireIdleCallback',
  'EventDispatch',
  'v8.callFunction',
]);

/** Traces while `act` runs. */
export async function framesOf(browser: Browser, page: Page, act: () => Promise<void>): Promise<FrameFigures> {
  await browser.startTracing(page, { categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline.frame'] });
  let trace: Buffer;
  try {
    await act();
  } finally {
    trace = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  return framesIn(traceEvents);
}

/** The frames of the busiest main thread among `events`. */
function framesIn(events: readonly TraceEvent[]): FrameFigures {
  const key = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
  const mains = new Set(events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain').map(key));
  const byThread = Map.groupBy(
    events.filter((event) => mains.has(key(event))),
    key,
  );
  const begins = (thread: readonly TraceEvent[]): number[] =>
    thread.filter(({ name }) => name === 'BeginMainThreadFrame').map(({ ts }) => ts);
  const busiest = [...byThread.values()].toSorted((a, b) => begins(b).length - begins(a).length)[0] ?? [];
  const starts = begins(busiest).toSorted((a, b) => a - b);
  const script = starts.map(() => 0);
  let frame = -1;
  let endTs = 0;
  const outermost = busiest.filter(({ name, ph }) => ph === 'X' && scriptEvents.has(name)).toSorted((a, b) => a.ts - b.ts);
  for (const { ts, dur = 0, tdur } of outermost) {
    if (ts < endTs) continue;
    endTs = ts + dur;
    while (frame + 1 < starts.length && (starts[frame + 1] ?? 0) <= ts) frame++;
    if (frame >= 0) script[frame] = (script[frame] ?? 0) + (tdur ?? dur) / 1_000;
  }
  const sorted = script.toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
  const spanSeconds = ((starts.at(-1) ?? 0) - (starts[0] ?? 0)) / 1e6;
  return {
    frames: starts.length,
    scriptP50Ms: at(0.5),
    scriptP95Ms: at(0.95),
    scriptMaxMs: sorted.at(-1) ?? 0,
    fps: spanSeconds > 0 ? (starts.length - 1) / spanSeconds : 0,
  };
}
