// A partition of a topic, as a consumer hands it over: records in, batches out.
import { type CloudEvent, type OutgoingRecord, type PartitionBatch, toRecord } from '@tmws/events';

/** An event of ours with JSON for data. */
export const eventOf = (type: string, id: string, atMs: number, data: object, namespace = 'default'): CloudEvent => ({
  id,
  source: '/test',
  type,
  subject: undefined,
  timeNs: BigInt(atMs) * 1_000_000n,
  dataContentType: 'application/json',
  namespace,
  traceparent: undefined,
  data: Buffer.from(JSON.stringify(data)),
});

/** Begins at offset 0. */
export function openPartition(topic: string, partition: number) {
  let next: bigint | undefined;
  const batch = (records: readonly OutgoingRecord[]): PartitionBatch => {
    const from = next;
    const first = next ?? 0n;
    next = first + BigInt(records.length);
    return {
      topic,
      partition,
      from,
      next,
      records: records.map((record, i) => ({ ...record, topic, partition, offset: first + BigInt(i), timestampMs: 0 })),
    };
  };
  return {
    /** The next records, as events. */
    events: (...events: CloudEvent[]) => batch(events.map((event) => toRecord(topic, event))),
    /** The next record, as it is. */
    record: (value: string) => batch([{ topic, key: undefined, headers: {}, value: Buffer.from(value) }]),
  };
}
