// What a Postgres that goes away looks like. It has a server of its own, which it may kill.
import { eventually, type PostgresServer, startPostgres } from '@tmws/testkit';
import { type OpenedDatabase, serverDatabase } from './fixture.ts';

let server: PostgresServer;
let opened: OpenedDatabase;

beforeAll(async () => {
  server = await startPostgres({ version: 18 });
}, 90_000);
afterAll(() => server.stop());
beforeEach(async () => {
  opened = await serverDatabase(server.url, 2);
});
afterEach(() => opened[Symbol.asyncDispose]());

const away = { kind: 'unavailable', message: 'the database is away' };

test('while the server is killed everybody is told that it is away, and when it is back the same pool goes on', async () => {
  const { db } = opened;
  await db.query('CREATE TABLE IF NOT EXISTS kept (n int)');
  const sleeping = expect(db.query('SELECT pg_sleep(60)')).rejects.toMatchObject({ kind: 'unavailable' });
  const inside = expect(
    db.transaction(async (tx) => {
      await tx.query('INSERT INTO kept VALUES (1)');
      await server.kill();
      await tx.query('INSERT INTO kept VALUES (2)');
    }),
  ).rejects.toMatchObject({ kind: 'unavailable' });
  await Promise.all([sleeping, inside]);
  await expect(db.query('SELECT 1')).rejects.toMatchObject(away);
  await expect(db.transaction((tx) => tx.query('SELECT 1'))).rejects.toMatchObject(away);
  await server.start();
  await eventually(async () => expect(await db.query('SELECT * FROM kept')).toEqual([]));
}, 90_000);

test('a statement longer than its limit is a timeout, and the pool goes on', async () => {
  const { db } = opened;
  const slow = db.transaction(async (tx) => {
    await tx.query(`SET LOCAL statement_timeout = '50ms'`);
    await tx.query('SELECT pg_sleep(60)');
  });
  await expect(slow).rejects.toMatchObject({ kind: 'timeout' });
  expect(await db.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a connection the server ends while it is idle is replaced', async () => {
  const { db } = opened;
  await db.query('SELECT 1');
  await using other = await serverDatabase(server.url, 1);
  await other.db.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name = 'tmws'`,
  );
  await eventually(async () => expect(await db.query('SELECT 1 AS one')).toEqual([{ one: 1 }]));
});

test('a transaction whose connection is ended between two statements fails as away, and nothing of it is there', async () => {
  const { db } = opened;
  await db.query('CREATE TABLE IF NOT EXISTS between (n int)');
  await using other = await serverDatabase(server.url, 1);
  const trying = db.transaction(async (tx) => {
    await tx.query('INSERT INTO between VALUES (1)');
    await other.db.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'`);
    await eventually(
      async () => (await other.db.query(`SELECT 1 FROM pg_stat_activity WHERE state = 'idle in transaction'`)).length === 0,
    );
    await tx.query('INSERT INTO between VALUES (2)');
  });
  await expect(trying).rejects.toMatchObject({ kind: 'unavailable' });
  expect(await db.query('SELECT * FROM between')).toEqual([]);
});

test('transactions that may run again outlive a deadlock between them', async () => {
  const { db } = opened;
  await db.query('CREATE TABLE IF NOT EXISTS places (id int PRIMARY KEY, n int)');
  await db.query('INSERT INTO places VALUES (1, 0), (2, 0)');
  const both = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  const crossing = (first: number, second: number) =>
    db.transaction(
      async (tx) => {
        await tx.query('UPDATE places SET n = n + 1 WHERE id = $1', [first]);
        both[first - 1]?.resolve(undefined);
        await Promise.all(both.map(({ promise }) => promise));
        await tx.query('UPDATE places SET n = n + 1 WHERE id = $1', [second]);
      },
      { again: true },
    );
  await Promise.all([crossing(1, 2), crossing(2, 1)]);
  expect(await db.query('SELECT n FROM places')).toEqual([{ n: 2 }, { n: 2 }]);
});
