// Linger in front of kafkajs, which has none: what comes while a send is under way goes together in the next one.
import { Problem } from '@tmws/problems';
import { inSpan, type Metrics, SpanKind } from '@tmws/telemetry';
import kafkajs, { type Kafka } from 'kafkajs';
import type { OutgoingRecord } from './kafka-binding.ts';
import { within } from './within.ts';

interface PublisherOptions {
  readonly metrics: Metrics;
  /** How long a publish waits for the broker before it fails. */
  readonly publishTimeoutMs?: number;
}

interface Waiting {
  readonly records: readonly OutgoingRecord[];
  readonly bytes: number;
  readonly done: PromiseWithResolvers<undefined>;
  /** Nobody waits for it any more. */
  over: boolean;
}

// A broker takes 1 MiB a record batch (`message.max.bytes`), and all records of a send may go to one partition.
const maxRecordBytes = 1024 * 1024;
const maxSendBytes = 1024 * 1024;
const maxSendRecords = 1000;
const maxWaitingBytes = 64 * 1024 * 1024;
const closeWithinMs = 1500;

export function openPublisher(kafka: Kafka, { metrics, publishTimeoutMs = 10_000 }: PublisherOptions) {
  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner, allowAutoTopicCreation: false });
  const published = metrics.counter('tmws_kafka_published_total', 'records the broker has taken', ['topic']);
  const queue: Waiting[] = [];
  let waitingBytes = 0;
  let connected: Promise<void> | undefined;
  let sending: Promise<void> | undefined;
  let closed = false;

  const send = async (records: readonly OutgoingRecord[]): Promise<void> => {
    connected ??= producer.connect();
    try {
      await connected;
      const topicMessages = [...Map.groupBy(records, ({ topic }) => topic)].map(([topic, some]) => ({
        topic,
        messages: some.map(message),
      }));
      await inSpan('kafka publish', SpanKind.PRODUCER, { 'messaging.batch.message_count': records.length }, () =>
        producer.sendBatch({ acks: -1, timeout: publishTimeoutMs, topicMessages }),
      );
      for (const { topic, messages } of topicMessages) published.inc({ topic }, messages.length);
    } catch (error) {
      connected = undefined;
      throw error;
    }
  };

  const sendTogether = async (given: readonly Waiting[]): Promise<void> => {
    const batch = given.filter(({ over }) => !over);
    try {
      for (const records of portions(batch.flatMap((waiting) => waiting.records))) await send(records);
      for (const waiting of batch) settle(waiting);
    } catch (error) {
      const problem = problemOfKafka(error);
      // What is wrong with one must not be held against the others.
      if (problem.kind === 'too_large' && batch.length > 1) for (const waiting of batch) await sendTogether([waiting]);
      else for (const waiting of batch) settle(waiting, problem);
    }
  };

  const drain = async (): Promise<void> => {
    // One turn of the event loop gathers what comes in the same moment.
    await new Promise(setImmediate);
    while (queue.length > 0) {
      const batch = takeBatch(queue);
      await sendTogether(batch);
      waitingBytes -= batch.reduce((sum, { bytes }) => sum + bytes, 0);
    }
    sending = undefined;
  };

  return {
    async publish(records: readonly OutgoingRecord[]): Promise<void> {
      if (closed) throw new Problem('unavailable', 'the Kafka client is closed');
      if (records.length === 0) return;
      const bytes = records.reduce((sum, record) => sum + checkedSize(record), 0);
      if (waitingBytes + bytes > maxWaitingBytes) {
        throw new Problem('limited', 'too many records wait for Kafka; try again in a second', { retryAfterMs: 1000 });
      }
      const waiting: Waiting = { records, bytes, done: Promise.withResolvers<undefined>(), over: false };
      waitingBytes += bytes;
      queue.push(waiting);
      sending ??= drain();
      const timer = setTimeout(() => settle(waiting, away('Kafka did not answer in time')), publishTimeoutMs);
      try {
        await waiting.done.promise;
      } finally {
        clearTimeout(timer);
      }
    },
    async close(): Promise<void> {
      closed = true;
      if (sending !== undefined) await within(closeWithinMs, sending);
      for (const waiting of queue) settle(waiting, away('the Kafka client was closed'));
      // A send that goes on connects again; it is disconnected again when it is over.
      void sending?.then(() => producer.disconnect()).catch(() => undefined);
      await within(closeWithinMs, producer.disconnect());
    },
  };
}

function settle(waiting: Waiting, problem?: Problem): void {
  waiting.over = true;
  if (problem === undefined) waiting.done.resolve(undefined);
  else waiting.done.reject(problem);
}

function away(what: string, cause?: unknown): Problem {
  return new Problem('unavailable', `${what}; send the records again, the same ids are taken once`, {
    cause,
    retryAfterMs: 1000,
  });
}

const tooLarge = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);

function problemOfKafka(error: unknown): Problem {
  for (let at = error as { type?: string; cause?: unknown } | undefined; at !== undefined; at = at.cause as typeof at) {
    if (at.type !== undefined && tooLarge.has(at.type))
      return new Problem('too_large', 'an event is larger than its topic takes (max.message.bytes); send payloads by reference', {
        cause: error,
      });
    if (at.type === 'KAFKA_STORAGE_ERROR')
      return away('the log refuses writes because its disk is nearly full or failing: free some space', error);
  }
  return away('Kafka did not take the records', error);
}

function takeBatch(queue: Waiting[]): Waiting[] {
  let records = 0;
  let bytes = 0;
  const more = queue.findIndex((waiting, i) => {
    records += waiting.records.length;
    bytes += waiting.bytes;
    return i > 0 && (records > maxSendRecords || bytes > maxSendBytes);
  });
  return queue.splice(0, more === -1 ? queue.length : more);
}

/** The records in their order, as many together as go in one send. */
function* portions(records: readonly OutgoingRecord[]): Iterable<OutgoingRecord[]> {
  let portion: OutgoingRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const more = sizeOf(record);
    if (portion.length > 0 && (bytes + more > maxSendBytes || portion.length === maxSendRecords)) {
      yield portion;
      portion = [];
      bytes = 0;
    }
    portion.push(record);
    bytes += more;
  }
  if (portion.length > 0) yield portion;
}

/** What a record takes in a batch of its own, rounded up: 61 bytes of header, then lengths as varints. */
function sizeOf({ key, value, headers }: OutgoingRecord): number {
  const headerBytes = Object.entries(headers).reduce(
    (sum, [name, text]) => sum + Buffer.byteLength(name) + Buffer.byteLength(text) + 6,
    0,
  );
  return (key?.length ?? 0) + (value?.length ?? 0) + headerBytes + 90;
}

function checkedSize(record: OutgoingRecord): number {
  const bytes = sizeOf(record);
  if (bytes > maxRecordBytes)
    throw new Problem('too_large', `an event must fit into ${maxRecordBytes} bytes (got ${bytes}); send payloads by reference`);
  return bytes;
}

function message({ key, value, headers }: OutgoingRecord) {
  return { key: key ?? null, value: value ?? null, headers };
}
