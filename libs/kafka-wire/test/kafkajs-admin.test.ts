import { eventually } from '@tmws/testkit';
import { type Admin, ConfigResourceTypes } from 'kafkajs';
import { startBroker, type TestBroker } from './fixture.ts';

let broker: TestBroker;
let admin: Admin;

beforeAll(async () => {
  broker = await startBroker();
  admin = broker.kafka().admin();
  await admin.connect();
});

afterAll(async () => {
  await admin.disconnect();
  await broker[Symbol.asyncDispose]();
});

async function produce(topic: string, count: number, timestamp?: string): Promise<void> {
  const producer = broker.kafka().producer();
  await producer.connect();
  await producer.send({
    topic,
    messages: Array.from({ length: count }, (_, i) => ({ value: `${i}`, ...(timestamp && { timestamp }), partition: 0 })),
  });
  await producer.disconnect();
}

test('topics are made, listed, described, grown and deleted', async () => {
  expect(await admin.createTopics({ topics: [{ topic: 'a', numPartitions: 2 }, { topic: 'b' }] })).toBe(true);
  expect(await admin.createTopics({ topics: [{ topic: 'a' }] })).toBe(false);
  expect((await admin.listTopics()).sort()).toEqual(['a', 'b']);
  const { topics } = await admin.fetchTopicMetadata({ topics: ['a', 'b'] });
  expect(topics.map((topic) => [topic.name, topic.partitions.length]).sort()).toEqual([
    ['a', 2],
    ['b', 3],
  ]);
  await admin.createPartitions({ topicPartitions: [{ topic: 'a', count: 5 }] });
  expect((await admin.fetchTopicMetadata({ topics: ['a'] })).topics[0]?.partitions).toHaveLength(5);
  await admin.deleteTopics({ topics: ['a', 'b'] });
  expect(await admin.listTopics()).toEqual([]);
  await expect(admin.deleteTopics({ topics: ['a'] })).rejects.toThrow('This server does not host this topic-partition');
});

test('a topic that cannot be is refused with its reason, and a trial makes none', async () => {
  const attempt = (topic: object): Promise<unknown> =>
    admin
      .createTopics({ topics: [topic as { topic: string }] })
      .catch((error: unknown) => (error as { errors: { type: string }[] }).errors[0]?.type);
  expect(await attempt({ topic: 'r', replicationFactor: 3 })).toBe('INVALID_REPLICATION_FACTOR');
  expect(await attempt({ topic: 'r', numPartitions: 5000 })).toBe('INVALID_PARTITIONS');
  expect(await attempt({ topic: 'r', configEntries: [{ name: 'cleanup.policy', value: 'compact' }] })).toBe('INVALID_CONFIG');
  expect(await attempt({ topic: 'r', configEntries: [{ name: 'retention.ms', value: 'soon' }] })).toBe('INVALID_CONFIG');
  expect(await admin.createTopics({ validateOnly: true, waitForLeaders: false, topics: [{ topic: 'trial' }] })).toBe(true);
  expect(await admin.listTopics()).toEqual([]);
});

test('settings of a topic are told and changed', async () => {
  await admin.createTopics({ topics: [{ topic: 'c', configEntries: [{ name: 'retention.ms', value: '60000' }] }] });
  const describe = async (): Promise<Map<string, string>> => {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: 'c' }],
    });
    return new Map(resources[0]!.configEntries.map((entry) => [entry.configName, entry.configValue]));
  };
  expect((await describe()).get('retention.ms')).toBe('60000');
  expect((await describe()).get('cleanup.policy')).toBe('delete');
  const alter = (name: string, value: string): Promise<unknown> =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: 'c', configEntries: [{ name, value }] }],
    });
  await alter('retention.bytes', '1000000');
  expect([(await describe()).get('retention.ms'), (await describe()).get('retention.bytes')]).toEqual([
    String(7 * 24 * 3600 * 1000),
    '1000000',
  ]);
  await expect(alter('segment.bytes', '1')).rejects.toMatchObject({ type: 'INVALID_CONFIG' });
  await admin.deleteTopics({ topics: ['c'] });
});

test('offsets of a topic are told: its ends, by timestamp, and after records were deleted', async () => {
  await admin.createTopics({ topics: [{ topic: 'o', numPartitions: 1 }] });
  await produce('o', 10, '5000');
  await produce('o', 5, '9000');
  expect(await admin.fetchTopicOffsets('o')).toEqual([{ partition: 0, offset: '15', high: '15', low: '0' }]);
  expect(await admin.fetchTopicOffsetsByTimestamp('o', 5001)).toEqual([{ partition: 0, offset: '10' }]);
  expect(await admin.fetchTopicOffsetsByTimestamp('o', 9001)).toEqual([{ partition: 0, offset: '15' }]);
  await admin.deleteTopicRecords({ topic: 'o', partitions: [{ partition: 0, offset: '12' }] });
  expect(await admin.fetchTopicOffsets('o')).toEqual([{ partition: 0, offset: '15', high: '15', low: '12' }]);
  await admin.deleteTopics({ topics: ['o'] });
});

test('groups are listed, described, moved and deleted, and keep their offsets while nobody is in them', async () => {
  await admin.createTopics({ topics: [{ topic: 'g', numPartitions: 2 }] });
  await produce('g', 10);
  const consumer = broker.kafka('the client').consumer({ groupId: 'group', maxWaitTimeInMs: 200 });
  await consumer.connect();
  await consumer.subscribe({ topic: 'g', fromBeginning: true });
  let count = 0;
  await consumer.run({ eachMessage: () => Promise.resolve(count++).then(() => undefined) });
  await eventually(() => count === 10);
  const { groups } = await admin.describeGroups(['group']);
  expect(groups[0]).toMatchObject({
    state: 'Stable',
    protocol: 'RoundRobinAssigner',
    members: [{ clientId: 'the client', clientHost: '/127.0.0.1' }],
  });
  await expect(admin.deleteGroups(['group'])).rejects.toMatchObject({ groups: [{ error: { type: 'NON_EMPTY_GROUP' } }] });
  await consumer.disconnect();

  expect((await admin.listGroups()).groups).toEqual([{ groupId: 'group', protocolType: 'consumer' }]);
  const offsets = async (): Promise<string[]> =>
    (await admin.fetchOffsets({ groupId: 'group', topics: ['g'] }))[0]!.partitions
      .sort((a, b) => a.partition - b.partition)
      .map((p) => p.offset);
  expect((await offsets())[0]).toBe('10');
  await admin.resetOffsets({ groupId: 'group', topic: 'g', earliest: true });
  expect((await offsets())[0]).toBe('-2'); // kafkajs commits the word "earliest" itself
  await admin.setOffsets({ groupId: 'group', topic: 'g', partitions: [{ partition: 0, offset: '4' }] });
  expect((await offsets())[0]).toBe('4');
  await admin.deleteGroups(['group']);
  expect((await admin.listGroups()).groups).toEqual([]);
  expect((await admin.describeGroups(['group'])).groups[0]).toMatchObject({ state: 'Dead' });
  await admin.deleteTopics({ topics: ['g'] });
});

test('the cluster is one broker, with the same id after a restart', async () => {
  const before = await admin.describeCluster();
  expect(before).toMatchObject({ brokers: [{ nodeId: 1, host: '127.0.0.1', port: broker.port }], controller: 1 });
  expect(before.clusterId).toHaveLength(22);
  await broker.restart();
  await admin.disconnect();
  await admin.connect();
  expect((await admin.describeCluster()).clusterId).toBe(before.clusterId);
});
