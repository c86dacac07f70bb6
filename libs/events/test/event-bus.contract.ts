import { Problem } from '@tmws/problems';
import { eventually } from '@tmws/testkit';
import kafkajs from 'kafkajs';
import type { Consumer, EventBus } from '../src/index.ts';
import {
  client,
  cutBefore,
  newName,
  newTopic,
  numbered,
  openBus,
  type OpenedBus,
  range,
  type TestKafka,
  withAdmin,
} from './fixture.ts';
import { type MemoryStore, memoryStore } from './memory-store.ts';

/** What an EventBus does on any broker. */
export function eventBusContract(open: () => Promise<TestKafka>): void {
  let kafka: TestKafka;
  let opened: OpenedBus;
  let bus: EventBus;
  let topic: string;
  let group: string;
  let store: MemoryStore;

  beforeAll(async () => {
    kafka = await open();
  });
  afterAll(() => kafka[Symbol.asyncDispose]());
  beforeEach(async () => {
    opened = openBus(kafka);
    ({ bus } = opened);
    topic = await newTopic(kafka);
    group = newName('group');
    store = memoryStore();
  });
  afterEach(() => opened[Symbol.asyncDispose]());

  const consume = (lanes = 2, from = bus): Consumer => from.consume({ group, topics: [topic], lanes, ...store });
  const publish = (from: number, to: number): Promise<void> => bus.publish(range(from, to).map((n) => numbered(topic, n)));
  const sorted = (): number[] => store.numbers().sort((a, b) => a - b);
  const stored = (count: number): Promise<void> =>
    eventually(() => expect(store.numbers().length).toBeGreaterThanOrEqual(count), { timeoutMs: 20_000 });
  const away = (): Problem => new Problem('unavailable', 'the database is away');
  const logEnd = async (): Promise<Map<string, bigint>> =>
    new Map(
      (await bus.offsets(topic)).filter(({ next }) => next > 0n).map(({ partition, next }) => [`${topic}/${partition}`, next]),
    );

  describe('publishing and consuming', () => {
    test('every record is stored once, those of one key in their order, and offsets stand at the end', async () => {
      consume();
      await Promise.all([publish(0, 200), ...range(200, 260).map((n) => publish(n, n + 1))]);
      await stored(260);
      expect(sorted()).toEqual(range(0, 260));
      for (const [, some] of Map.groupBy(store.stored, ({ key }) => String(key))) {
        const ns = some.map(({ headers }) => Number(headers['n'])).filter((n) => n < 200);
        expect(ns).toEqual([...ns].sort((a, b) => a - b));
      }
      expect(store.offsets).toEqual(await logEnd());
    });

    test('keys, headers, values and times come as they were sent; what is absent stays absent', async () => {
      const headers = { ce_id: 'ü"', 'content-type': 'application/json', empty: '' };
      await bus.publish([{ topic, key: Buffer.from([0, 255]), headers, value: Buffer.from('{"a":1}') }]);
      await bus.publish([{ topic, key: undefined, headers: {}, value: undefined }]);
      consume();
      await stored(2);
      const [whole] = store.stored.filter(({ key }) => key !== undefined);
      expect(whole).toMatchObject({ topic, key: Buffer.from([0, 255]), headers, value: Buffer.from('{"a":1}') });
      expect(Math.abs(whole!.timestampMs - Date.now())).toBeLessThan(60_000);
      const [bare] = store.stored.filter(({ key }) => key === undefined);
      expect(bare).toMatchObject({ topic, key: undefined, headers: {}, value: undefined });
    });

    test('of a header given twice the last counts', async () => {
      const producer = client(kafka).producer();
      await producer.connect();
      await producer.send({ topic, messages: [{ key: 'k', value: 'v', headers: { n: '0', twice: ['a', 'b'] } }] });
      await producer.disconnect();
      consume();
      await stored(1);
      expect(store.stored[0]?.headers).toMatchObject({ n: '0', twice: 'b' });
    });

    test('batches compressed with gzip are read', async () => {
      const producer = client(kafka).producer();
      await producer.connect();
      const messages = range(0, 50).map((n) => ({ key: 'k', value: `${n}`.repeat(50), headers: { n: String(n) } }));
      await producer.send({ topic, messages, compression: kafkajs.CompressionTypes.GZIP });
      await producer.disconnect();
      consume();
      await stored(50);
      expect(store.numbers()).toEqual(range(0, 50));
    });

    test('a consumer that starts on a topic with records has the first of them within a second', async () => {
      await publish(0, 10);
      const beganMs = performance.now();
      consume();
      await stored(10);
      expect(performance.now() - beganMs).toBeLessThan(process.env['TMWS_TEST_SERVERS'] === '1' ? 8000 : 3000);
    });
  });

  describe('the store decides where to read', () => {
    const readTo = async (count: number): Promise<void> => {
      const consumer = consume();
      await stored(count);
      await consumer.close();
    };

    test('a consumer that starts again goes on where the store is', async () => {
      await publish(0, 60);
      await readTo(60);
      await publish(60, 100);
      await readTo(100);
      expect(sorted()).toEqual(range(0, 100));
    });

    test("the broker's offsets ahead of the store's are not believed", async () => {
      await publish(0, 60);
      await readTo(60);
      const halfway = new Map([...store.offsets].map(([place, next]) => [place, next / 2n]));
      const rest = store.stored.filter(({ partition, offset }) => offset >= (halfway.get(`${topic}/${partition}`) ?? 0n));
      store = memoryStore();
      for (const [place, next] of halfway) store.offsets.set(place, next);
      await readTo(rest.length);
      expect(sorted()).toEqual(rest.map(({ headers }) => Number(headers['n'])).sort((a, b) => a - b));
    });

    test("the broker's offsets behind the store's are not believed", async () => {
      await publish(0, 60);
      await readTo(60);
      await publish(60, 100);
      for (const [place, next] of await logEnd()) store.offsets.set(place, next);
      store.stored.length = 0;
      await publish(100, 110);
      await readTo(10);
      expect(sorted()).toEqual(range(100, 110));
    });

    test('an empty store reads from the beginning, though the group has read everything before', async () => {
      await publish(0, 60);
      await readTo(60);
      store = memoryStore();
      await readTo(60);
      expect(sorted()).toEqual(range(0, 60));
    });

    test('the broker learns where the store is, so that lag can be seen', async () => {
      await publish(0, 60);
      await readTo(60);
      const committed = await withAdmin(kafka, (admin) => admin.fetchOffsets({ groupId: group, topics: [topic] }));
      const known = committed[0]!.partitions.filter(({ offset }) => offset !== '-1');
      expect(new Map(known.map(({ partition, offset }) => [`${topic}/${partition}`, BigInt(offset)]))).toEqual(store.offsets);
    });

    test('after a rewind everything is read again from where the store says then', async () => {
      await publish(0, 60);
      const consumer = consume();
      await stored(60);
      store.stored.length = 0;
      store.offsets.clear();
      await consumer.rewind();
      await publish(60, 65);
      await stored(65);
      expect(sorted()).toEqual(range(0, 65));
    });

    test('a rewind while batches are being stored loses none of them', async () => {
      await publish(0, 300);
      let cleared: Promise<void> | undefined;
      const consumer = consume();
      store.before = async () => {
        if (store.calls() !== 2) return;
        // As a rebuild does it, in the middle of this transaction.
        store.stored.length = 0;
        store.offsets.clear();
        cleared = consumer.rewind();
        await new Promise(setImmediate);
      };
      await eventually(() => cleared !== undefined || store.numbers().length === 300);
      await cleared;
      await stored(300);
      expect(sorted()).toEqual(range(0, 300));
    });

    test('when another consumer has moved the store on, this one goes on from there', async () => {
      await publish(0, 60);
      const end = await logEnd();
      let moved = false;
      store.before = () => {
        if (moved) return;
        moved = true;
        for (const [place, next] of end) store.offsets.set(place, next);
      };
      consume();
      await eventually(() => moved);
      await publish(60, 80);
      await stored(20);
      expect(sorted()).toEqual(range(60, 80));
    });

    test('a store that cannot say where it is is asked until it can', async () => {
      await publish(0, 20);
      let asked = 0;
      const { loadOffsets } = store;
      bus.consume({
        group,
        topics: [topic],
        lanes: 1,
        ...store,
        loadOffsets: () => (++asked < 3 ? Promise.reject(away()) : loadOffsets()),
      });
      await stored(20);
      expect([sorted(), asked >= 3]).toEqual([range(0, 20), true]);
    });
  });

  describe('several consumers', () => {
    test('share the partitions, and when one comes or goes nothing is lost or doubled', async () => {
      const first = consume();
      await publish(0, 100);
      await stored(100);
      await using other = openBus(kafka);
      const second = consume(2, other.bus);
      for (let n = 100; n < 400; n += 20) await publish(n, n + 20);
      await eventually(async () => {
        const described = await withAdmin(kafka, (admin) => admin.describeGroups([group]));
        return described.groups[0]?.members.length === 2;
      });
      await publish(400, 500);
      await first.close();
      await publish(500, 600);
      await stored(600);
      await second.close();
      expect(sorted()).toEqual(range(0, 600));
    }, 60_000);
  });

  describe('what cannot be stored', () => {
    test('is tried again while the store is away; later records of the partition wait', async () => {
      topic = await newTopic(kafka, 1);
      let tries = 0;
      store.before = () => {
        if (++tries <= 3) throw away();
      };
      consume();
      await publish(0, 3);
      await eventually(() => tries >= 2);
      await publish(3, 6);
      await stored(6);
      expect([store.numbers(), store.parked]).toEqual([range(0, 6), []]);
    });

    test('is parked when it is the record itself, and everything beside it goes on', async () => {
      const poison = new Set([7, 8, 31]);
      store.before = (batches) => {
        if (batches.some(({ records }) => records.some(({ headers }) => poison.has(Number(headers['n'])))))
          throw new TypeError('poison');
      };
      let parks = 0;
      store.beforePark = () => {
        if (++parks === 1) throw new TypeError('the park is closed');
      };
      await publish(0, 40);
      consume();
      await stored(37);
      await eventually(() => expect(store.parked).toHaveLength(3));
      expect(sorted()).toEqual(range(0, 40).filter((n) => !poison.has(n)));
      expect(store.parked.map(({ record }) => Number(record.headers['n'])).sort((a, b) => a - b)).toEqual([...poison]);
      expect(store.parked[0]?.problem).toMatchObject({ kind: 'internal', cause: new TypeError('poison') });
      expect(store.offsets).toEqual(await logEnd());
    });

    test('does not keep a consumer from closing while it waits for the store', async () => {
      store.before = () => {
        throw away();
      };
      const consumer = consume();
      await publish(0, 3);
      await eventually(() => store.calls() >= 4);
      const beganMs = performance.now();
      await consumer.close();
      expect(performance.now() - beganMs).toBeLessThan(2000);
      expect(store.stored).toEqual([]);
    });
  });

  describe('publishing', () => {
    test('a send larger than a batch may be goes in several, in order', async () => {
      const value = Buffer.alloc(200_000, 1);
      await Promise.all([
        bus.publish(range(0, 12).map((n) => ({ ...numbered(topic, n, 'one'), value }))),
        ...range(12, 20).map((n) => bus.publish([{ ...numbered(topic, n, 'one'), value }])),
      ]);
      consume();
      await stored(20);
      expect(store.numbers()).toEqual(range(0, 20));
    });

    test('a record just below a mebibyte is taken, one above it is refused with its size', async () => {
      const record = numbered(topic, 0);
      const sized = (bytes: number) => ({ ...record, value: Buffer.alloc(bytes) });
      await bus.publish([sized(1024 * 1024 - 120)]);
      await expect(bus.publish([record, sized(1024 * 1024)])).rejects.toMatchObject({
        kind: 'too_large',
        message: expect.stringMatching(
          /^an event must fit into 1048576 bytes \(got 10486\d\d\); send payloads by reference$/,
        ) as string,
      });
    });

    test('what one topic does not take is not held against records of the same moment', async () => {
      const small = await newTopic(kafka, 1, { 'max.message.bytes': '5000' });
      const settled = await Promise.allSettled([
        publish(0, 1),
        bus.publish([{ ...numbered(small, 1), value: Buffer.alloc(20_000) }]),
        publish(2, 3),
        bus.publish([numbered(small, 3)]),
      ]);
      expect(settled.map((one) => (one.status === 'fulfilled' ? 'taken' : (one.reason as Problem).kind))).toEqual([
        'taken',
        'too_large',
        'taken',
        'taken',
      ]);
    });

    test('too many records that wait are refused, and taken later', async () => {
      // Patient, however slow the disk is: what counts is the order of things.
      await using patient = openBus(kafka, { publishTimeoutMs: 300_000 });
      const megabyte = { ...numbered(topic, 0), value: Buffer.alloc(1_000_000) };
      const waiting = range(0, 67).map(() => patient.bus.publish([megabyte]));
      const problem = await patient.bus.publish([megabyte]).catch((error: unknown) => error);
      expect(problem).toMatchObject({
        kind: 'limited',
        retryAfterMs: 1000,
        message: 'too many records wait for Kafka; try again in a second',
      });
      await Promise.all(waiting);
      await patient.bus.publish([megabyte]);
    }, 300_000);

    test('a closed bus refuses', async () => {
      await bus.close();
      await expect(publish(0, 1)).rejects.toThrow(new Problem('unavailable', 'the Kafka client is closed'));
      await expect(bus.offsets(topic)).rejects.toMatchObject({ kind: 'unavailable' });
      await bus.close();
    });
  });

  describe('topics', () => {
    test('are made where they are missing, however often and by however many', async () => {
      await using other = openBus(kafka);
      await Promise.all([bus.ensureTopics(), other.bus.ensureTopics()]);
      await bus.ensureTopics();
      expect(await bus.offsets('tmws.workflow')).toHaveLength(12);
      expect(await bus.offsets('tmws.workflow.dlq')).toHaveLength(1);
      expect([...(await bus.listTopics())]).toEqual(expect.arrayContaining(['tmws.workflow', 'tmws.workflow.dlq']));
    });

    test('tell their first and next offset', async () => {
      topic = await newTopic(kafka, 1);
      expect(await bus.offsets(topic)).toEqual([{ partition: 0, first: 0n, next: 0n }]);
      await publish(0, 5);
      expect(await bus.offsets(topic)).toEqual([{ partition: 0, first: 0n, next: 5n }]);
      await cutBefore(kafka, topic, 2);
      expect(await bus.offsets(topic)).toEqual([{ partition: 0, first: 2n, next: 5n }]);
    });

    test('show their newest records, oldest first, and none when there are none', async () => {
      topic = await newTopic(kafka, 1);
      expect(await bus.tail(topic, 5)).toEqual([]);
      for (const n of range(0, 5)) await publish(n * 10, n * 10 + 10);
      const tail = await bus.tail(topic, 5);
      expect(tail.map(({ headers }) => Number(headers['n']))).toEqual(range(45, 50));
      expect((await bus.tail(topic, 1000)).map(({ offset }) => Number(offset))).toEqual(range(0, 50));
      expect(await bus.tail(topic, 0)).toEqual([]);
      const groups = await withAdmin(kafka, (admin) => admin.listGroups());
      expect(groups.groups.filter(({ groupId }) => groupId.startsWith('tmws-read'))).toEqual([]);
    });

    test('are read between two times, over all partitions in order, and only what is there', async () => {
      topic = await newTopic(kafka, 3);
      const other = await newTopic(kafka, 1);
      for (const n of range(0, 6)) await publish(n * 50, n * 50 + 50);
      const all = (await Array.fromAsync(bus.read([topic, other], {}))).flat();
      expect(all.map(({ headers }) => Number(headers['n'])).toSorted((a, b) => a - b)).toEqual(range(0, 300));
      expect(all.map(({ timestampMs }) => timestampMs)).toEqual(
        all.map(({ timestampMs }) => timestampMs).toSorted((a, b) => a - b),
      );
      const [fromMs, toMs] = [all[100]?.timestampMs ?? 0, (all[200]?.timestampMs ?? 0) + 1];
      const some = (await Array.fromAsync(bus.read([topic], { fromMs, toMs }))).flat();
      const between = all.filter(({ timestampMs }) => timestampMs >= fromMs && timestampMs < toMs);
      expect(some.map(({ headers }) => headers['n']).toSorted()).toEqual(between.map(({ headers }) => headers['n']).toSorted());
      expect(await Array.fromAsync(bus.read([topic], { toMs: 1 }))).toEqual([]);
      for await (const first of bus.read([topic], {})) {
        expect(first.length).toBeGreaterThan(0);
        break;
      }
      const groups = await withAdmin(kafka, (admin) => admin.listGroups());
      expect(groups.groups.filter(({ groupId }) => groupId.startsWith('tmws-read'))).toEqual([]);
    });

    test('cut by retention are read from what is left, and the loss is told', async () => {
      topic = await newTopic(kafka, 1);
      await publish(0, 10);
      store.offsets.set(`${topic}/0`, 3n);
      await cutBefore(kafka, topic, 6);
      consume();
      await stored(4);
      expect(store.numbers()).toEqual(range(6, 10));
      expect(opened.lines.join('')).toContain('retention cut them before they were stored');
    });

    test('shorter than the store believes are read from their end, and that is told', async () => {
      topic = await newTopic(kafka, 1);
      await publish(0, 10);
      store.offsets.set(`${topic}/0`, 1000n);
      consume();
      await eventually(() => expect(opened.lines.join('')).toContain('the log ends before the stored offset'));
      await publish(10, 12);
      await stored(2);
      expect([store.numbers(), store.offsets]).toEqual([[10, 11], new Map([[`${topic}/0`, 12n]])]);
    });
  });
}
