import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '@tmws/problems';
import type { Logger, Metrics } from '@tmws/telemetry';
import kafkajs from 'kafkajs';
import { lazyAdmin } from './admin.ts';
import { dlqOf, partitions, topics } from './catalog.ts';
import { registerCodecs } from './codecs.ts';
import { type Consumer, type ConsumerOptions, startConsumer } from './consumer.ts';
import type { IncomingRecord, OutgoingRecord } from './kafka-binding.ts';
import { openPublisher } from './publisher.ts';
import { readRanges } from './read-ranges.ts';

export interface EventBusOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** What it signs in with; PLAIN unless it says otherwise. Absent: the broker asks for nothing. */
  readonly signIn?: {
    readonly mechanism?: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
  /** PEM; empty: the system's certificates vouch for the broker. Absent: no TLS. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  /** How long a publish waits for the broker before it fails. */
  readonly publishTimeoutMs?: number;
}

/** The process's one Kafka client. */
export interface EventBus {
  /**
   * Sends records with `acks=all`; resolves when the broker has them all. Small sends of a moment go together.
   *
   * @throws Problem `unavailable` (the broker did not take them in time; they may still arrive), `limited` (too many wait),
   *   `too_large` (a record above 1 MiB, or above the topic's own limit)
   */
  publish(records: readonly OutgoingRecord[]): Promise<void>;
  /**
   * Makes the topics of the catalog and their `.dlq`s where they are missing; waits for a broker that is still starting.
   *
   * @throws the signal's reason; Problem `unavailable` when the bus is closed meanwhile
   */
  ensureTopics(signal?: AbortSignal): Promise<void>;
  /** Topics of the catalog, and `.dlq`s, that are not there. @throws Problem `unavailable` */
  missingTopics(): Promise<string[]>;
  consume(options: ConsumerOptions): Consumer;
  /** The topics that are there. @throws Problem `unavailable` */
  listTopics(): Promise<ReadonlySet<string>>;
  /** The first and the next offset of each partition. @throws Problem `unavailable` */
  offsets(topic: string): Promise<{ partition: number; first: bigint; next: bigint }[]>;
  /** What a consumer group has told the broker: where it goes on. What counts is the offset in the store. @throws Problem `unavailable` */
  committed(group: string): Promise<{ topic: string; partition: number; next: bigint }[]>;
  /** What tells one Kafka from another. @throws Problem `unavailable` */
  clusterId(): Promise<string>;
  /** The newest records of a topic, oldest first, at most `limit` of each partition. @throws Problem `unavailable`, `timeout` */
  tail(topic: string, limit: number): Promise<IncomingRecord[]>;
  /**
   * Records of topics that the log took from `fromMs` on and before `toMs`, and that are there now; in batches, in the order of the log's
   * times. Absent: from the first that is kept, up to the last. Leaving the loop ends it.
   *
   * @throws the signal's reason; Problem `unavailable`, `timeout`
   */
  read(
    topics: readonly string[],
    range: { readonly fromMs?: number | undefined; readonly toMs?: number | undefined },
    signal?: AbortSignal,
  ): AsyncGenerator<IncomingRecord[]>;
  /** Ends consumers, then gives what is being published a moment to arrive. Twice is harmless. */
  close(): Promise<void>;
}

