import { setTimeout as sleepFor } from 'node:timers/promises';
import { type CloudEventJson, executionIdsOf, shiftEvents, type TimedEvent } from './timed-event.ts';

export interface PlayDemoOptions {
  /** In order of time. */
  readonly events: readonly TimedEvent[];
  /** Sends a batch of 1 to 200 events; the next one waits for it. What it throws ends the play. */
  readonly send: (batch: CloudEventJson[]) => Promise<void>;
  /** Everything at once, moved into the past so that the last event is now. */
  readonly fast?: boolean;
  /** Told after each batch. */
  readonly onProgress?: (sent: number, total: number) => void;
  /** Now, ms since the epoch. */
  readonly clock?: () => number;
  readonly sleep?: (ms: number) => Promise<unknown>;
  /** Ends the play early, without an error. */
  readonly signal?: AbortSignal;
}

/** How much was sent, and of which executions the whole play tells. */
export interface Played {
  readonly sent: number;
  readonly executionIds: string[];
}

const maxBatch = 200;
const tickMs = 200;

/** Sends each event when its time has come, those of one tick (0.2 s) together; what is late already goes at once. */
export async function playDemo(options: PlayDemoOptions): Promise<Played> {
  const { send, fast = false, onProgress, clock = Date.now, signal } = options;
  const sleep =
    options.sleep ?? ((ms: number) => sleepFor(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined));
  const lastMs = options.events.at(-1)?.atMs ?? 0;
  const events = fast ? shiftEvents(options.events, clock() - lastMs) : options.events;
  const executionIds = executionIdsOf(events);

  let sent = 0;
  while (sent < events.length && signal?.aborted !== true) {
    const nowMs = clock();
    const due = events.slice(sent, sent + maxBatch).filter(({ atMs }) => fast || atMs <= nowMs);
    if (due.length === 0) {
      await sleep(Math.max(tickMs, (events[sent]?.atMs ?? nowMs) - nowMs));
      continue;
    }
    await send(due.map(({ event }) => event));
    sent += due.length;
    onProgress?.(sent, events.length);
  }
  return { sent, executionIds };
}
