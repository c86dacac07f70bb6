import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import type { Response } from '@tmws/http';

const head = { 'content-type': 'application/json', 'cache-control': 'no-store' } as const;

/** One value, with a newline as Go's encoder has it. */
export function answerJson(response: Response, value: unknown): void {
  const body = `${JSON.stringify(value)}\n`;
  response.writeHead(200, { ...head, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

const chunkChars = 64 * 1024;
/** So long others wait for the event loop at most, ms, if no single part takes longer. */
const sliceMs = 8;

/**
 * An array, part by part: what is written is a chunk at a time, as fast as the client reads, and others have the event loop in between.
 * The first part is made before the head is sent, so that what fails at once can still be refused.
 *
 * @param parts  JSON texts; undefined is none, and a place to pause
 */
export async function answerList(response: Response, parts: Iterable<string | undefined>): Promise<void> {
  let chunk = '[';
  let first = true;
  let sinceMs = performance.now();
  const left = new AbortController();
  response.once('close', () => left.abort());
  const begin = (): void => {
    if (!response.headersSent) response.writeHead(200, head);
  };
  for (const part of parts) {
    if (part !== undefined) {
      chunk += first ? part : `,${part}`;
      first = false;
    }
    if (chunk.length >= chunkChars) {
      begin();
      if (!response.write(chunk)) await once(response, 'drain', { signal: left.signal }).catch(() => undefined);
      chunk = '';
    }
    if (performance.now() - sinceMs > sliceMs) {
      await turn();
      sinceMs = performance.now();
    }
    if (response.destroyed) return;
  }
  begin();
  response.end(`${chunk}]\n`);
}
