import { buildBatch, crc32c, type Partition, readBatchHeader } from '@tmws/log';
import { eventually } from '@tmws/testkit';
import { errorCodes } from '../src/wire/error-codes.ts';
import { startBroker } from './fixture.ts';
import {
  encodeRequest,
  fetchBody,
  type FetchAnswer,
  type ProduceAnswer,
  produceBody,
  rawClient,
  type RawClient,
} from './raw-client.ts';

const batch = (value = 'x', options = {}): Buffer => buildBatch([{ value }], options);

async function produce(client: RawClient, records: Buffer, options = {}) {
  const { topics } = await client.ask<ProduceAnswer>('Produce', 8, produceBody('t', records, options));
  return topics[0]!.partitions[0]!;
}

async function fetch(client: RawClient, offset: number, options = {}) {
  const { topics } = await client.ask<FetchAnswer>('Fetch', 11, fetchBody('t', offset, options));
  return topics[0]!.partitions[0]!;
}

test('a client that asks for ApiVersions in a version nobody knows is told in version 0 which ones there are', async () => {
  await using broker = await startBroker();
  await using client = await rawClient(broker.port);
  const unknown = encodeRequest('ApiVersions', 3, {}, 5);
  unknown.writeInt16BE(99, 6);
  client.send(unknown);
  await eventually(() => client.answered.includes(5));
  expect(await client.ask('ApiVersions', 0, {})).toMatchObject({ errorCode: 0 });
});

test('an API the broker does not have closes the connection, with one line that names it', async () => {
  await using broker = await startBroker();
  await using client = await rawClient(broker.port);
  const unknown = encodeRequest('ApiVersions', 0, {}, 1);
  unknown.writeInt16BE(24, 4);
  client.send(unknown);
  await client.closed;
  await eventually(() => broker.lines.length === 1);
  expect(broker.lines[0]).toContain('a request of API 24, which this broker does not have');
});

test('requests sent one after the other without waiting are answered in that order', async () => {
  await using broker = await startBroker();
  await broker.log.createTopic('t');
  await using client = await rawClient(broker.port);
  const requests = Array.from({ length: 200 }, (_, i) =>
    i % 10 === 9
      ? encodeRequest('Fetch', 11, fetchBody('t', 0), i)
      : encodeRequest('Produce', 8, produceBody('t', batch(`${i}`)), i),
  );
  client.send(Buffer.concat(requests));
  await eventually(() => client.answered.length === 200);
  expect(client.answered).toEqual(Array.from({ length: 200 }, (_, i) => i));
  expect(broker.log.partition('t', 0)!.endOffset).toBe(180);
});

/** How many listen to a partition. */
function listeners(partition: Partition): () => number {
  let count = 0;
  const onAppend = partition.onAppend.bind(partition);
  partition.onAppend = (listener) => {
    count++;
    const stop = onAppend(listener);
    return () => {
      count--;
      stop();
    };
  };
  return () => count;
}

test('a parked fetch is answered as soon as something is appended, and leaves no listener behind', async () => {
  await using broker = await startBroker();
  await broker.log.createTopic('t');
  const listening = listeners(broker.log.partition('t', 0)!);
  await using consumer = await rawClient(broker.port);
  await using producer = await rawClient(broker.port);
  const started = performance.now();
  const parked = fetch(consumer, 0, { maxWaitMs: 20_000 });
  expect(await fetch(producer, 0)).toMatchObject({ errorCode: 0, highWatermark: 0 });
  await produce(producer, batch());
  expect(readBatchHeader((await parked).records).baseOffset).toBe(0);
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(listening()).toBe(0);
});

test('a client that goes away takes its parked fetch along', async () => {
  await using broker = await startBroker();
  await broker.log.createTopic('t');
  const listening = listeners(broker.log.partition('t', 0)!);
  const client = await rawClient(broker.port);
  client.send(encodeRequest('Fetch', 11, fetchBody('t', 0, { maxWaitMs: 600_000 }), 1));
  await eventually(() => listening() === 1);
  await client[Symbol.asyncDispose]();
  await eventually(() => listening() === 0);
});

