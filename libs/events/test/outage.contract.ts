import { eventually } from '@tmws/testkit';
import type { EventBus } from '../src/index.ts';
import { newName, newTopic, numbered, openBus, type OpenedBus, range, type TestKafka } from './fixture.ts';
import { type MemoryStore, memoryStore } from './memory-store.ts';

/** What an EventBus does while its broker goes away and comes back. `open` gives a broker nobody else uses. */
export function outageContract(open: () => Promise<TestKafka>): void {
  let kafka: TestKafka;
  let opened: OpenedBus;
  let bus: EventBus;
  let topic: string;
  let store: MemoryStore;

  beforeAll(async () => {
    kafka = await open();
  }, 120_000);
  afterAll(() => kafka[Symbol.asyncDispose]());
  beforeEach(async () => {
    opened = openBus(kafka, { publishTimeoutMs: 2500 });
    ({ bus } = opened);
    topic = await newTopic(kafka);
    store = memoryStore();
  });
  afterEach(() => opened[Symbol.asyncDispose]());

  const consume = () => bus.consume({ group: newName('group'), topics: [topic], lanes: 2, ...store });
  const publish = (n: number): Promise<void> => bus.publish([numbered(topic, n)]);
  /** As a careful producer does: again, until it is told that it is there. */
  const surely = (n: number): Promise<boolean> => eventually(async () => (await publish(n), true), { timeoutMs: 60_000 });
  const patiently = { timeoutMs: 60_000 };

  test('what was published before, while and after the broker was away is stored, and each record once', async () => {
    consume();
    await Promise.all(range(0, 30).map(publish));
    await eventually(() => store.numbers().length >= 20);
    const down = kafka.outage!.down();
    const meanwhile = range(30, 60).map(surely);
    await down;
    await kafka.outage!.up();
    await Promise.all(meanwhile);
    await Promise.all(range(60, 90).map(surely));
    await eventually(() => expect(new Set(store.numbers())).toEqual(new Set(range(0, 90))), patiently);
    const offsets = store.stored.map(({ partition, offset }) => `${partition}/${offset}`);
    expect(new Set(offsets).size).toBe(offsets.length);
    expect(BigInt(offsets.length)).toBe((await bus.offsets(topic)).reduce((sum, { next }) => sum + next, 0n));
  }, 120_000);

  test('a publish while the broker is away fails in time and says what to do, and works when it is back', async () => {
    await publish(0);
    await kafka.outage!.down();
    const beganMs = performance.now();
    await expect(publish(1)).rejects.toMatchObject({
      kind: 'unavailable',
      retryAfterMs: 1000,
      message: expect.stringMatching(
        /^Kafka did not (take the records|answer in time); send the records again, the same ids are taken once$/,
      ) as string,
    });
    expect(performance.now() - beganMs).toBeLessThan(5000);
    await kafka.outage!.up();
    await surely(2);
    consume();
    await eventually(() => expect(store.numbers()).toEqual(expect.arrayContaining([0, 2])), patiently);
  }, 120_000);

  test('consumer and bus close soon while the broker is away, and stay closed when it is back', async () => {
    const consumer = consume();
    await publish(0);
    await eventually(() => store.numbers().length === 1);
    await kafka.outage!.down();
    const waiting = publish(1).catch(() => undefined);
    const beganMs = performance.now();
    await consumer.close();
    await bus.close();
    expect(performance.now() - beganMs).toBeLessThan(6000);
    await waiting;
    await kafka.outage!.up();
    await using other = openBus(kafka);
    await eventually(() => other.bus.publish([numbered(topic, 2)]).then(() => true), patiently);
    expect(store.numbers()).toEqual([0]);
  }, 120_000);

  test('a consumer and topics asked for before the broker is there come when it is', async () => {
    await kafka.outage!.down();
    const making = bus.ensureTopics();
    consume();
    await eventually(() => expect(opened.lines.join('')).toContain('the topics cannot be made yet; Kafka is away'), patiently);
    await kafka.outage!.up();
    await making;
    expect(await bus.offsets('tmws.workflow')).toHaveLength(12);
    await surely(0);
    await eventually(() => expect(store.numbers()).toContain(0), patiently);
  }, 120_000);

  test('who waits for topics is let go when the bus is closed or the signal comes', async () => {
    await kafka.outage!.down();
    const stopped = new AbortController();
    const byClose = expect(bus.ensureTopics()).rejects.toMatchObject({ kind: 'unavailable' });
    const bySignal = expect(bus.ensureTopics(stopped.signal)).rejects.toBe('enough');
    stopped.abort('enough');
    await bySignal;
    await bus.close();
    await byClose;
    await kafka.outage!.up();
  }, 120_000);
}
