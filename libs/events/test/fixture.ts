import { randomUUID } from 'node:crypto';
import { openBroker } from '@tmws/kafka-wire';
import { type Log, openLog } from '@tmws/log';
import { openLogger, openMetrics } from '@tmws/telemetry';
import { eventually, tempDir } from '@tmws/testkit';
import kafkajs from 'kafkajs';
import { type EventBus, openEventBus, type OutgoingRecord } from '../src/index.ts';

process.env['KAFKAJS_NO_PARTITIONER_WARNING'] = '1';

/** A Kafka for tests, embedded or real. */
export interface TestKafka extends AsyncDisposable {
  readonly brokers: readonly string[];
  /** Ends it and lets it come back on the same port and the same data. Absent where others use it too. */
  readonly outage?: { down(): Promise<void>; up(): Promise<void> };
}

/** An embedded broker on a log in a folder of its own. */
export async function embeddedKafka(): Promise<TestKafka & { readonly log: Log }> {
  const dir = await tempDir('events');
  const logger = openLogger('broker', 'silent');
  const open = async (port: number) => {
    const log = await openLog({ dir: dir.path, retentionEveryMs: 0, minFreeBytes: 0, logger });
    return { log, broker: await openBroker({ log, logger, port }) };
  };
  let current = await open(0);
  const { port } = current.broker;
  let isUp = true;
  const down = async (): Promise<void> => {
    if (!isUp) return;
    isUp = false;
    await current.broker.close();
    await current.log.close();
  };
  return {
    brokers: [`127.0.0.1:${port}`],
    get log() {
      return current.log;
    },
    outage: {
      down,
      async up() {
        current = await open(port);
        isUp = true;
      },
    },
    async [Symbol.asyncDispose]() {
      await down();
      await dir.remove();
    },
  };
}

/** A logger that keeps its lines. */
export function keptLog(): { logger: ReturnType<typeof openLogger>; lines: string[] } {
  const lines: string[] = [];
  return { lines, logger: openLogger('test', 'info', { write: (line: string) => void lines.push(line) }) };
}

export interface OpenedBus extends AsyncDisposable {
  readonly bus: EventBus;
  readonly lines: readonly string[];
}

export function openBus({ brokers }: Pick<TestKafka, 'brokers'>, more: { publishTimeoutMs?: number } = {}): OpenedBus {
  const { logger, lines } = keptLog();
  const bus = openEventBus({ brokers, clientId: 'test', logger, metrics: openMetrics(), ...more });
  return { bus, lines, [Symbol.asyncDispose]: () => bus.close() };
}

/** A kafkajs client of the broker, for what a bus does not do. */
export function client({ brokers }: TestKafka): kafkajs.Kafka {
  return new kafkajs.Kafka({
    brokers: [...brokers],
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 8, initialRetryTime: 50 },
  });
}

export async function withAdmin<T>(kafka: TestKafka, work: (admin: kafkajs.Admin) => Promise<T>): Promise<T> {
  const admin = client(kafka).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Makes a topic nobody else uses. */
export async function newTopic(kafka: TestKafka, numPartitions = 3, settings: Record<string, string> = {}): Promise<string> {
  const topic = newName('topic');
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  await withAdmin(kafka, (admin) =>
    admin.createTopics({ topics: [{ topic, numPartitions, configEntries }], waitForLeaders: false }),
  );
  // A broker that has just made a topic may not know of it yet for a moment.
  await eventually(() => withAdmin(kafka, (admin) => admin.fetchTopicOffsets(topic)));
  return topic;
}

/** Takes away what a topic's only partition has before this offset, as retention does. */
export async function cutBefore(kafka: TestKafka, topic: string, offset: number): Promise<void> {
  await withAdmin(kafka, async (admin) => {
    // kafkajs knows only topics it was asked about.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(offset) }] });
  });
}

export const newName = (what: string): string => `${what}-${randomUUID().slice(0, 8)}`;

/** A record whose value is its number; records of one key stay in order. */
export const numbered = (topic: string, n: number, key = `k${n % 7}`): OutgoingRecord => ({
  topic,
  key: Buffer.from(key),
  headers: { n: String(n) },
  value: Buffer.from(String(n)),
});

export const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
