import { type CloudEventJson, demoEvents, executionIdsOf, playDemo as play } from '@tmws/demo';
import { Problem } from '@tmws/problems';
import type { Clock } from '../ports.ts';
import type { AcceptEvents } from './accept-events.ts';

export interface DemoRequest {
  /** Chooses what happens; the same seed tells the same story. */
  readonly seed: number;
  /** Everything at once, in the past. */
  readonly fast: boolean;
  readonly namespace: string;
}

/** @returns the executions the play tells of */
export type PlayDemo = (request: DemoRequest) => Promise<readonly string[]>;

interface Needs {
  readonly accept: AcceptEvents;
  readonly clock: Clock;
  readonly enabled: boolean;
  readonly logger: { warn(about: object, message: string): void };
}

/** Plays at once; each keeps its events in memory for about a minute. */
const maxPlays = 4;

/**
 * The demo, sent through the same door as every event. A fast one is answered when it is through, a live one when it has begun.
 *
 * @throws Problem `precondition` when it is switched off; `limited` while four live ones run; what the door says of a fast one
 */
export function openDemo({ accept, clock, enabled, logger }: Needs): { play: PlayDemo; stop: () => Promise<void> } {
  const stopping = new AbortController();
  const playing = new Set<Promise<void>>();

  const start: PlayDemo = async ({ seed, fast, namespace }) => {
    if (!enabled) throw new Problem('precondition', 'the demo is switched off here; GATEWAY_DEMO=on switches it on');
    if (playing.size >= maxPlays) {
      throw new Problem('limited', `${maxPlays} demos play already; wait until one ends`, { retryAfterMs: 30_000 });
    }
    const events = demoEvents({ seed, startMs: clock.nowMs(), namespace });
    const send = (batch: CloudEventJson[]): Promise<void> => sendBatch(accept, batch, namespace);
    const options = { events, send, fast, clock: () => clock.nowMs(), signal: stopping.signal };
    if (fast) return (await play(options)).executionIds;
    const running = play(options).then(
      () => undefined,
      (error: unknown) => logger.warn({ err: error }, 'the demo broke off'),
    );
    playing.add(running);
    void running.finally(() => playing.delete(running));
    return executionIdsOf(events);
  };
  const stop = async (): Promise<void> => {
    stopping.abort();
    await Promise.all(playing);
  };
  return { play: start, stop };
}

async function sendBatch(accept: AcceptEvents, batch: readonly CloudEventJson[], namespace: string): Promise<void> {
  const headers = { 'content-type': 'application/cloudevents-batch+json' };
  const { results } = await accept({ headers, body: Buffer.from(JSON.stringify(batch)), namespace, traceparent: undefined });
  for (const result of results) if (result.status === 'refused') throw result.problem;
}
