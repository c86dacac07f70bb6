import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Problem } from '@tmws/problems';
import type { Request } from 'express';

export interface ReadBodyOptions {
  /** Bodies compressed by gzip are read too; the limit holds for what they become as well. */
  readonly gzip?: boolean;
  /** Told of every part as it comes; what it throws ends the reading. */
  readonly coming?: (bytes: number) => void;
}

/**
 * The whole body.
 *
 * @throws Problem `too_large` above `maxBytes`, as soon as that is known; `unsupported` for an encoding; `invalid` for a body
 *   that breaks off or cannot be decompressed
 */
export async function readBody(request: Request, maxBytes: number, options: ReadBodyOptions = {}): Promise<Buffer> {
  const encoding = request.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'gzip' && options.gzip === true) {
    return await gunzipped(await readSent(request, maxBytes, options), maxBytes);
  }
  if (encoding !== 'identity') {
    const remedy = options.gzip === true ? 'use gzip, or send the body as it is' : 'send the body as it is';
    throw new Problem('unsupported', `content-encoding ${JSON.stringify(encoding.slice(0, 40))} is not read here; ${remedy}`, {
      field: 'content-encoding',
    });
  }
  return await readSent(request, maxBytes, options);
}

const unzip = promisify(gunzip);

async function gunzipped(bytes: Buffer, maxBytes: number): Promise<Buffer> {
  try {
    return await unzip(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new Problem('too_large', `the body must be at most ${maxBytes} bytes after decompression; send it in parts`, {
        cause: error,
      });
    }
    throw new Problem('invalid', 'the body says it is gzip but cannot be decompressed', { cause: error });
  }
}

async function readSent(request: Request, maxBytes: number, { coming }: ReadBodyOptions): Promise<Buffer> {
  const tooLarge = (): Problem => {
    discardRest(request, maxBytes);
    return new Problem('too_large', `the body must be at most ${maxBytes} bytes; send it in parts`);
  };
  if (Number(request.get('content-length') ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    await eachChunk(request, (chunk) => {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge();
      coming?.(chunk.length);
      chunks.push(chunk);
    });
  } catch (error) {
    if (error instanceof Problem) {
      if (error.kind !== 'too_large') discardRest(request, maxBytes);
      throw error;
    }
    throw new Problem('invalid', 'the body ended before it was whole', { cause: error });
  }
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
}

/** Each part as it comes, to the end or to what `each` throws. The connection stays: the answer goes over it. */
async function eachChunk(request: Request, each: (chunk: Buffer) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const over = (settle: () => void) => (): void => {
    request.off('data', take).off('end', ended).off('close', broken);
    settle();
  };
  const ended = over(() => resolve(undefined));
  const broken = over(() => reject(new Error('the connection was closed')));
  const take = (chunk: Buffer): void => {
    try {
      each(chunk);
    } catch (error) {
      over(() => reject(error))();
    }
  };
  if (request.readableEnded) ended();
  else if (request.destroyed) broken();
  // One that is cut off closes; what is said of it besides would end the process if nobody heard it.
  else request.on('data', take).once('end', ended).once('close', broken).on('error', ignore);
  await promise;
}

const ignore = (): void => undefined;

// A client that still sends reads no answer, so what comes is thrown away; one that goes on and on is cut off.
const discardedAtMost = 16;

function discardRest(request: Request, maxBytes: number): void {
  let left = maxBytes * discardedAtMost;
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) request.destroy();
  });
}
