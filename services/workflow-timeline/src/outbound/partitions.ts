import type { Partitions } from '@tmws/postgres';
import type { Recording } from '../ports.ts';

/** The tables that are parted by day. */
export const partedTables = ['facts', 'attempts'];

/** The recording, which breaks off where an execution's day has no partition: it is made outside of the transaction, then all is done again. */
export function withPartitions(recording: Recording, partitions: Partitions): Recording {
  return {
    ...recording,
    async open(keys, nowMs) {
      const executions = await recording.open(keys, nowMs);
      for (const { bucket } of executions) if (!partitions.has(bucket)) throw new MissingPartition(bucket);
      return executions;
    },
  };
}

export class MissingPartition extends Error {
  readonly bucket: number;
  constructor(bucket: number) {
    super(`no partition for day ${bucket} yet`);
    this.bucket = bucket;
  }
}
