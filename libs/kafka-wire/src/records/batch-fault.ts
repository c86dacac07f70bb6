// What a record batch from a client must be before the log takes it. Compressed content passes through as it is.
import { batchHeaderBytes, intact, readBatchHeader, type BatchHeader } from '@tmws/log';
import { errorCodes, type Fault } from '../wire/error-codes.ts';

const compressionMask = 0b111;
const lastCompression = 4; // none gzip snappy lz4 zstd
const logAppendTime = 1 << 3;
const transactional = 1 << 4;
const control = 1 << 5;
const magicAt = 16;

const fault = (errorCode: Fault['errorCode'], errorMessage: string): Fault => ({ errorCode, errorMessage });

/** Why the log does not take this; undefined if it does. */
export function batchFault(bytes: Buffer): Fault | undefined {
  if (bytes.length <= magicAt) return fault(errorCodes.corruptMessage, 'The record batch is shorter than its header.');
  const magic = bytes.readInt8(magicAt);
  if (magic !== 2) {
    return fault(
      errorCodes.unsupportedForMessageFormat,
      `Messages of format ${magic} are not taken. Use a client of Kafka 0.11 or later (record batches, format 2).`,
    );
  }
  if (bytes.length < batchHeaderBytes) return fault(errorCodes.corruptMessage, 'The record batch is shorter than its header.');
  const batch = readBatchHeader(bytes);
  if (batch.sizeBytes >= batchHeaderBytes && batch.sizeBytes < bytes.length) {
    return fault(errorCodes.invalidRecord, 'A produce request holds one record batch a partition; this one holds more.');
  }
  if (batch.sizeBytes !== bytes.length || !intact(bytes, 0, bytes.length)) {
    return fault(errorCodes.corruptMessage, 'The record batch does not have the checksum it says. Send it again.');
  }
  return headerFault(batch) ?? (isPlain(batch) ? recordsFault(bytes, batch.recordCount) : undefined);
}

function headerFault(batch: BatchHeader): Fault | undefined {
  const { attributes, recordCount, producerId, producerEpoch, baseSequence } = batch;
  if ((attributes & compressionMask) > lastCompression) {
    return fault(
      errorCodes.unsupportedCompressionType,
      `Compression ${attributes & compressionMask} is none of gzip, snappy, lz4, zstd.`,
    );
  }
  if ((attributes & transactional) !== 0) return transactionsFault;
  if ((attributes & control) !== 0) return fault(errorCodes.invalidRecord, 'Control batches are not for clients to send.');
  if ((attributes & logAppendTime) !== 0)
    return fault(errorCodes.invalidTimestamp, 'The timestamp type of a producer is CreateTime.');
  if (recordCount < 1 || batch.lastOffset !== batch.baseOffset + recordCount - 1) {
    return fault(errorCodes.invalidRecord, `The batch says ${recordCount} records and a last offset that does not fit.`);
  }
  if (producerId >= 0 && (producerEpoch < 0 || baseSequence < 0)) {
    return fault(errorCodes.invalidRecord, 'An idempotent batch needs a producer epoch and a sequence.');
  }
  return undefined;
}

const isPlain = (batch: BatchHeader): boolean => (batch.attributes & compressionMask) === 0;

/** Steps from record to record by their lengths: as many as the header says must fill the batch. */
function recordsFault(bytes: Buffer, recordCount: number): Fault | undefined {
  let at = batchHeaderBytes;
  for (let i = 0; i < recordCount; i++) {
    let length = 0;
    let factor = 1;
    let byte: number;
    do {
      byte = bytes[at++] ?? 0;
      length += (byte & 127) * factor;
      factor *= 128;
    } while (byte >= 128 && factor < 2 ** 35);
    at += length / 2; // zigzag: an even number is twice the length, an odd one would be negative
    if (length % 2 === 1 || at > bytes.length) return recordsDoNotFit;
  }
  return at === bytes.length ? undefined : recordsDoNotFit;
}

const recordsDoNotFit = fault(errorCodes.invalidRecord, 'The records of the batch are not as many, or not as long, as it says.');

export const transactionsFault = fault(
  errorCodes.transactionalIdAuthorizationFailed,
  'This broker has no transactions. Use an idempotent producer without a transactional id.',
);
