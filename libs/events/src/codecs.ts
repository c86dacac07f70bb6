// Batches that producers compressed. gzip is kafkajs' own; the others are read (and never written) here.
import { zstdDecompressSync } from 'node:zlib';
import kafkajs from 'kafkajs';
import lz4 from 'lz4js';
import snappy from 'snappyjs';

const maxBatchBytes = 128 * 1024 * 1024;
const xerial = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);

/** Snappy as Kafka clients write it: raw, or in snappy-java's framing (16 bytes of header, then sized blocks). */
function unsnappy(bytes: Buffer): Buffer {
  if (!bytes.subarray(0, xerial.length).equals(xerial)) return Buffer.from(snappy.uncompress(bytes, maxBatchBytes));
  const blocks: Buffer[] = [];
  for (let at = 16; at < bytes.length;) {
    const size = bytes.readInt32BE(at);
    blocks.push(Buffer.from(snappy.uncompress(bytes.subarray(at + 4, at + 4 + size), maxBatchBytes)));
    at += 4 + size;
  }
  return Buffer.concat(blocks);
}

const readOnly = (decompress: (bytes: Buffer) => Buffer) => () => ({
  compress: () => Promise.reject(new Error('this codec is only read')),
  decompress: (bytes: Buffer) => Promise.resolve(decompress(bytes)),
});

/** Makes kafkajs read snappy, lz4 and zstd. Doing it twice is harmless. */
export function registerCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  CompressionCodecs[CompressionTypes.Snappy] = readOnly(unsnappy);
  CompressionCodecs[CompressionTypes.LZ4] = readOnly((bytes) => Buffer.from(lz4.decompress(bytes, maxBatchBytes)));
  CompressionCodecs[CompressionTypes.ZSTD] = readOnly((bytes) => zstdDecompressSync(bytes, { maxOutputLength: maxBatchBytes }));
}
