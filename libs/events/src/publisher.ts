// Linger in front of kafkajs, which has none: what comes while a send is under way goes together in the next one.
import { Problem } from '@tmws/problems';
import { inSpan, SpanKind } from '@tmws/telemetry';
import kafkajs, { type Kafka } from 'kafkajs';
import type { EventBusOptions } from './event-bus.ts';
import type { OutgoingRecord } from './kafka-binding.ts';

interface Waiting {
  readonly records: readonly OutgoingRecord[];
  readonly bytes: number;
  readonly done: PromiseWithResolvers<undefined>;
}

const maxRecordBytes = 1024 * 1024;
const maxSendRecords = 1000;
const maxSendBytes = 4 * 1024 * 1024;
const maxWaitingBytes = 64 * 1024 * 1024;

export function openPublisher(kafka: Kafka, { metrics, publishTimeoutMs = 10_000 }: EventBusOptions) {
  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner, allowAutoTopicCreation: false });
  const published = metrics.counter('tmws_kafka_published_total', 'records the broker has taken', ['topic']);
  const queue: Waiting[] = [];
  let waitingBytes = 0;
  let connected: Promise<void> | undefined;
  let sending: Promise<void> | undefined;

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

  const drain = async (): Promise<void> => {
    // One turn of the event loop gathers what comes in the same moment.
    await new Promise(setImmediate);
    while (queue.length > 0) {
      const batch = takeBatch(queue);
      try {
        await send(batch.flatMap(({ records }) => records));
        for (const { done } of batch) done.resolve(undefined);
      } catch (error) {
        const problem = new Problem(
          'unavailable',
          'Kafka did not take the records in time; send them again, the same ids are taken once',
          {
            cause: error,
            retryAfterMs: 1000,
          },
        );
        for (const { done } of batch) done.reject(problem);
      } finally {
        waitingBytes -= batch.reduce((sum, { bytes }) => sum + bytes, 0);
      }
    }
    sending = undefined;
  };

  return {
    async publish(records: readonly OutgoingRecord[]): Promise<void> {
      if (records.length === 0) return;
      const bytes = records.reduce((sum, record) => sum + checkedSize(record), 0);
      if (waitingBytes + bytes > maxWaitingBytes) {
        throw new Problem('limited', 'too many records wait for Kafka; try again in a second', { retryAfterMs: 1000 });
      }
      const waiting: Waiting = { records, bytes, done: Promise.withResolvers<undefined>() };
      waitingBytes += bytes;
      queue.push(waiting);
      sending ??= drain();
      await inTime(waiting, publishTimeoutMs);
    },
    async close(): Promise<void> {
      await sending?.catch(() => undefined);
      await producer.disconnect();
    },
  };
}

async function inTime({ done }: Waiting, timeoutMs: number): Promise<void> {
  const timer = setTimeout(() => {
    done.reject(
      new Problem('unavailable', 'Kafka did not answer in time; send the records again, the same ids are taken once', {
        retryAfterMs: 1000,
      }),
    );
  }, timeoutMs);
  try {
    await done.promise;
  } finally {
    clearTimeout(timer);
  }
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

function checkedSize({ key, value, headers }: OutgoingRecord): number {
  const headerBytes = Object.entries(headers).reduce((sum, [name, text]) => sum + name.length + Buffer.byteLength(text) + 4, 0);
  const bytes = (key?.length ?? 0) + (value?.length ?? 0) + headerBytes + 64;
  if (bytes > maxRecordBytes)
    throw new Problem('too_large', `an event must fit into ${maxRecordBytes} bytes (got ${bytes}); send payloads by reference`);
  return bytes;
}

function message({ key, value, headers }: OutgoingRecord) {
  return { key: key ?? null, value: value ?? null, headers };
}
