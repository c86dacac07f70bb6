// A file of chunks. A frame is a length (4 bytes, big endian) and that many bytes: zstd of at most a few MiB and, with a key, AES-256-GCM
// over it with the tag behind. The nonce counts files and chunks under a data key that no other backup has; the authenticated data name
// the backup, the file, the chunk and whether it is the last, so no chunk can be moved, left out, or cut off unnoticed.
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { Problem } from '@tmws/problems';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
const tagBytes = 16;
/** A chunk is closed when it has so much; a row is never divided, so one may be larger. */
const chunkBytes = 2 * 1024 * 1024;
const mostChunkBytes = 0x7fff_ffff;

/** Where chunks belong. */
export interface ChunkPlace {
  readonly path: string;
  readonly backupId: string;
  /** The file's number in its backup: no two files of one have the same. */
  readonly file: number;
  readonly dataKey: Buffer | undefined;
}

/** What a manifest says of a file of chunks. */
export interface StoredFile {
  readonly chunks: number;
  /** Before compression. */
  readonly rawBytes: number;
  readonly storedBytes: number;
  /** Of the file as it is stored, hex. */
  readonly sha256: string;
}

/** Writes pieces as chunks, and to the disk. A piece is never divided. */
export async function writeChunks(place: ChunkPlace, pieces: AsyncIterable<Buffer>): Promise<StoredFile> {
  const handle = await open(place.path, 'wx', 0o600);
  const sha256 = createHash('sha256');
  let [chunks, rawBytes, storedBytes] = [0, 0, 0];
  let parts: Buffer[] = [];
  let size = 0;
  const put = async (last: boolean): Promise<void> => {
    const body = await compress(Buffer.concat(parts));
    const sealed = place.dataKey === undefined ? body : encrypt(place, place.dataKey, chunks, last, body);
    const frame = Buffer.alloc(4 + sealed.length);
    frame.writeUInt32BE(sealed.length);
    sealed.copy(frame, 4);
    sha256.update(frame);
    await writeAll(handle, frame);
    chunks++;
    storedBytes += frame.length;
    rawBytes += size;
    parts = [];
    size = 0;
  };
  try {
    for await (const piece of pieces) {
      if (size >= chunkBytes) await put(false);
      parts.push(piece);
      size += piece.length;
    }
    await put(true);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { chunks, rawBytes, storedBytes, sha256: sha256.digest('hex') };
}

/**
 * Reads the chunks of a file, each as it was before compression.
 *
 * @throws Problem `precondition` that names the file and the chunk: missing, cut off, damaged, or not of this backup
 */
export async function* readChunks(place: ChunkPlace, stored: StoredFile): AsyncGenerator<Buffer> {
  const handle = await open(place.path, 'r').catch((cause: unknown) => {
    throw damaged(place, `cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown error'})`, cause);
  });
  const sha256 = createHash('sha256');
  let rawBytes = 0;
  try {
    const { size } = await handle.stat();
    if (size !== stored.storedBytes) throw damaged(place, `has ${size} bytes instead of ${stored.storedBytes}`);
    let at = 0;
    for (let chunk = 0; chunk < stored.chunks; chunk++) {
      const head = await read(handle, at, 4, place, chunk);
      const length = head.readUInt32BE();
      if (at + 4 + length > size) throw damaged(place, `is damaged at chunk ${chunk} (byte ${at})`);
      const body = await read(handle, at + 4, length, place, chunk);
      sha256.update(head).update(body);
      at += 4 + length;
      const raw = await opened(place, chunk, chunk === stored.chunks - 1, body, at);
      rawBytes += raw.length;
      yield raw;
    }
    if (at !== size || rawBytes !== stored.rawBytes || sha256.digest('hex') !== stored.sha256)
      throw damaged(place, 'is not what the manifest says: its SHA-256 is another');
  } finally {
    await handle.close();
  }
}

async function opened(place: ChunkPlace, chunk: number, last: boolean, body: Buffer, at: number): Promise<Buffer> {
  try {
    const plain = place.dataKey === undefined ? body : decrypt(place, place.dataKey, chunk, last, body);
    return await decompress(plain, { maxOutputLength: mostChunkBytes });
  } catch (cause) {
    throw damaged(place, `is damaged at chunk ${chunk} (before byte ${at})`, cause);
  }
}

function damaged({ path }: ChunkPlace, what: string, cause?: unknown): Problem {
  return new Problem('precondition', `${path} ${what}; take another backup`, { cause });
}

async function read(handle: FileHandle, at: number, length: number, place: ChunkPlace, chunk: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, at);
  if (bytesRead !== length) throw damaged(place, `is cut off at chunk ${chunk} (byte ${at})`);
  return buffer;
}

async function writeAll(handle: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await handle.write(bytes, at)).bytesWritten;
}

function nonceOf({ file }: ChunkPlace, chunk: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(file, 0);
  nonce.writeBigUInt64BE(BigInt(chunk), 4);
  return nonce;
}

const boundTo = ({ backupId, file }: ChunkPlace, chunk: number, last: boolean): Buffer =>
  Buffer.from(JSON.stringify([backupId, file, chunk, last]));

function encrypt(place: ChunkPlace, key: Buffer, chunk: number, last: boolean, body: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonceOf(place, chunk)).setAAD(boundTo(place, chunk, last));
  return Buffer.concat([cipher.update(body), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(place: ChunkPlace, key: Buffer, chunk: number, last: boolean, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(place, chunk)).setAAD(boundTo(place, chunk, last));
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  return Buffer.concat([decipher.update(sealed.subarray(0, -tagBytes)), decipher.final()]);
}
