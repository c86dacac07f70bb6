import { Problem } from '@tmws/problems';
import type { Request } from 'express';

/**
 * The whole body.
 *
 * @throws Problem `too_large` above `maxBytes`, as soon as that is known; `unsupported` for an encoding
 */
export async function readBody(request: Request, maxBytes: number): Promise<Buffer> {
  const encoding = request.get('content-encoding');
  if (encoding !== undefined && encoding !== 'identity') {
    throw new Problem(
      'unsupported',
      `content-encoding ${JSON.stringify(encoding.slice(0, 40))} is not read here; send the body as it is`,
      { field: 'content-encoding' },
    );
  }
  const tooLarge = (): Problem => {
    discardRest(request, maxBytes);
    return new Problem('too_large', `the body must be at most ${maxBytes} bytes; send it in parts`);
  };
  if (Number(request.get('content-length') ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    // Leaving the loop must not destroy the connection: the answer goes over it.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('invalid', 'the body ended before it was whole', { cause: error });
  }
  return Buffer.concat(chunks);
}

// A client that still sends reads no answer, so what comes is thrown away; one that goes on and on is cut off.
const discardedAtMost = 16;

function discardRest(request: Request, maxBytes: number): void {
  let left = maxBytes * discardedAtMost;
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) request.destroy();
  });
}