test('a fetch waits for the bytes it asked for, and answers with what is there when its time is up', async () => {
  await using broker = await startBroker();
  await broker.log.createTopic('t');
  await using consumer = await rawClient(broker.port);
  await using producer = await rawClient(broker.port);
  const size = batch().length;
  const parked = fetch(consumer, 0, { maxWaitMs: 20_000, minBytes: 3 * size });
  for (let i = 0; i < 3; i++) await produce(producer, batch());
  expect((await parked).records).toHaveLength(3 * size);
  expect((await fetch(consumer, 2, { maxWaitMs: 50, minBytes: 3 * size })).records).toHaveLength(size);
});

test('a fetch answers with at most the bytes it allows, but with one batch at least', async () => {
  await using broker = await startBroker({ maxFetchBytes: 5000 });
  await broker.log.createTopic('t');
  await using client = await rawClient(broker.port);
  const size = batch('x'.repeat(1000)).length;
  for (let i = 0; i < 10; i++) await produce(client, batch('x'.repeat(1000)));
  expect((await fetch(client, 0, { maxBytes: 1 })).records).toHaveLength(size);
  expect((await fetch(client, 0, { maxBytes: 2 * size + 10 })).records).toHaveLength(2 * size);
  expect((await fetch(client, 0, { partitionMaxBytes: 3 * size })).records).toHaveLength(3 * size);
  expect((await fetch(client, 0, { maxBytes: 2 ** 31 - 1, partitionMaxBytes: 2 ** 31 - 1 })).records).toHaveLength(4 * size);
});

test('a fetch of offsets that are not there, or of a damaged batch, gets the code of the protocol', async () => {
  await using broker = await startBroker();
  await broker.log.createTopic('t');
  await using client = await rawClient(broker.port);
  expect(await fetch(client, 1, { maxWaitMs: 5000 })).toMatchObject({ errorCode: errorCodes.offsetOutOfRange });
  const missing = await client.ask<FetchAnswer>('Fetch', 4, fetchBody('nowhere', 0));
  expect(missing.topics[0]!.partitions[0]).toMatchObject({ errorCode: errorCodes.unknownTopicOrPartition });
});

test('a deleted topic answers the fetches that were parked on it', async () => {
  await using broker = await startBroker();
  await broker.log.createTopic('t');
  await using client = await rawClient(broker.port);
  const parked = fetch(client, 0, { maxWaitMs: 20_000 });
  await using other = await rawClient(broker.port);
  await fetch(other, 0);
  await broker.log.deleteTopic('t');
  expect(await parked).toMatchObject({ errorCode: errorCodes.unknownTopicOrPartition });
});

test('a batch an idempotent producer repeats is acknowledged with its first offset, a gap and an old epoch are refused', async () => {
  await using broker = await startBroker();
  await broker.log.createTopic('t');
  await using client = await rawClient(broker.port);
  const { producerId, producerEpoch } = await client.ask<{ producerId: number; producerEpoch: number }>('InitProducerId', 1, {
    transactionalId: null,
    transactionTimeoutMs: 1000,
  });
  const send = (baseSequence: number, epoch = producerEpoch) =>
    produce(client, batch('x', { producerId, producerEpoch: epoch, baseSequence }));
  expect(await send(0)).toMatchObject({ errorCode: 0, baseOffset: 0 });
  expect(await send(1)).toMatchObject({ errorCode: 0, baseOffset: 1 });
  expect(await send(0)).toMatchObject({ errorCode: 0, baseOffset: 0 });
  await broker.restart();
  await using again = await rawClient(broker.port);
  const resend = (baseSequence: number, epoch: number) =>
    produce(again, batch('x', { producerId, producerEpoch: epoch, baseSequence }));
  expect(await resend(1, 0)).toMatchObject({ errorCode: 0, baseOffset: 1 });
  expect(await resend(5, 0)).toMatchObject({ errorCode: errorCodes.outOfOrderSequenceNumber });
  expect(await resend(0, 1)).toMatchObject({ errorCode: 0, baseOffset: 2 });
  expect(await resend(2, 0)).toMatchObject({ errorCode: errorCodes.invalidProducerEpoch });
  const next = await again.ask<{ producerId: number }>('InitProducerId', 1, {
    transactionalId: null,
    transactionTimeoutMs: 1000,
  });
  expect(next.producerId).toBeGreaterThan(producerId);
});

/** A batch whose header says something else, with a checksum that fits. */
function altered(change: (bytes: Buffer) => void): Buffer {
  const bytes = buildBatch([{ value: 'abc' }, { value: 'def' }]);
  change(bytes);
  bytes.writeUInt32BE(crc32c(bytes, 21), 17);
  return bytes;
}

