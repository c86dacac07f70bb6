import { buildBatch } from '@tmws/log';
import { Kafka, logLevel } from 'kafkajs';
import type { KafkaAccess, Session } from '../src/index.ts';
import { allApis } from '../src/apis/all-apis.ts';
import { startBroker, type TestBroker } from './fixture.ts';
import { fetchBody, type ProduceAnswer, produceBody, type RawClient, rawClient } from './raw-client.ts';

/** Lets `ada` do everything, `eve` nothing; others are refused. */
const access: KafkaAccess = {
  signIn({ user, secret }) {
    const sessions: Readonly<Record<string, Session>> = { ada: {}, eve: { refusal: () => Promise.resolve('eve may not') } };
    return Promise.resolve((secret === 'open sesame' ? sessions[user] : undefined) ?? 'the credential is not good here');
  },
};
let broker: TestBroker;

beforeAll(async () => {
  broker = await startBroker({ access });
  await broker.log.createTopic('t', { partitions: 1 });
});
afterAll(() => broker[Symbol.asyncDispose]());

const tokenOf = (user: string, secret = 'open sesame'): Buffer => Buffer.from(`\0${user}\0${secret}`);
const allTopics = { topics: null, allowAutoTopicCreation: false, includeClusterOperations: false, includeTopicOperations: false };

async function signIn(client: RawClient, user: string, version = 1): Promise<{ errorCode: number; errorMessage: string | null }> {
  await client.ask('SaslHandshake', 1, { mechanism: 'PLAIN' });
  return await client.ask('SaslAuthenticate', version, { token: tokenOf(user), tags: null });
}

test.each([0, 1, 2])('a client signs in with SaslAuthenticate in version %i', async (version) => {
  await using client = await rawClient(broker.port);
  expect(await signIn(client, 'ada', version)).toMatchObject({ errorCode: 0, errorMessage: null });
  expect(await client.ask('Metadata', 8, allTopics)).toMatchObject({ topics: [{ name: 't' }] });
  expect(await client.ask('SaslHandshake', 1, { mechanism: 'PLAIN' })).toMatchObject({ errorCode: 34 });
});

test('a client of the first handshake sends its token as it is', async () => {
  await using client = await rawClient(broker.port);
  await client.ask('SaslHandshake', 0, { mechanism: 'PLAIN' });
  client.socket.removeAllListeners('data'); // what comes next is no answer with a correlation id
  const empty = new Promise<Buffer>((resolve) => client.socket.once('data', resolve));
  const token = tokenOf('ada');
  const length = Buffer.alloc(4);
  length.writeInt32BE(token.length);
  client.send(Buffer.concat([length, token]));
  expect(await empty).toEqual(Buffer.alloc(4));
});

test.each([
  ['a wrong password', tokenOf('ada', 'open barley'), 'the credential is not good here'],
  ['no password', Buffer.from('\0ada\0'), 'The token is none of SASL/PLAIN: user and password, both without NUL.'],
  ['the name of another to act for', Buffer.from('bob\0ada\0open sesame'), 'The token is none of SASL/PLAIN'],
])('%s is refused with a reason, and the connection is closed', async (_what, token, reason) => {
  await using client = await rawClient(broker.port);
  await client.ask('SaslHandshake', 1, { mechanism: 'PLAIN' });
  const answer = await client.ask('SaslAuthenticate', 1, { token, tags: null });
  expect(answer).toMatchObject({ errorCode: 58, errorMessage: expect.stringContaining(reason) as string });
  await client.closed;
});

test('another mechanism is refused with those there are', async () => {
  await using client = await rawClient(broker.port);
  expect(await client.ask('SaslHandshake', 1, { mechanism: 'SCRAM-SHA-256' })).toEqual({ errorCode: 33, mechanisms: ['PLAIN'] });
  await client.closed;
});

test.each([
  ['Metadata', 8, allTopics],
  ['Produce', 8, produceBody('t', buildBatch([{ value: 'v' }]))],
  ['SaslAuthenticate', 1, { token: tokenOf('ada'), tags: null }],
])('%s before the handshake closes the connection', async (name, version, body) => {
  await using client = await rawClient(broker.port);
  expect(await client.ask('ApiVersions', 0, {})).toMatchObject({ errorCode: 0 });
  const answer = client.ask<{ errorCode: number }>(name, version, body);
  if (name === 'SaslAuthenticate') expect((await answer).errorCode).toBe(34);
  else await client.closed;
  expect(broker.log.partition('t', 0)?.endOffset).toBe(0);
});

