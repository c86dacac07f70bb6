import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir, type TempDir } from '@tmws/testkit';
import { type Database, migrate, missingSteps, newestKnownStep, newestStep } from '../src/index.ts';
import { keptLog, newSchema, type OpenedDatabase } from './fixture.ts';

/** What `migrate` promises on every Database; `open` gives the same database each time, by a pool of its own. */
export function migrateContract(open: () => Promise<OpenedDatabase>): void {
  let opened: OpenedDatabase;
  let db: Database;
  let dir: TempDir;
  let schema: string;

  beforeAll(async () => {
    opened = await open();
    ({ db } = opened);
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  beforeEach(async () => {
    dir = await tempDir('migrations');
    schema = newSchema();
  });
  afterEach(() => dir.remove());

  const step = (name: string, sql: string): Promise<void> => writeFile(join(dir.path, `${name}.sql`), sql);
  const run = (contract = true, on = db): Promise<void> =>
    migrate(on, { schema, dir: dir.path, contract, logger: keptLog().logger });
  const applied = async (): Promise<string[]> =>
    (
      await db.query<{ name: string }>(
        `SELECT name FROM ${schema}.migrations WHERE name NOT LIKE 'lib%' ORDER BY applied_at, name`,
      )
    ).map(({ name }) => name);

  test('steps run once, in the order of their names, with the schema in place of its placeholder', async () => {
    await step('0002_more', 'ALTER TABLE {{schema}}.a ADD COLUMN n int; INSERT INTO {{schema}}.a (id, n) VALUES (1, 2)');
    await step('0001_a', 'CREATE TABLE {{schema}}.a (id int PRIMARY KEY)');
    await run();
    await run();
    expect(await db.query(`SELECT * FROM ${schema}.a`)).toEqual([{ id: 1, n: 2 }]);
    await step('0003_last', 'UPDATE {{schema}}.a SET n = n + 1');
    await run();
    expect(await db.query(`SELECT * FROM ${schema}.a`)).toEqual([{ id: 1, n: 3 }]);
    expect(await applied()).toEqual(['0001_a', '0002_more', '0003_last']);
  });

  test('what has not run yet is told by name: contracting steps never, and steps of a newer version are no matter', async () => {
    const missing = () => missingSteps(db, { schema, dir: dir.path });
    await step('0001_a', 'CREATE TABLE {{schema}}.a (id int)');
    expect(await missing()).toContain('0001_a');
    expect(await newestStep(db, { schema })).toBeUndefined();
    await run();
    expect(await missing()).toEqual([]);
    await step('0002_b', 'CREATE TABLE {{schema}}.b (id int)');
    await step('0003_less.contract', 'DROP TABLE {{schema}}.a');
    expect(await missing()).toEqual(['0002_b']);
    expect([await newestStep(db, { schema }), newestKnownStep({ schema, dir: dir.path })]).toEqual([
      '0001_a',
      '0003_less.contract',
    ]);
    await run(false);
    await rm(join(dir.path, '0002_b.sql'));
    expect([await missing(), await newestStep(db, { schema })]).toEqual([[], '0002_b']);
    await step('0001_a', 'CREATE TABLE {{schema}}.a (id bigint)');
    await expect(missing()).rejects.toMatchObject({
      kind: 'precondition',
      message: expect.stringContaining(`${schema}/0001_a ran in another form before`) as string,
    });
  });

  test('a schema has the tables of offsets and outbox without asking', async () => {
    await run();
    expect(await db.query(`SELECT * FROM ${schema}.offsets`)).toEqual([]);
    expect(await db.query(`SELECT * FROM ${schema}.outbox`)).toEqual([]);
  });

  test('a step that was edited after it ran is refused by its name, and nothing after it runs', async () => {
    await step('0001_a', 'CREATE TABLE {{schema}}.a (id int)');
    await run();
    await step('0001_a', 'CREATE TABLE {{schema}}.a (id bigint)');
    await step('0002_b', 'CREATE TABLE {{schema}}.b (id int)');
    await expect(run()).rejects.toMatchObject({
      kind: 'precondition',
      message: `migration ${schema}/0001_a ran in another form before; add a new step instead of editing it`,
    });
    expect(await applied()).toEqual(['0001_a']);
  });

  test('contracting steps wait until no older replica runs, and then run once', async () => {
    await step('0001_a', 'CREATE TABLE {{schema}}.a (id int, old int)');
    await step('0002_drop.contract', 'ALTER TABLE {{schema}}.a DROP COLUMN old');
    await step('0003_b', 'CREATE TABLE {{schema}}.b (id int)');
    await run(false);
    expect(await applied()).toEqual(['0001_a', '0003_b']);
    await run(true);
    await run(true);
    expect(await applied()).toEqual(['0001_a', '0003_b', '0002_drop.contract']);
  });

  test('a step that fails leaves nothing of itself, and the steps before it stay', async () => {
    await step('0001_a', 'CREATE TABLE {{schema}}.a (id int)');
    await step('0002_bad', 'CREATE TABLE {{schema}}.b (id int); SELECT nonsense');
    await expect(run()).rejects.toMatchObject({ code: '42703' });
    expect(await applied()).toEqual(['0001_a']);
    await step('0002_bad', 'CREATE TABLE {{schema}}.b (id int)');
    await run();
    expect(await applied()).toEqual(['0001_a', '0002_bad']);
  });

  test('replicas that start together migrate once', async () => {
    await step('0001_a', 'CREATE TABLE {{schema}}.a (id int)');
    await step('0002_row', 'INSERT INTO {{schema}}.a VALUES (1)');
    await using second = await open();
    await Promise.all([run(true, db), run(true, second.db), run(true, db), run(true, second.db)]);
    expect(await db.query(`SELECT * FROM ${schema}.a`)).toEqual([{ id: 1 }]);
  });

  test('a name that is no schema is refused before anything runs', async () => {
    schema = 'x; DROP SCHEMA public';
    await expect(run()).rejects.toMatchObject({ kind: 'invalid', message: '"x; DROP SCHEMA public" cannot be a schema\'s name' });
  });

  test('files that are no steps are left alone', async () => {
    await mkdir(join(dir.path, 'drafts'));
    await writeFile(join(dir.path, 'README.md'), 'words');
    await run();
    expect(await applied()).toEqual([]);
    await rm(join(dir.path, 'drafts'), { recursive: true });
    expect(await readdir(dir.path)).toEqual(['README.md']);
  });
}
