import { Problem } from '@tmws/problems';
import { openMetrics } from '@tmws/telemetry';
import { eventually } from '@tmws/testkit';
import { type Database, enqueue, migrate, type OutboxRecord, type Relay, relayOutbox } from '../src/index.ts';
import { keptLog, newSchema, type OpenedDatabase } from './fixture.ts';

/** The outbox: what was enqueued is published in order, at least once, whatever happens in between. */
export function outboxContract(open: () => Promise<OpenedDatabase>): void {
  let opened: OpenedDatabase;
  let db: Database;
  const schema = newSchema();
  const relays: Relay[] = [];
  const metrics = openMetrics();

  beforeAll(async () => {
    opened = await open();
    ({ db } = opened);
    await migrate(db, { schema, dir: import.meta.dirname, contract: true, logger: keptLog().logger });
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  afterEach(async () => {
    await Promise.all(relays.splice(0).map((relay) => relay.close()));
    await db.query(`TRUNCATE ${schema}.outbox`);
  });

  const record = (n: number): OutboxRecord => ({
    topic: 't',
    key: Buffer.from(`k${n}`),
    headers: { n: String(n) },
    value: undefined,
  });
  const put = (from: number, to: number): Promise<void> =>
    db.transaction((tx) =>
      enqueue(
        tx,
        schema,
        Array.from({ length: to - from }, (_, i) => record(from + i)),
      ),
    );
  const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
  const left = async (): Promise<number> =>
    Number((await db.query<{ n: bigint }>(`SELECT count(*) AS n FROM ${schema}.outbox`))[0]!.n);

  /** A relay to a broker that does what `answer` says and keeps what it took. */
  function relayTo(answer: (records: OutboxRecord[]) => Promise<void> = () => Promise.resolve(), everyMs = 20) {
    const taken: OutboxRecord[] = [];
    const publish = async (records: OutboxRecord[]): Promise<void> => {
      await answer(records);
      taken.push(...records);
    };
    const relay = relayOutbox(db, { schema, publish, logger: keptLog().logger, metrics, everyMs, batchSize: 10 });
    relays.push(relay);
    return { relay, taken, ns: () => taken.map(({ headers }) => Number(headers['n'])) };
  }

  test('records come out as they went in', async () => {
    const records: OutboxRecord[] = [
      { topic: 'a', key: undefined, headers: {}, value: undefined },
      { topic: 'b', key: Buffer.from([0, 255]), headers: { ce_id: 'ü"\\,{}', empty: '' }, value: Buffer.from([1, 0, 2]) },
      { topic: 'c', key: Buffer.alloc(0), headers: {}, value: Buffer.alloc(3000, 7) },
    ];
    await db.transaction((tx) => enqueue(tx, schema, records));
    const { taken } = relayTo();
    await eventually(() => taken.length === 3);
    expect(taken).toEqual(records);
  });

  test('records are sent in their order, in several batches, and are gone from the store then', async () => {
    await put(0, 35);
    const { ns } = relayTo();
    await eventually(() => expect(ns()).toHaveLength(35));
    expect(ns()).toEqual(numbers(0, 35));
    await eventually(async () => (await left()) === 0);
  });

  test('what a transaction that failed had put there is never sent', async () => {
    const failing = db.transaction(async (tx) => {
      await enqueue(tx, schema, [record(1)]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await put(2, 3);
    const { ns } = relayTo();
    await eventually(() => expect(ns()).toEqual([2]));
  });

  test('a wake sends at once, also one that comes while a batch is under way', async () => {
    const gate = Promise.withResolvers<undefined>();
    let calls = 0;
    const { relay, ns } = relayTo(() => (++calls === 1 ? gate.promise : Promise.resolve()), 600_000);
    await put(0, 1);
    // The relay has looked when it began; this is the look the wake asks for.
    await eventually(() => {
      relay.wake();
      return calls === 1;
    });
    await put(1, 2);
    relay.wake();
    gate.resolve(undefined);
    await eventually(() => expect(ns()).toEqual([0, 1]));
  });

  test('how much waits for a broker that is away is told, and how often it was tried', async () => {
    await put(0, 7);
    relayTo(() => Promise.reject(new Problem('unavailable', 'Kafka is away')));
    await eventually(async () => expect(await metrics.text()).toContain(`tmws_outbox_records{schema="${schema}"} 7`));
    expect(await metrics.text()).toMatch(new RegExp(`tmws_outbox_failures_total\\{schema="${schema}"\\} [1-9]`));
  });

  test('a broker that is away is waited for; nothing is lost, and the order stays', async () => {
    let away = true;
    let tries = 0;
    const { ns } = relayTo(() => {
      tries++;
      return away ? Promise.reject(new Problem('unavailable', 'Kafka is away')) : Promise.resolve();
    });
    await put(0, 12);
    await eventually(() => tries >= 3);
    expect(ns()).toEqual([]);
    expect(await left()).toBe(12);
    away = false;
    await eventually(() => expect(ns()).toHaveLength(12));
    expect(ns()).toEqual(numbers(0, 12));
  });

  test('a relay that is closed while the broker does not answer ends soon, and the next one sends what was not confirmed', async () => {
    await put(0, 3);
    let asked = false;
    const silent = relayTo(() => {
      asked = true;
      return new Promise(() => undefined);
    });
    await eventually(() => asked);
    const beganMs = performance.now();
    await silent.relay.close();
    expect(performance.now() - beganMs).toBeLessThan(4000);
    const { ns } = relayTo();
    await eventually(() => expect(ns()).toEqual([0, 1, 2]));
  });

  test('two relays of one schema send everything, and nothing is lost between them', async () => {
    const [one, other] = [relayTo(), relayTo()];
    await put(0, 60);
    await eventually(async () => (await left()) === 0);
    expect([...new Set([...one.ns(), ...other.ns()])].sort((a, b) => a - b)).toEqual(numbers(0, 60));
  });
}