const group = { groupId: 'g', generation: 1, memberId: 'm', instanceId: null };
const timeoutMs = 1000;
const topicResource = { type: 2, name: 't' };
const refusedTo: Readonly<Record<string, [version: number, body: unknown]>> = {
  Produce: [8, produceBody('t', buildBatch([{ value: 'v' }]))],
  Fetch: [11, fetchBody('t', 0)],
  ListOffsets: [
    5,
    { replica: -1, isolationLevel: 0, topics: [{ name: 't', partitions: [{ index: 0, leaderEpoch: -1, timestampMs: -1 }] }] },
  ],
  OffsetCommit: [7, { ...group, topics: [{ name: 't', partitions: [{ index: 0, offset: 1, leaderEpoch: -1, metadata: '' }] }] }],
  OffsetFetch: [5, { groupId: 'g', topics: [{ name: 't', partitions: [0] }] }],
  JoinGroup: [5, { ...group, sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 10_000, protocolType: 'consumer', protocols: [] }],
  SyncGroup: [3, { ...group, assignments: [] }],
  Heartbeat: [3, group],
  LeaveGroup: [3, { groupId: 'g', members: [] }],
  DescribeGroups: [4, { groupIds: ['g'], includeOperations: false }],
  ListGroups: [2, {}],
  DeleteGroups: [1, { groupIds: ['g'] }],
  InitProducerId: [1, { transactionalId: null, transactionTimeoutMs: 1 }],
  CreateTopics: [
    4,
    {
      topics: [{ name: 'new', partitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
      timeoutMs,
      validateOnly: false,
    },
  ],
  DeleteTopics: [3, { names: ['t'], timeoutMs }],
  DeleteRecords: [1, { topics: [{ name: 't', partitions: [{ index: 0, offset: 0 }] }], timeoutMs }],
  CreatePartitions: [1, { topics: [{ name: 't', total: 9, assignments: null }], timeoutMs, validateOnly: false }],
  DescribeConfigs: [2, { resources: [{ ...topicResource, names: null }], includeSynonyms: false }],
  AlterConfigs: [1, { resources: [{ ...topicResource, configs: [] }], validateOnly: false }],
  IncrementalAlterConfigs: [0, { resources: [{ ...topicResource, configs: [] }], validateOnly: false }],
};
const openToWhoCameIn = ['Metadata', 'FindCoordinator', 'SaslHandshake', 'SaslAuthenticate', 'ApiVersions'];

test('every request is refused to who may do nothing, and does nothing', async () => {
  expect([...Object.keys(refusedTo), ...openToWhoCameIn].toSorted()).toEqual(allApis.map(({ name }) => name).toSorted());
  await using client = await rawClient(broker.port);
  await signIn(client, 'eve');
  for (const [name, [version, body]] of Object.entries(refusedTo)) {
    const codes = [...JSON.stringify(await client.ask(name, version, body)).matchAll(/"errorCode":(-?\d+)/g)].map(
      ([, code]) => code,
    );
    // A fetch and the like have a code of the whole as well.
    expect([name, codes.filter((code) => code !== '0').length > 0]).toEqual([name, true]);
    expect([name, codes.every((code) => ['0', '29', '30', '31'].includes(code ?? ''))]).toEqual([name, true]);
  }
  expect(broker.log.topics().map(({ name, partitions }) => [name, partitions])).toEqual([['t', 1]]);
  expect(broker.log.partition('t', 0)?.endOffset).toBe(0);
});

test('a refused produce says why', async () => {
  await using client = await rawClient(broker.port);
  await signIn(client, 'eve');
  const answer = await client.ask<ProduceAnswer>('Produce', 8, produceBody('t', buildBatch([{ value: 'v' }])));
  expect(answer.topics[0]?.partitions[0]).toMatchObject({ errorCode: 29, errorMessage: 'eve may not', baseOffset: -1 });
});

test('kafkajs signs in, sends and reads; with a wrong password it says so', async () => {
  await using own = await startBroker({ access });
  await own.log.createTopic('t', { partitions: 1 });
  const kafka = (password: string): Kafka =>
    new Kafka({
      brokers: [`127.0.0.1:${own.port}`],
      sasl: { mechanism: 'plain', username: 'ada', password },
      logLevel: logLevel.NOTHING,
      retry: { retries: 0 },
    });
  const producer = kafka('open sesame').producer();
  await producer.connect();
  await producer.send({ topic: 't', messages: [{ value: 'hello' }] });
  await producer.disconnect();
  const consumer = kafka('open sesame').consumer({ groupId: 'g' });
  await consumer.connect();
  await consumer.subscribe({ topic: 't', fromBeginning: true });
  const read = Promise.withResolvers<string | undefined>();
  await consumer.run({ eachMessage: ({ message }) => Promise.resolve(read.resolve(message.value?.toString())) });
  expect(await read.promise).toBe('hello');
  await consumer.disconnect();
  await expect(kafka('open barley').producer().connect()).rejects.toMatchObject({
    name: 'KafkaJSSASLAuthenticationError',
    message: expect.stringContaining('the credential is not good here') as string,
  });
});

test('a broker that asks for nothing tells a client that signs in that there is no need', async () => {
  await using open = await startBroker();
  await using client = await rawClient(open.port);
  expect(await client.ask('SaslHandshake', 1, { mechanism: 'PLAIN' })).toMatchObject({ errorCode: 34 });
  expect(await client.ask('Metadata', 8, allTopics)).toMatchObject({ topics: [] });
});