test.each<[string, Buffer, number, RegExp]>([
  ['damaged content', Buffer.concat([batch().subarray(0, -1), Buffer.from('!')]), errorCodes.corruptMessage, /checksum/],
  ['a length that does not fit', batch().subarray(0, -3), errorCodes.corruptMessage, /checksum/],
  ['a few bytes', Buffer.alloc(12), errorCodes.corruptMessage, /shorter than its header/],
  [
    'messages of an old format',
    altered((b) => b.writeInt8(1, 16)),
    errorCodes.unsupportedForMessageFormat,
    /format 1 .*Kafka 0\.11/,
  ],
  ['two batches', Buffer.concat([batch(), batch()]), errorCodes.invalidRecord, /holds more/],
  ['a wrong record count', altered((b) => b.writeInt32BE(3, 57)), errorCodes.invalidRecord, /does not fit/],
  [
    'a count nobody can hold',
    altered((b) => (b.writeInt32BE(2, 23), b.writeInt32BE(3, 57))),
    errorCodes.invalidRecord,
    /not as many/,
  ],
  ['an unknown compression', altered((b) => b.writeInt16BE(5, 21)), errorCodes.unsupportedCompressionType, /Compression 5/],
  ['a transaction', altered((b) => b.writeInt16BE(16, 21)), errorCodes.transactionalIdAuthorizationFailed, /no transactions/],
  ['a control batch', altered((b) => b.writeInt16BE(32, 21)), errorCodes.invalidRecord, /Control/],
  ["the broker's timestamps", altered((b) => b.writeInt16BE(8, 21)), errorCodes.invalidTimestamp, /CreateTime/],
  ['too much', batch('x'.repeat(1_050_000)), errorCodes.messageTooLarge, /above its limit of 1048588.*max\.message\.bytes/],
])(
  'a produce request with %s is refused with its reason, and nothing of it is stored',
  async (_what, records, errorCode, message) => {
    await using broker = await startBroker();
    await broker.log.createTopic('t');
    await using client = await rawClient(broker.port);
    const answer = await produce(client, records);
    expect([answer.errorCode, answer.baseOffset]).toEqual([errorCode, -1]);
    expect(answer.errorMessage).toMatch(message);
    expect(broker.log.partition('t', 0)!.endOffset).toBe(0);
  },
);

test('acks that are none, and a transactional id, are refused', async () => {
  await using broker = await startBroker();
  await broker.log.createTopic('t');
  await using client = await rawClient(broker.port);
  expect(await produce(client, batch(), { acks: 2 })).toMatchObject({ errorCode: errorCodes.invalidRequiredAcks });
  expect(await produce(client, batch(), { transactionalId: 'tx' })).toMatchObject({
    errorCode: errorCodes.transactionalIdAuthorizationFailed,
  });
  const init = await client.ask('InitProducerId', 1, { transactionalId: 'tx', transactionTimeoutMs: 1 });
  expect(init).toMatchObject({ errorCode: errorCodes.transactionalIdAuthorizationFailed });
  const find = await client.ask('FindCoordinator', 2, { key: 'tx', keyType: 1 });
  expect(find).toMatchObject({ errorCode: errorCodes.transactionalIdAuthorizationFailed });
});

test('a client that wants no answers loses its connection when a record is refused', async () => {
  await using broker = await startBroker();
  await using client = await rawClient(broker.port);
  client.send(encodeRequest('Produce', 8, produceBody('nowhere', batch(), { acks: 0 }), 1));
  await client.closed;
  expect(client.answered).toEqual([]);
});

test('a client that does not take its answers is not read from any more, and others are served', async () => {
  await using broker = await startBroker({ maxRequestBytes: 4 * 1024 * 1024 });
  await broker.log.createTopic('t');
  await using slow = await rawClient(broker.port);
  await using other = await rawClient(broker.port);
  for (let i = 0; i < 5; i++) await produce(other, batch('x'.repeat(1_000_000)));
  slow.socket.pause();
  const before = process.memoryUsage().rss;
  const request = encodeRequest('Fetch', 11, fetchBody('t', 0, { maxBytes: 1e8, partitionMaxBytes: 1e8 }), 1);
  for (let i = 0; i < 2000; i++) slow.send(request);
  expect((await fetch(other, 0)).errorCode).toBe(0);
  for (let i = 0; i < 20; i++) await fetch(other, 0);
  expect(process.memoryUsage().rss - before).toBeLessThan(150e6);
});

