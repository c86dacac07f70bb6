import { Problem } from '@tmws/problems';
import type { Database } from '../src/index.ts';
import { newSchema, type OpenedDatabase, turn } from './fixture.ts';

/** What every Database does. `open` gives a new one each time. */
export function databaseContract(open: () => Promise<OpenedDatabase>): void {
  let opened: OpenedDatabase;
  let db: Database;
  const schema = newSchema();

  beforeAll(async () => {
    opened = await open();
    ({ db } = opened);
    await db.query(`CREATE SCHEMA ${schema}`);
    await db.query(`CREATE TABLE ${schema}.t (id int PRIMARY KEY, note text)`);
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  beforeEach(() => db.query(`TRUNCATE ${schema}.t`));

  const count = async (): Promise<bigint> => (await db.query<{ n: bigint }>(`SELECT count(*) AS n FROM ${schema}.t`))[0]!.n;
  const insert = (id: number): string => `INSERT INTO ${schema}.t VALUES (${id})`;

  describe('values', () => {
    test('64-bit numbers come and go as bigint, also those a double cannot hold', async () => {
      const big = 9_223_372_036_854_775_807n;
      expect(await db.query('SELECT $1::bigint AS a, -9223372036854775808 AS b, 7 AS c', [big])).toEqual([
        { a: big, b: -9_223_372_036_854_775_808n, c: 7 },
      ]);
    });

    test('bytes, JSON, null and text of any Unicode come back as they went', async () => {
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
      const json = { a: [1, null, 'ü'], 'b"\\': { c: true } };
      const [row] = await db.query('SELECT $1::bytea AS bytes, $2::jsonb AS json, $3::text AS text, $4::text AS nothing', [
        bytes,
        json,
        'naïve 🦊 \\ "quoted" \n',
        null,
      ]);
      expect(row).toEqual({ bytes, json, text: 'naïve 🦊 \\ "quoted" \n', nothing: null });
    });

    test('arrays of 64-bit numbers, texts and bytes come back as they went', async () => {
      const [row] = await db.query(
        'SELECT $1::bigint[] AS numbers, $2::text[] AS texts, $3::bytea[] AS bytes, $4::int[] AS none',
        [[1n, 9_007_199_254_740_993n, null], ['a,b', '"c"', 'NULL', '', null, '{d}'], [Buffer.from([0, 255]), null], []],
      );
      expect(row).toEqual({
        numbers: [1n, 9_007_199_254_740_993n, null],
        texts: ['a,b', '"c"', 'NULL', '', null, '{d}'],
        bytes: [Buffer.from([0, 255]), null],
        none: [],
      });
    });

    test('parameters and results above a megabyte pass whole', async () => {
      const text = 'x'.repeat(3_000_000);
      const bytes = Buffer.alloc(2_500_000, 0xa5);
      const [row] = await db.query<{ text: string; bytes: Buffer }>('SELECT $1::text AS text, $2::bytea AS bytes', [text, bytes]);
      expect(row?.text === text && row.bytes.equals(bytes)).toBe(true);
      const rows = await db.query<{ n: number; pad: string }>(
        `SELECT n, repeat('y', 100) AS pad FROM generate_series(1, 20000) AS n`,
      );
      expect([rows.length, rows.at(-1)]).toEqual([20_000, { n: 20_000, pad: 'y'.repeat(100) }]);
    });
  });

  describe('errors', () => {
    test('an error of a statement keeps its SQLSTATE and leaves the database usable', async () => {
      await db.query(insert(1));
      await expect(db.query(insert(1))).rejects.toMatchObject({ code: '23505' });
      await expect(db.query('SELEC 1')).rejects.toMatchObject({ code: '42601' });
      await expect(db.query('SELECT $1::int', ['x'])).rejects.toMatchObject({ code: '22P02' });
      await expect(db.query('SELECT * FROM nowhere')).rejects.toMatchObject({ code: '42P01' });
      expect(await count()).toBe(1n);
    });
  });

  describe('transactions', () => {
    test('what a transaction did is there after it, and what it gives is given back', async () => {
      const given = await db.transaction(async (tx) => {
        await tx.query(insert(1));
        await tx.query(insert(2));
        return 'done';
      });
      expect([given, await count()]).toEqual(['done', 2n]);
    });

    test('nothing of a transaction that throws is there, and the error is the one thrown', async () => {
      const thrown = new Problem('stale', 'somebody else was first');
      const trying = db.transaction(async (tx) => {
        await tx.query(insert(1));
        throw thrown;
      });
      await expect(trying).rejects.toBe(thrown);
      expect(await count()).toBe(0n);
    });

    test('a statement that fails takes its transaction with it', async () => {
      const trying = db.transaction(async (tx) => {
        await tx.query(insert(1));
        await tx.query(insert(1));
      });
      await expect(trying).rejects.toMatchObject({ code: '23505' });
      expect(await count()).toBe(0n);
    });

    test('a transaction that goes on after a failed statement does not pretend to have stored anything', async () => {
      const trying = db.transaction(async (tx) => {
        await tx.query(insert(1));
        await tx.query('SELECT 1/0').catch(() => undefined);
      });
      await expect(trying).rejects.toThrow('the transaction was rolled back: a statement in it had failed');
      expect(await count()).toBe(0n);
    });

    test('settings and locks of one transaction do not reach the next', async () => {
      await db.transaction(async (tx) => {
        await tx.query(`SET LOCAL work_mem = '77MB'`);
        await tx.query('SELECT pg_advisory_xact_lock(4711)');
      });
      const rows = await db.query(`SELECT current_setting('work_mem') AS mem, pg_try_advisory_xact_lock(4711) AS free`);
      expect(rows).toEqual([{ mem: expect.not.stringMatching('77MB') as string, free: true }]);
    });
  });

  describe('many at once', () => {
    test('hundreds of queries in flight each get their own answer', async () => {
      const answers = await Promise.all(
        Array.from({ length: 400 }, async (_, i) => (await db.query<{ n: number }>('SELECT $1::int AS n', [i]))[0]?.n),
      );
      expect(answers).toEqual(Array.from({ length: 400 }, (_, i) => i));
    });

    test('transactions and queries of many callers neither mix nor wait for each other for ever', async () => {
      const callers = Array.from({ length: 40 }, async (_, i) => {
        if (i % 4 === 3) await db.query('SELECT 1/0').catch(() => undefined);
        if (i % 2 === 1) return await db.query(insert(i));
        return await db.transaction(async (tx) => {
          await tx.query(insert(i));
          await turn();
          if (i % 8 === 4) throw new Error('no');
          await tx.query(`UPDATE ${schema}.t SET note = 'both' WHERE id = $1`, [i]);
        });
      });
      const settled = await Promise.allSettled(callers);
      expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(5);
      const rows = await db.query<{ id: number; note: string | null }>(`SELECT id, note FROM ${schema}.t ORDER BY id`);
      expect(rows).toEqual(
        Array.from({ length: 40 }, (_, id) => ({ id, note: id % 2 === 1 ? null : 'both' })).filter(({ id }) => id % 8 !== 4),
      );
    });
  });

  describe('closing', () => {
    test('a closing database answers what was asked before and refuses what comes after', async () => {
      await using other = await open();
      const asked = Array.from({ length: 20 }, (_, i) => other.db.query('SELECT $1::int AS n', [i]));
      const under = other.db.transaction(async (tx) => {
        await turn();
        return await tx.query('SELECT 1 AS one');
      });
      const closed = other.db.close();
      await expect(other.db.query('SELECT 1')).rejects.toThrow(new Problem('unavailable', 'the database is closed'));
      await expect(other.db.transaction(() => Promise.resolve())).rejects.toMatchObject({ kind: 'unavailable' });
      expect((await Promise.all(asked)).flat()).toEqual(Array.from({ length: 20 }, (_, n) => ({ n })));
      expect(await under).toEqual([{ one: 1 }]);
      await closed;
      await other.db.close();
    });
  });
}