/** Makes the client; it connects when first used. */
export function openEventBus(options: EventBusOptions): EventBus {
  registerCodecs();
  const kafka = new kafkajs.Kafka({
    clientId: options.clientId,
    brokers: [...options.brokers],
    ...(options.signIn !== undefined && { sasl: saslOf(options.signIn) }),
    ...(options.tls !== undefined && { ssl: { ...options.tls } }),
    connectionTimeout: 3000,
    requestTimeout: 10_000,
    retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 5 },
    logLevel: kafkajs.logLevel.WARN,
    logCreator: () => kafkaLog(options.logger),
  });
  const publisher = openPublisher(kafka, options);
  const admin = lazyAdmin(kafka);
  const consumers = new Set<Consumer>();
  const closing = new AbortController();

  const offsets: EventBus['offsets'] = async (topic) => {
    const found = await admin.use((client) => client.fetchTopicOffsets(topic));
    return found.map(({ partition, low, high }) => ({ partition, first: BigInt(low), next: BigInt(high) }));
  };
  /** The first offset of each partition whose record is not before then. */
  const startsAt = async (topic: string, ms: number | undefined): Promise<Map<number, bigint> | undefined> => {
    if (ms === undefined) return undefined;
    const found = await admin.use((client) => client.fetchTopicOffsetsByTimestamp(topic, Math.max(0, Math.floor(ms))));
    return new Map(found.map(({ partition, offset }) => [partition, BigInt(offset)]));
  };
  const listTopics: EventBus['listTopics'] = async () => new Set(await admin.use((client) => client.listTopics()));
  const missing = async () => {
    const existing = await listTopics();
    return topics
      .flatMap((topic) => [
        { topic, numPartitions: partitions },
        { topic: dlqOf(topic), numPartitions: 1 },
      ])
      .filter(({ topic }) => !existing.has(topic));
  };
  const makeMissing = async (): Promise<void> => {
    const wanted = await missing();
    if (wanted.length > 0) await admin.use((client) => client.createTopics({ topics: wanted, waitForLeaders: true }));
  };
  return {
    publish: publisher.publish,
    listTopics,
    offsets,
    missingTopics: async () => (await missing()).map(({ topic }) => topic),
    async ensureTopics(given) {
      const signal = AbortSignal.any([closing.signal, ...(given === undefined ? [] : [given])]);
      for (let tries = 0; ; tries++) {
        signal.throwIfAborted();
        try {
          await makeMissing();
          return;
        } catch (error) {
          signal.throwIfAborted();
          if (tries % 10 === 0) options.logger.warn({ err: error }, 'the topics cannot be made yet; Kafka is away');
          await delay(1000, undefined, { signal }).catch(() => undefined);
        }
      }
    },
    consume(given) {
      const consumer = startConsumer(kafka, { ...given, offsets }, options);
      consumers.add(consumer);
      return {
        rewind: consumer.rewind,
        async close() {
          await consumer.close();
          consumers.delete(consumer);
        },
      };
    },
    async committed(groupId) {
      const found = await admin.use((client) => client.fetchOffsets({ groupId }));
      return found.flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset }) => ({ topic, partition, next: BigInt(offset) })).filter(({ next }) => next >= 0n),
      );
    },
    clusterId: async () => (await admin.use((client) => client.describeCluster())).clusterId,
    async tail(topic, limit) {
      const newest = (await offsets(topic)).map(({ partition, first, next }) => ({
        ...{ topic, partition, next },
        from: next - first > BigInt(limit) ? next - BigInt(limit) : first,
      }));
      return (await Array.fromAsync(readRanges(kafka, newest))).flat();
    },
    async *read(given, { fromMs, toMs }, signal) {
      const ranges = given.map(async (topic) => {
        const [all, from, to] = await Promise.all([offsets(topic), startsAt(topic, fromMs), startsAt(topic, toMs)]);
        return all.map(({ partition, first, next }) => ({
          ...{ topic, partition },
          from: from?.get(partition) ?? first,
          next: to?.get(partition) ?? next,
        }));
      });
      yield* readRanges(kafka, (await Promise.all(ranges)).flat(), signal);
    },
    async close() {
      closing.abort(new Problem('unavailable', 'the Kafka client is closed'));
      await Promise.all([...consumers].map((consumer) => consumer.close()));
      await Promise.all([publisher.close(), admin.close()]);
    },
  };
}

/** kafkajs knows each mechanism as a type of its own. */
function saslOf({ mechanism = 'plain', username, password }: NonNullable<EventBusOptions['signIn']>): kafkajs.SASLOptions {
  if (mechanism === 'plain') return { mechanism, username, password };
  return mechanism === 'scram-sha-256' ? { mechanism, username, password } : { mechanism, username, password };
}

const { ERROR, WARN } = kafkajs.logLevel;

function kafkaLog(logger: Logger): (entry: kafkajs.LogEntry) => void {
  return ({ namespace, level, log: { message, error, broker, groupId } }) => {
    const about = { kafka: namespace, error: error as unknown, broker: broker as unknown, groupId: groupId as unknown };
    if (level === ERROR) logger.warn(about, message);
    else if (level === WARN) logger.debug(about, message);
  };
}