test('a member whose client vanished leaves by its session timeout', async () => {
  await using broker = await startBroker();
  const vanishing = await rawClient(broker.port);
  expect(await vanishing.ask('JoinGroup', 3, joinBody('', 300))).toMatchObject({ errorCode: 0, generation: 1 });
  await vanishing[Symbol.asyncDispose]();
  await using asking = await rawClient(broker.port);
  const state = async () =>
    (await asking.ask<{ groups: { state: string }[] }>('DescribeGroups', 4, { groupIds: ['g'], includeOperations: false }))
      .groups[0]!.state;
  expect(await state()).toBe('CompletingRebalance');
  await eventually(async () => (await state()) === 'Dead');
});

const joinBody = (memberId: string, sessionTimeoutMs = 10_000) => ({
  groupId: 'g',
  sessionTimeoutMs,
  rebalanceTimeoutMs: 60_000,
  memberId,
  instanceId: null,
  protocolType: 'consumer',
  protocols: [{ name: 'range', metadata: Buffer.from('m') }],
});

test('a new member is first told its id, and joins with it', async () => {
  await using broker = await startBroker();
  await using client = await rawClient(broker.port);
  const told = await client.ask<{ errorCode: number; memberId: string }>('JoinGroup', 5, joinBody(''));
  expect(told).toMatchObject({ errorCode: errorCodes.memberIdRequired, memberId: expect.stringMatching(/^raw-/) as unknown });
  expect(await client.ask('JoinGroup', 5, joinBody(told.memberId))).toMatchObject({
    errorCode: 0,
    generation: 1,
    leader: told.memberId,
  });
  expect(await client.ask('JoinGroup', 5, joinBody('made up'))).toMatchObject({ errorCode: errorCodes.unknownMemberId });
  expect(await client.ask('JoinGroup', 5, joinBody('', 0))).toMatchObject({ errorCode: errorCodes.invalidSessionTimeout });
});

test('clients are told the address they came by, or the one the broker was told to tell', async () => {
  const request = { topics: null, allowAutoTopicCreation: false, includeClusterOperations: false, includeTopicOperations: false };
  await using plain = await startBroker({ host: '0.0.0.0' });
  await using client = await rawClient(plain.port);
  expect(await client.ask('Metadata', 8, request)).toMatchObject({ brokers: [{ host: '127.0.0.1', port: plain.port }] });
  await using elsewhere = await startBroker({ advertisedHost: 'kafka.example', advertisedPort: 19092 });
  await using other = await rawClient(elsewhere.port);
  expect(await other.ask('FindCoordinator', 2, { key: 'g', keyType: 0 })).toMatchObject({ host: 'kafka.example', port: 19092 });
});

test('closing the broker answers what is being made durable and drops what is parked', async () => {
  await using broker = await startBroker();
  await broker.log.createTopic('t');
  await using consumer = await rawClient(broker.port);
  await using producer = await rawClient(broker.port);
  consumer.send(encodeRequest('Fetch', 11, fetchBody('t', 0, { maxWaitMs: 600_000, minBytes: 1e6 }), 1));
  producer.send(encodeRequest('Produce', 8, produceBody('t', batch()), 1));
  await eventually(() => broker.log.partition('t', 0)!.endOffset === 1);
  await using leader = await rawClient(broker.port);
  await leader.ask('JoinGroup', 3, joinBody(''));
  await using member = await rawClient(broker.port);
  const parked = member.ask('JoinGroup', 3, joinBody(''));
  await eventually(async () => {
    const { groups } = await leader.ask<{ groups: { members: unknown[] }[] }>('DescribeGroups', 4, {
      groupIds: ['g'],
      includeOperations: false,
    });
    return groups[0]!.members.length === 2;
  });
  await using slow = await rawClient(broker.port);
  slow.socket.pause();
  await broker.close();
  expect(await parked).toMatchObject({ errorCode: errorCodes.coordinatorNotAvailable });
  await Promise.all([consumer.closed, producer.closed, member.closed]);
  expect(producer.answered).toEqual([1]);
});
