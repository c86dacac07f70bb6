import type { Request } from '@tmws/http';
import { Problem } from '@tmws/problems';

const encodings: ReadonlySet<string> = new Set(['identity', 'gzip', 'x-gzip']);

/**
 * The body as it comes, gzip as it is: whoever takes it in knows it by its first bytes.
 *
 * @throws Problem `unsupported` for another encoding or a form; `invalid` when it breaks off
 */
export function bodyPieces(request: Request): AsyncIterable<Uint8Array> {
  const encoding = request.get('content-encoding') ?? 'identity';
  if (!encodings.has(encoding.toLowerCase()))
    throw new Problem(
      'unsupported',
      `content-encoding ${JSON.stringify(encoding.slice(0, 40))} is not read here; send the file as it is, or by gzip`,
      { field: 'content-encoding' },
    );
  if (typeof request.is('multipart/*') === 'string')
    throw new Problem('unsupported', 'a form is not read here; send the file itself as the body, one a request', {
      field: 'content-type',
    });
  return pieces(request);
}

async function* pieces(request: Request): AsyncIterable<Uint8Array> {
  try {
    // Leaving the loop must not destroy the connection: the answer goes over it.
    for await (const bytes of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) yield bytes;
  } catch (error) {
    throw new Problem('invalid', 'the body ended before it was whole', { cause: error });
  }
}

const discardedAtMost = 1024 * 1024 * 1024;

/** A client that still sends reads no answer, so what comes is thrown away; one that goes on and on is cut off. */
export function discardBody(request: Request): void {
  let left = discardedAtMost;
  request.on('data', (bytes: Buffer) => {
    left -= bytes.length;
    if (left < 0) request.destroy();
  });
}
