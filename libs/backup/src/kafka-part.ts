import type { EventBus } from '@tmws/events';
import { dlqOf, topics } from '@tmws/events';
import { Problem } from '@tmws/problems';
import type { StoredOffset } from './dump-database.ts';
import type { DatabasePart, KafkaPart, LogSpan } from './manifest.ts';

/** Where the log begins and ends, and what consumer groups told the broker. */
export async function readKafka(bus: EventBus, stored: readonly StoredOffset[]): Promise<KafkaPart> {
  const there = await bus.listTopics();
  const wanted = new Set([...topics, ...topics.map(dlqOf), ...stored.map(({ topic }) => topic)]);
  const found = await Promise.all(
    [...wanted]
      .filter((topic) => there.has(topic))
      .toSorted()
      .map(async (topic) => ({ topic, partitions: (await bus.offsets(topic)).map(spanOf) })),
  );
  const groups = [...new Set(stored.map(({ consumer }) => consumer))].toSorted();
  const committed = await Promise.all(
    groups.map(async (group) =>
      (await bus.committed(group)).map(({ topic, partition, next }) => ({ group, topic, partition, next: String(next) })),
    ),
  );
  return { clusterId: await bus.clusterId(), topics: found, committed: committed.flat() };
}

const spanOf = ({ partition, first, next }: { partition: number; first: bigint; next: bigint }): LogSpan => ({
  partition,
  first: String(first),
  next: String(next),
});

/** What a restore onto a Kafka would mean for the records that came after the snapshot. */
export interface LogVerdict {
  /** Records after the snapshot, which consumers will read. */
  readonly toRead: bigint;
  /** Records that retention took away before a consumer had stored their effects. */
  readonly cut: bigint;
  /** Why the stored offsets are of another log. */
  readonly other: string | undefined;
}

export async function compareLog(bus: EventBus, kafka: KafkaPart, database: DatabasePart): Promise<LogVerdict> {
  const [there, clusterId] = [await bus.listTopics(), await bus.clusterId()];
  let [toRead, cut] = [0n, 0n];
  let other = clusterId === kafka.clusterId ? undefined : `its cluster id is ${clusterId}, the backup's ${kafka.clusterId}`;
  const stored = database.schemas.flatMap(({ offsets }) => offsets);
  for (const topic of new Set(stored.map((offset) => offset.topic))) {
    const spans = new Map(there.has(topic) ? (await bus.offsets(topic)).map((span) => [span.partition, span]) : []);
    for (const { consumer, partition, next } of stored.filter((offset) => offset.topic === topic)) {
      const span = spans.get(partition) ?? { first: 0n, next: 0n };
      const at = BigInt(next);
      if (span.next < at) other ??= `${topic}/${partition} ends at ${span.next}, and ${consumer} stood at ${at}`;
      if (span.next > at) toRead += span.next - (span.first > at ? span.first : at);
      if (span.first > at) cut += span.first - at;
    }
  }
  return { toRead, cut, other };
}

/** @throws Problem `conflict` when the log is another and nobody said so */
export function refuseOther({ other }: LogVerdict, newKafka: boolean): void {
  if (other !== undefined && !newKafka)
    throw new Problem(
      'conflict',
      `this Kafka is not the one of the backup: ${other}; with --new-kafka consumers forget where they stood and read it from its first record`,
    );
}
