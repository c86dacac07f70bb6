import { once } from 'node:events';
import type { Response } from '@tmws/http';

interface Lines<T> {
  readonly contentType: string;
  /** What a browser calls the file. */
  readonly fileName: string;
  /** Comes first, also when there are no parts. */
  readonly before: string;
  readonly textOf: (part: T) => string;
}

/**
 * Answers with a file made of parts, no faster than it is taken. Nothing is sent before the first part is there, so what is wrong with
 * the request is still an answer; a failure after that cuts the connection, so that nobody takes a part for the whole.
 */
export async function streamLines<T>(response: Response, parts: AsyncIterable<T>, lines: Lines<T>): Promise<void> {
  const iterator = parts[Symbol.asyncIterator]();
  let next = await iterator.next();
  response.status(200).set({
    'content-type': lines.contentType,
    'content-disposition': `attachment; filename="${lines.fileName}"`,
    'x-accel-buffering': 'no',
  });
  const left = new AbortController();
  response.once('close', () => left.abort());
  const write = async (text: string): Promise<void> => {
    if (text !== '' && !response.write(text)) await once(response, 'drain', { signal: left.signal });
  };
  try {
    await write(lines.before);
    for (; next.done !== true && !left.signal.aborted; next = await iterator.next()) await write(lines.textOf(next.value));
    response.end();
  } catch (error) {
    response.destroy();
    if (!left.signal.aborted) throw error;
  } finally {
    await iterator.return?.();
  }
}
