import { crc32c } from './crc32c.ts';
import { batchHeaderBytes } from './record-batch.ts';

export interface PlainRecord {
  readonly key?: Uint8Array | string | null;
  readonly value: Uint8Array | string | null;
  readonly timestampMs?: number;
}

export interface BatchOptions {
  readonly producerId?: number;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  /** The time of records that give none. */
  readonly timestampMs?: number;
}

/** A zigzag varint, as record fields have them. */
function varint(value: number): number[] {
  const out: number[] = [];
  let left = value < 0 ? -2n * BigInt(value) - 1n : 2n * BigInt(value);
  for (; left > 127n; left >>= 7n) out.push(Number(left & 127n) | 128);
  out.push(Number(left));
  return out;
}

function field(value: Uint8Array | string | null): Buffer {
  if (value === null) return Buffer.from(varint(-1));
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from(varint(bytes.length)), bytes]);
}

/** An uncompressed record batch v2 with base offset 0. At least one record. */
export function buildBatch(records: readonly PlainRecord[], options: BatchOptions = {}): Buffer {
  const stamps = records.map((record) => record.timestampMs ?? options.timestampMs ?? 0);
  const base = stamps[0] ?? 0;
  const bodies = records.map((record, i) => {
    const head = Buffer.from([0, ...varint((stamps[i] ?? base) - base), ...varint(i)]);
    const body = Buffer.concat([head, field(record.key ?? null), field(record.value), Buffer.from([0])]);
    return Buffer.concat([Buffer.from(varint(body.length)), body]);
  });
  const header = Buffer.alloc(batchHeaderBytes);
  const batch = Buffer.concat([header, ...bodies]);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt8(2, 16);
  batch.writeInt32BE(records.length - 1, 23);
  batch.writeBigInt64BE(BigInt(base), 27);
  batch.writeBigInt64BE(BigInt(Math.max(...stamps)), 35);
  batch.writeBigInt64BE(BigInt(options.producerId ?? -1), 43);
  batch.writeInt16BE(options.producerEpoch ?? -1, 51);
  batch.writeInt32BE(options.baseSequence ?? -1, 53);
  batch.writeInt32BE(records.length, 57);
  batch.writeUInt32BE(crc32c(batch, 21), 17);
  return batch;
}
