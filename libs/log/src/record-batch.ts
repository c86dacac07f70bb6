// Kafka's record batch v2 ("Record Batch" in the protocol guide) is the unit of the log, on the wire and on the disk alike:
//
//   0 baseOffset i64 · 8 length i32 (of what follows) · 12 leaderEpoch i32 · 16 magic i8 · 17 crc u32 · 21 attributes i16
//   23 lastOffsetDelta i32 · 27 baseTimestamp i64 · 35 maxTimestamp i64 · 43 producerId i64 · 51 producerEpoch i16
//   53 baseSequence i32 · 57 recordCount i32 · 61 records
//
// Its CRC-32C covers everything from the attributes on, so base offset and leader epoch may be set without touching it. No second
// frame lies around a batch on the disk: the CRC vouches for the content, and the base offset, which it does not cover, must be the
// offset that follows the batch before.
import { crc32c } from './crc32c.ts';

export const batchHeaderBytes = 61;
/** What stands before the part that `length` counts. */
const frameBytes = 12;
const crcFrom = 21;

/** The fields of a batch the log works with. Offsets, ids and timestamps are integers below 2^53. */
export interface BatchHeader {
  readonly baseOffset: number;
  /** The offset of its last record. */
  readonly lastOffset: number;
  readonly sizeBytes: number;
  readonly magic: number;
  readonly attributes: number;
  readonly baseTimestampMs: number;
  readonly maxTimestampMs: number;
  /** -1 when the producer is not idempotent. */
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
}

const int64 = (bytes: Buffer, at: number): number => Number(bytes.readBigInt64BE(at));

/** The header at `at`, as it stands there: nothing is checked. At least `batchHeaderBytes` must be there. */
export function readBatchHeader(bytes: Buffer, at = 0): BatchHeader {
  const baseOffset = int64(bytes, at);
  return {
    baseOffset,
    lastOffset: baseOffset + bytes.readInt32BE(at + 23),
    sizeBytes: bytes.readInt32BE(at + 8) + frameBytes,
    magic: bytes.readInt8(at + 16),
    attributes: bytes.readInt16BE(at + 21),
    baseTimestampMs: int64(bytes, at + 27),
    maxTimestampMs: int64(bytes, at + 35),
    producerId: int64(bytes, at + 43),
    producerEpoch: bytes.readInt16BE(at + 51),
    baseSequence: bytes.readInt32BE(at + 53),
    recordCount: bytes.readInt32BE(at + 57),
  };
}

/** Whether the header can be one the log wrote at `offset`. Says nothing about the content. */
export function plausible(header: BatchHeader, offset: number): boolean {
  return (
    header.magic === 2 && header.baseOffset === offset && header.sizeBytes >= batchHeaderBytes && header.lastOffset >= offset
  );
}

/** Whether the bytes are one batch by its header. Says nothing about the content. */
export function isBatch(bytes: Buffer): boolean {
  if (bytes.length < batchHeaderBytes) return false;
  const header = readBatchHeader(bytes);
  const follows = header.lastOffset - header.baseOffset + 1;
  return header.magic === 2 && header.sizeBytes === bytes.length && follows >= 1 && header.recordCount === follows;
}

/** Whether the batch at `at` has the content its CRC was made of. All `sizeBytes` must be there. */
export function intact(bytes: Buffer, at: number, sizeBytes: number): boolean {
  return crc32c(bytes, at + crcFrom, at + sizeBytes) === bytes.readUInt32BE(at + 17);
}

/** Sets base offset and leader epoch, the two fields that are the log's to give. */
export function stampBatch(bytes: Buffer, baseOffset: number): void {
  bytes.writeBigInt64BE(BigInt(baseOffset), 0);
  bytes.writeInt32BE(0, 12);
}
