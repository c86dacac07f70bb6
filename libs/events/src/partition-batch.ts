import type { IncomingRecord } from './kafka-binding.ts';

/** Records of one partition, in order. */
export interface PartitionBatch {
  readonly topic: string;
  readonly partition: number;
  /** Where the store believes the partition to stand; undefined = it was never read. */
  readonly from: bigint | undefined;
  /** Where it stands when these records are stored. */
  readonly next: bigint;
  readonly records: readonly IncomingRecord[];
}
