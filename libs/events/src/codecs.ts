// Batches that producers compressed. Only gzip is written. An error here makes the batch unreadable (kafka-binding.ts).
import { promisify } from 'node:util';
import { gunzip, gzip, zstdDecompress } from 'node:zlib';
import kafkajs from 'kafkajs';
import lz4 from 'lz4js';
import snappy from 'snappyjs';

const maxBatchBytes = 64 * 1024 * 1024;
const xerial = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);

/** Snappy as Kafka clients write it: raw, or in snappy-java's framing (16 bytes of header, then sized blocks). */
function unsnappy(bytes: Buffer): Buffer {
  if (!bytes.subarray(0, xerial.length).equals(xerial)) return Buffer.from(snappy.uncompress(bytes, maxBatchBytes));
  const blocks: Buffer[] = [];
  let total = 0;
  for (let at = 16; at < bytes.length;) {
    const size = bytes.readUInt32BE(at);
    const block = Buffer.from(snappy.uncompress(bytes.subarray(at + 4, at + 4 + size), maxBatchBytes));
    total += block.length;
    if (total > maxBatchBytes) throw new Error(`more than ${maxBatchBytes} bytes`);
    blocks.push(block);
    at += 4 + size;
  }
  return Buffer.concat(blocks);
}

const gzipped = promisify(gzip);
const gunzipped = promisify(gunzip);
const unzstd = promisify(zstdDecompress);

/** Makes kafkajs read gzip, snappy, lz4 and zstd. Doing it twice is harmless. */
export function registerCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  const readOnly = () => Promise.reject(new Error('this codec is only read'));
  const limit = { maxOutputLength: maxBatchBytes };
  CompressionCodecs[CompressionTypes.GZIP] = () => ({
    compress: ({ buffer }: { buffer: Buffer }) => gzipped(buffer),
    decompress: (bytes: Buffer) => gunzipped(bytes, limit),
  });
  CompressionCodecs[CompressionTypes.Snappy] = () => ({
    compress: readOnly,
    decompress: (bytes: Buffer) => Promise.resolve(unsnappy(bytes)),
  });
  CompressionCodecs[CompressionTypes.LZ4] = () => ({
    compress: readOnly,
    decompress: (bytes: Buffer) => Promise.resolve(Buffer.from(lz4.decompress(bytes, maxBatchBytes))),
  });
  CompressionCodecs[CompressionTypes.ZSTD] = () => ({
    compress: readOnly,
    decompress: (bytes: Buffer) => unzstd(bytes, limit),
  });
}
