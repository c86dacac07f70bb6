import { batchHeaderBytes, readBatchHeader } from './record-batch.ts';

const compressionMask = 0b111;

/** A zigzag varint; past the end of `bytes` it reads as if zeros stood there. */
function varint(bytes: Buffer, at: number): { value: number; next: number } {
  let value = 0;
  let factor = 1;
  let next = at;
  for (; ((bytes[next] ?? 0) & 128) !== 0; next++, factor *= 128) value += ((bytes[next] ?? 0) & 127) * factor;
  value += (bytes[next] ?? 0) * factor;
  return { value: value % 2 === 0 ? value / 2 : -(value + 1) / 2, next: next + 1 };
}

/**
 * The first record of the batch at `at` whose timestamp is `timestampMs` or later, by its header one is there. Records of a
 * compressed batch are not looked at: its first offset stands for it.
 */
export function firstRecordFrom(bytes: Buffer, at: number, timestampMs: number): { offset: number; timestampMs: number } {
  const batch = readBatchHeader(bytes, at);
  const whole = { offset: batch.baseOffset, timestampMs: Math.max(batch.baseTimestampMs, timestampMs) };
  if ((batch.attributes & compressionMask) !== 0) return whole;
  let position = at + batchHeaderBytes;
  for (let i = 0; i < batch.recordCount && position < at + batch.sizeBytes; i++) {
    const length = varint(bytes, position);
    const timeDelta = varint(bytes, length.next + 1);
    const offsetDelta = varint(bytes, timeDelta.next);
    const recordMs = batch.baseTimestampMs + timeDelta.value;
    if (recordMs >= timestampMs) return { offset: batch.baseOffset + offsetDelta.value, timestampMs: recordMs };
    position = length.next + length.value;
  }
  return whole;
}
