// Server-sent events (HTML standard, "Server-sent events"): an id to resume from, a comment now and then to keep proxies awake.
import { once } from 'node:events';
import type { Request, Response } from 'express';

export interface Stream {
  /** Sends one event; waits while the client reads slowly. */
  send(event: { id?: string; type: string; data: unknown }): Promise<void>;
  /** Aborted when the client left or the server closes. */
  readonly signal: AbortSignal;
  end(): void;
}

const beatEveryMs = 15_000;

/** Turns the answer into an event stream. */
export function openStream(request: Request, response: Response, closing: AbortSignal): Stream {
  const left = new AbortController();
  const signal = AbortSignal.any([left.signal, closing]);
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.write('retry: 1000\n\n');
  const beat = setInterval(() => response.write(':\n\n'), beatEveryMs);
  const end = (): void => {
    clearInterval(beat);
    closing.removeEventListener('abort', end);
    left.abort();
    response.end();
  };
  response.once('close', end);
  closing.addEventListener('abort', end);
  // HEAD asks for the headers alone.
  if (closing.aborted || request.method === 'HEAD') end();
  return {
    signal,
    end,
    async send({ id, type, data }) {
      if (signal.aborted) return;
      const text = `${id === undefined ? '' : `id: ${id}\n`}event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
      if (!response.write(text)) await once(response, 'drain', { signal }).catch(() => undefined);
    },
  };
}

/** What the client has already, as EventSource says it after a loss. */
export function lastEventId(request: Request): string | undefined {
  return request.get('last-event-id');
}
