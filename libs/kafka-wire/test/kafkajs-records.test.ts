import { eventually } from '@tmws/testkit';
import { CompressionCodecs, CompressionTypes, type Consumer, type KafkaMessage } from 'kafkajs';
import lz4 from 'lz4js';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import Snappy from 'snappyjs';
import { startBroker } from './fixture.ts';

const consumerOptions = { groupId: 'g', maxWaitTimeInMs: 200 };

async function collect(consumer: Consumer, topic: string): Promise<{ partition: number; message: KafkaMessage }[]> {
  const got: { partition: number; message: KafkaMessage }[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ partition, message }) => {
      got.push({ partition, message });
      return Promise.resolve();
    },
  });
  return got;
}

test('what a producer sent a consumer gets, with keys, headers and timestamps', async () => {
  await using broker = await startBroker();
  await broker.log.createTopic('t', { partitions: 2 });
  const producer = broker.kafka().producer();
  await producer.connect();
  const messages = Array.from({ length: 100 }, (_, i) => ({
    key: `key-${i % 7}`,
    value: i % 10 === 0 ? null : `value ${i} ü`,
    headers: { ce_type: 'tmws.test', n: String(i) },
    timestamp: String(1_700_000_000_000 + i),
  }));
  for (const acks of [-1, 1]) await producer.send({ topic: 't', messages, acks });
  await producer.disconnect();

  const consumer = broker.kafka().consumer(consumerOptions);
  const got = await collect(consumer, 't');
  await eventually(() => got.length === 200);
  await consumer.disconnect();
  const first = got.find(({ message }) => message.headers?.['n']?.toString() === '1')!;
  expect(first.message.value?.toString()).toBe('value 1 ü');
  expect(first.message.timestamp).toBe('1700000000001');
  expect(first.message.key?.toString()).toBe('key-1');
  expect(got.filter(({ message }) => message.value === null)).toHaveLength(20);
});

test('with acks=0 records arrive although nobody answers', async () => {
  await using broker = await startBroker();
  await broker.log.createTopic('t');
  const producer = broker.kafka().producer();
  await producer.connect();
  await producer.send({ topic: 't', messages: [{ value: 'a' }, { value: 'b' }], acks: 0 });
  await eventually(() => broker.log.partition('t', 0)!.endOffset === 2);
  await producer.disconnect();
});

test('an idempotent producer sends many batches at once and each arrives once, in order', async () => {
  await using broker = await startBroker();
  await broker.log.createTopic('t');
  const producer = broker.kafka().producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  await Promise.all(
    Array.from({ length: 50 }, (_, i) => producer.send({ topic: 't', messages: [{ value: `${i}` }, { value: `${i}b` }] })),
  );
  await producer.disconnect();
  const consumer = broker.kafka().consumer(consumerOptions);
  const got = await collect(consumer, 't');
  await eventually(() => got.length === 100);
  await consumer.disconnect();
  expect(got.map(({ message }) => message.offset)).toEqual(Array.from({ length: 100 }, (_, i) => String(i)));
  expect(new Set(got.map(({ message }) => message.value!.toString())).size).toBe(100);
});

// Packages without types of their own.
interface Coder {
  compress(bytes: Uint8Array): Uint8Array;
}

CompressionCodecs[CompressionTypes.Snappy] = () => ({
  compress: ({ buffer }: { buffer: Buffer }) => Promise.resolve(Buffer.from((Snappy as unknown as Coder).compress(buffer))),
  decompress: (buffer: Buffer) => Promise.resolve(Buffer.from(Snappy.uncompress(buffer))),
});
CompressionCodecs[CompressionTypes.LZ4] = () => ({
  compress: ({ buffer }: { buffer: Buffer }) => Promise.resolve(Buffer.from((lz4 as unknown as Coder).compress(buffer))),
  decompress: (buffer: Buffer) => Promise.resolve(Buffer.from(lz4.decompress(buffer))),
});
CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: ({ buffer }: { buffer: Buffer }) => Promise.resolve(zstdCompressSync(buffer)),
  decompress: (buffer: Buffer) => Promise.resolve(zstdDecompressSync(buffer)),
});

