import { eventually } from '@tmws/testkit';
import { type Consumer } from 'kafkajs';
import { startBroker, type TestBroker } from './fixture.ts';

const options = { groupId: 'g', maxWaitTimeInMs: 200, heartbeatInterval: 100, sessionTimeout: 10_000 };

async function send(broker: TestBroker, from: number, to: number): Promise<void> {
  const producer = broker.kafka().producer();
  await producer.connect();
  const messages = Array.from({ length: to - from }, (_, i) => ({ key: `${from + i}`, value: `${from + i}` }));
  await producer.send({ topic: 't', messages });
  await producer.disconnect();
}

async function run(consumer: Consumer, got: string[], options: { autoCommit?: boolean } = {}): Promise<void> {
  await consumer.connect();
  await consumer.subscribe({ topic: 't', fromBeginning: true });
  await consumer.run({
    ...options,
    eachMessage: ({ message }) => {
      got.push(message.value!.toString());
      return Promise.resolve();
    },
  });
}

test('two members share the partitions, and the one that stays takes over those of the one that leaves', async () => {
  await using broker = await startBroker();
  await broker.log.createTopic('t', { partitions: 4 });
  const admin = broker.kafka().admin();
  await admin.connect();
  const one = broker.kafka('one').consumer(options);
  const two = broker.kafka('two').consumer(options);
  const gotOne: string[] = [];
  const gotTwo: string[] = [];
  await run(one, gotOne);
  await send(broker, 0, 100);
  await eventually(() => gotOne.length === 100);
  await run(two, gotTwo);
  await eventually(async () => {
    const [group] = (await admin.describeGroups(['g'])).groups;
    return group?.state === 'Stable' && group.members.length === 2;
  });
  await send(broker, 100, 300);
  await eventually(() => new Set([...gotOne, ...gotTwo]).size === 300);
  expect(gotTwo.length).toBeGreaterThan(20);
  await one.disconnect();
  await send(broker, 300, 400);
  await eventually(() => new Set([...gotOne, ...gotTwo]).size === 400);
  await two.disconnect();
  const [group] = (await admin.describeGroups(['g'])).groups;
  expect(group).toMatchObject({ state: 'Empty', members: [] });
  expect([...gotOne, ...gotTwo]).toHaveLength(400);
  await admin.disconnect();
});

test('a group goes on where it committed, also when the broker was restarted in between', async () => {
  await using broker = await startBroker();
  await broker.log.createTopic('t', { partitions: 1 });
  await send(broker, 0, 50);
  const first = broker.kafka().consumer(options);
  const gotFirst: string[] = [];
  await run(first, gotFirst);
  await eventually(() => gotFirst.length === 50);
  await first.disconnect();
  await send(broker, 50, 60);
  await broker.restart();
  const second = broker.kafka().consumer(options);
  const gotSecond: string[] = [];
  await run(second, gotSecond);
  await eventually(() => gotSecond.length === 10);
  await second.disconnect();
  expect(gotSecond).toEqual(Array.from({ length: 10 }, (_, i) => `${50 + i}`));
});

test('a consumer that runs while the broker restarts goes on, without a gap', async () => {
  await using broker = await startBroker();
  await broker.log.createTopic('t', { partitions: 2 });
  const consumer = broker.kafka().consumer(options);
  const got: string[] = [];
  await run(consumer, got);
  await send(broker, 0, 20);
  await eventually(() => got.length === 20);
  await broker.restart();
  await send(broker, 20, 40);
  await eventually(() => new Set(got).size === 40, { timeoutMs: 20_000 });
  await consumer.disconnect();
});

test('seek, pause and resume do what they say', async () => {
  await using broker = await startBroker();
  await broker.log.createTopic('t', { partitions: 1 });
  await send(broker, 0, 20);
  const consumer = broker.kafka().consumer(options);
  const got: string[] = [];
  await run(consumer, got);
  await eventually(() => got.length === 20);
  consumer.pause([{ topic: 't' }]);
  await send(broker, 20, 21);
  consumer.seek({ topic: 't', partition: 0, offset: '15' });
  consumer.resume([{ topic: 't' }]);
  await eventually(() => got.length === 26);
  expect(got.slice(20)).toEqual(['15', '16', '17', '18', '19', '20']);
  await consumer.disconnect();
});
