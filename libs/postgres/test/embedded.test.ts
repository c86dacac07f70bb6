import { cp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { cacheDir, startProcess, tempDir, type TempDir } from '@tmws/testkit';
import { openEmbedded } from '../src/index.ts';
import { keptLog, openEmbeddedIn } from './fixture.ts';

// Making a template takes seconds, on a busy machine many.
const patienceMs = 120_000;

let dir: TempDir;
let data: string;

beforeEach(async () => {
  dir = await tempDir('embedded');
  data = join(dir.path, 'store', 'postgres');
});
afterEach(() => dir.remove());

const beside = async (): Promise<string[]> => (await readdir(join(dir.path, 'store'))).sort();

test('what was stored is there when the folder is opened again', async () => {
  const first = await openEmbeddedIn(data);
  await first.query('CREATE TABLE a (n bigint)');
  await first.query('INSERT INTO a SELECT generate_series(1, 1000)');
  await first.close();
  const second = await openEmbeddedIn(data);
  expect(await second.query('SELECT sum(n)::bigint AS sum FROM a')).toEqual([{ sum: 500_500n }]);
  await second.close();
  expect(await beside()).toEqual(['postgres']);
});

test('what was stored before a kill -9 is there after it, and no transaction is there by halves', async () => {
  let stored = -1;
  for (let round = 0; round < 2; round++) {
    const child = await startProcess([join(import.meta.dirname, 'writer-process.ts'), data, cacheDir()], { until: /ready/ });
    const [, last] = await child.waitFor(new RegExp(`stored (${stored + 20})\\b`));
    stored = Number(last);
    await child.kill('SIGKILL');
  }
  const log = keptLog();
  const db = await openEmbeddedIn(data, cacheDir(), log);
  const rows = await db.query<{ n: number; half: number | null }>('SELECT n, half FROM kept ORDER BY n');
  await db.close();
  expect(rows.length).toBeGreaterThan(stored);
  expect(rows).toEqual(rows.map((_, n) => ({ n, half: Math.floor(n / 2) })));
  expect(log.lines).toEqual([]);
});

test(
  'the template is made once, whoever comes first, every database is a copy of its own, and one that does not open is made anew',
  async () => {
    const cache = join(dir.path, 'cache');
    const [one, other] = await Promise.all([openEmbeddedIn(`${data}-1`, cache), openEmbeddedIn(`${data}-2`, cache)]);
    await one.query('CREATE TABLE mine (n int)');
    await expect(other.query('SELECT * FROM mine')).rejects.toMatchObject({ code: '42P01' });
    await Promise.all([one.close(), other.close()]);
    const [template, ...more] = await readdir(cache);
    expect(more).toEqual([]);
    const made = await readFile(join(cache, template!, 'PG_VERSION'), 'utf8');
    await writeFile(join(cache, template!, 'seen-by-the-test'), made);
    const third = await openEmbeddedIn(`${data}-3`, cache);
    await third.close();
    expect(await readdir(`${data}-3`)).toContain('seen-by-the-test');
    await truncate(join(cache, template!, 'global', 'pg_control'), 0);
    const db = await openEmbeddedIn(`${data}-4`, cache);
    expect(await db.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await db.close();
    await (await openEmbeddedIn(`${data}-5`, cache)).close();
    expect(await readdir(`${data}-5`)).not.toContain('seen-by-the-test');
  },
  patienceMs,
);

/** A folder that was open once: a copy of the template, which the tests before have made. */
async function folderAt(path: string): Promise<void> {
  const template = (await readdir(cacheDir())).find((name) => name.startsWith('pglite-'));
  await cp(join(cacheDir(), template!), path, { recursive: true });
}

test.each([
  ['lost its control file', () => truncate(join(data, 'global', 'pg_control'), 0)],
  ['lost its version', () => rm(join(data, 'PG_VERSION'))],
])('a folder that %s is put aside, not thrown away, and a new database is made', async (_how, damage) => {
  await folderAt(data);
  await damage();
  const log = keptLog();
  const db = await openEmbeddedIn(data, cacheDir(), log);
  await db.query('CREATE TABLE anew (n int)');
  await db.close();
  expect(await beside()).toEqual(['postgres', 'postgres.damaged-1']);
  expect(log.lines.join('')).toContain('the embedded database did not open; it was put aside and is made anew from the log');
  expect(log.lines.join('')).toContain('postgres.damaged-1');
});

test('a copy that was broken off is no obstacle', async () => {
  const half = `${data}.new`;
  await folderAt(half);
  await rm(join(half, 'PG_VERSION'));
  const db = await openEmbeddedIn(data);
  expect(await db.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await db.close();
  expect(await beside()).toEqual(['postgres']);
});

test('when the worker dies, who waits is told it is away, and the next caller gets a new one with what was stored', async () => {
  const child = await startProcess([join(import.meta.dirname, 'dying-worker-process.ts'), data, cacheDir()], {
    until: /^\{.*\}$/,
  });
  expect(JSON.parse(child.ready[0])).toEqual({
    inTransaction: 'unavailable: the database is away',
    after: [{ n: 1 }],
    idle: 'unavailable: the database is away',
    afterIdle: [{ n: 1 }],
  });
  expect(await child.exited).toEqual({ code: 0, signal: null });
});

test('a connection that is dropped in the middle of a transaction leaves nothing of it to the next one', async () => {
  const embedded = await openEmbedded({ dataDir: data, cacheDir: cacheDir(), logger: keptLog().logger });
  const client = (): pg.Client => new pg.Client({ stream: embedded.connect, user: 'postgres', database: 'postgres', ssl: false });
  const first = client();
  await first.connect();
  await first.query(`CREATE TABLE a (n int); SET work_mem = '77MB'`);
  await first.query('BEGIN');
  await first.query('INSERT INTO a VALUES (1)');
  await first.end();
  const second = client();
  await second.connect();
  expect((await second.query('SELECT * FROM a')).rows).toEqual([]);
  expect((await second.query('SHOW work_mem')).rows).not.toEqual([{ work_mem: '77MB' }]);
  await second.query('INSERT INTO a VALUES (2)');
  await second.end();
  const third = client();
  await third.connect();
  expect((await third.query('SELECT * FROM a')).rows).toEqual([{ n: 2 }]);
  await third.end();
  await embedded.close();
});