test.each(['None', 'GZIP', 'Snappy', 'LZ4', 'ZSTD'] as const)(
  'batches compressed with %s pass through as they are',
  async (name) => {
    await using broker = await startBroker();
    await broker.log.createTopic('t');
    const producer = broker.kafka().producer();
    await producer.connect();
    const messages = Array.from({ length: 300 }, (_, i) => ({
      value: `message ${i} ${'x'.repeat(100)}`,
      timestamp: String(5000 + i),
    }));
    await producer.send({ topic: 't', messages, compression: CompressionTypes[name] });
    await producer.disconnect();
    const { sizeBytes } = broker.log.partition('t', 0)!;
    expect(sizeBytes < 12_000).toBe(name !== 'None');
    const consumer = broker.kafka().consumer(consumerOptions);
    const got = await collect(consumer, 't');
    await eventually(() => got.length === 300);
    await consumer.disconnect();
    expect(got.map(({ message }) => message.value!.toString())).toEqual(messages.map((message) => message.value));
  },
);

test('a record too large is refused in the words of the protocol', async () => {
  await using broker = await startBroker();
  await broker.log.createTopic('t');
  const producer = broker.kafka().producer({ retry: { retries: 0 } });
  await producer.connect();
  await expect(producer.send({ topic: 't', messages: [{ value: 'x'.repeat(1_100_000) }] })).rejects.toMatchObject({
    type: 'MESSAGE_TOO_LARGE',
  });
  await producer.send({ topic: 't', messages: [{ value: 'small' }] });
  await producer.disconnect();
});

test('a transactional producer is refused', async () => {
  await using broker = await startBroker();
  const producer = broker
    .kafka()
    .producer({ transactionalId: 'tx', idempotent: true, maxInFlightRequests: 1, retry: { retries: 1 } });
  await expect(producer.connect().then(() => producer.transaction())).rejects.toThrow('Failed to find group coordinator');
  await producer.disconnect();
});

test('an unknown topic is unknown unless topics are made by their first use', async () => {
  await using broker = await startBroker();
  const producer = broker.kafka().producer({ retry: { retries: 0 } });
  await producer.connect();
  await expect(producer.send({ topic: 't', messages: [{ value: 'a' }] })).rejects.toThrow(
    'This server does not host this topic-partition',
  );
  await producer.disconnect();

  await using generous = await startBroker({ autoCreateTopics: true });
  const other = generous.kafka().producer();
  await other.connect();
  await other.send({ topic: 't', messages: [{ value: 'a' }] });
  await other.disconnect();
  expect(generous.log.topic('t')?.partitions).toBe(3);
});

test('when the disk is nearly full producers are told so and consumers go on', async () => {
  let free = 1e12;
  await using broker = await startBroker({}, { minFreeBytes: 1e9, freeBytes: () => Promise.resolve(free) });
  await broker.log.createTopic('t');
  const producer = broker.kafka().producer({ retry: { retries: 0 } });
  await producer.connect();
  await producer.send({ topic: 't', messages: [{ value: 'a' }] });
  free = 5e8;
  await eventually(async () => {
    await expect(producer.send({ topic: 't', messages: [{ value: 'b' }] })).rejects.toThrow(
      'Disk error when trying to access log file on the disk',
    );
  });
  await expect(producer.send({ topic: 't', messages: [{ value: 'b' }] })).rejects.toThrow(
    'Disk error when trying to access log file on the disk',
  );
  expect(broker.lines.filter((line) => line.includes('takes no more records'))).toHaveLength(1);
  const consumer = broker.kafka().consumer(consumerOptions);
  const got = await collect(consumer, 't');
  await eventually(() => got.length >= 1);
  await consumer.disconnect();
  free = 1e12;
  await eventually(() => producer.send({ topic: 't', messages: [{ value: 'c' }] }).then(() => true));
  await producer.disconnect();
});
