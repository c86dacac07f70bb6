import { createHash } from 'node:crypto';
import { createGunzip, createZstdCompress } from 'node:zlib';
import { Problem } from '@tmws/problems';

export interface Received {
  /** Of the content, hex. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** The content, compressed by zstd. */
  readonly compressed: Uint8Array<ArrayBuffer>;
  /** The content itself if it is no larger than was asked for. */
  readonly plain: Uint8Array | undefined;
}

const mib = 1024 * 1024;

/**
 * Takes a content in as it comes, holding it compressed. One that is gzip is known by its content before compression.
 *
 * @param maxBytes    of the content
 * @param plainBytes  up to this size it is given back as it is, too
 * @throws Problem `too_large`; `unsupported` as soon as it cannot be JSON; `invalid` for nothing, or gzip that breaks off
 */
export async function receiveFile(
  chunks: AsyncIterable<Uint8Array>,
  { maxBytes, plainBytes }: { maxBytes: number; plainBytes: number },
): Promise<Received> {
  const hash = createHash('sha256');
  const packer = createZstdCompress();
  const packed: Buffer[] = [];
  packer.on('data', (bytes: Buffer) => packed.push(bytes));
  const ended = new Promise<void>((resolve, reject) => packer.once('end', resolve).once('error', reject));
  ended.catch(() => undefined);
  const small: Uint8Array[] = [];
  let sizeBytes = 0;
  let looked = false;
  try {
    for await (const bytes of unzipped(chunks)) {
      sizeBytes += bytes.length;
      if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
      looked ||= looksLikeJson(bytes);
      hash.update(bytes);
      if (sizeBytes <= plainBytes) small.push(bytes);
      if (!packer.write(bytes)) await new Promise<void>((resolve) => packer.once('drain', resolve));
    }
    if (!looked) throw new Problem('invalid', 'the file is empty; send a recording');
    packer.end();
    await ended;
  } finally {
    packer.destroy();
  }
  return {
    sha256: hash.digest('hex'),
    sizeBytes,
    compressed: Uint8Array.from(Buffer.concat(packed)),
    plain: sizeBytes <= plainBytes ? Buffer.concat(small) : undefined,
  };
}

async function* unzipped(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await iterator.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  const rest = async function* (): AsyncIterable<Uint8Array> {
    if (head.length > 0) yield head;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  };
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield* rest();
    return;
  }
  const gunzip = createGunzip();
  const feeding = feed(rest(), gunzip);
  feeding.catch((error: unknown) => gunzip.destroy(error as Error));
  try {
    for await (const bytes of gunzip as AsyncIterable<Buffer>) yield bytes;
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('invalid', `the file begins like gzip but cannot be uncompressed: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    gunzip.destroy();
  }
}

async function feed(chunks: AsyncIterable<Uint8Array>, gunzip: ReturnType<typeof createGunzip>): Promise<void> {
  for await (const bytes of chunks) {
    if (gunzip.destroyed) return;
    if (!gunzip.write(bytes)) {
      await new Promise<void>((resolve) => {
        gunzip.once('drain', resolve);
        gunzip.once('close', resolve);
      });
    }
  }
  gunzip.end();
}

const whiteSpace: ReadonlySet<number> = new Set([0x20, 0x0a, 0x0d, 0x09]);
const byteOrderMark: ReadonlySet<number> = new Set([0xef, 0xbb, 0xbf]);

/** False while only white space came. @throws Problem `unsupported` */
function looksLikeJson(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => !whiteSpace.has(byte) && !byteOrderMark.has(byte));
  if (first === undefined) return false;
  if (first === 0x7b || first === 0x5b) return true;
  throw new Problem(
    'unsupported',
    'the file is of no format known here: it must hold JSON (a WfFormat instance, a Temporal history, a Jaeger trace) or lines ' +
      'of JSON (CloudEvents), as it is or by gzip',
  );
}

function tooLarge(maxBytes: number): Problem {
  return new Problem('too_large', `a file must be at most ${Math.floor(maxBytes / mib)} MiB, before compression; split it`);
}
