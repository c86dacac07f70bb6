import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import pg from 'pg';
import { eventually, installKcat, cacheDir, startKafka, startPostgres } from '@tmws/testkit';

const runFile = promisify(execFile);
const kcat = async (args: readonly string[], input?: string) => {
  const running = runFile(process.env.TMWS_TEST_KCAT ?? (await installKcat(cacheDir())), args, { timeout: 20_000 });
  running.child.stdin?.end(input ?? '');
  return (await running).stdout;
};

const query = async (url: string, text: string) => {
  const client = new pg.Client({ connectionString: url });
  // A connection that breaks fails the query too.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
};

const foldersOf = async (name: string) => (await readdir(tmpdir())).filter((entry) => entry.startsWith(`tmws-${name}-`));

describe('the servers of a test run', () => {
  const { TMWS_TEST_KAFKA_BROKERS: brokers, TMWS_TEST_DATABASE_URL: url, TMWS_TEST_DATABASE_15_URL: url15 } = process.env;

  test('Kafka is listed by kcat, takes a record and gives it back', async () => {
    expect(await kcat(['-b', brokers!, '-L'])).toMatch(`broker 1 at ${brokers!}`);
    const topic = `testkit-${process.pid}`;
    await kcat(['-b', brokers!, '-P', '-t', topic, '-X', 'acks=all'], 'first\nsecond\n');
    expect(await kcat(['-b', brokers!, '-C', '-t', topic, '-e', '-q', '-o', 'beginning'])).toBe('first\nsecond\n');
  });

  test('PostgreSQL 18 has pgvector', async () => {
    await query(url!, 'create extension if not exists vector');
    expect(await query(url!, "select '[3,4]'::vector <-> '[0,0]' as distance")).toEqual([{ distance: 5 }]);
    expect((await query(url!, 'show server_version'))[0]).toEqual({ server_version: expect.stringMatching(/^18\./) as string });
  });

  test('PostgreSQL 15 is there beside it', async () => {
    expect((await query(url15!, 'show server_version'))[0]).toEqual({ server_version: expect.stringMatching(/^15\./) as string });
  });

  test('both write to the disk before they answer', async () => {
    for (const each of [url!, url15!]) expect(await query(each, 'show fsync')).toEqual([{ fsync: 'on' }]);
  });
});

describe('a server of its own', () => {
  test('Kafka killed and started again has its records, and leaves nothing when it stops', async () => {
    const kafka = await startKafka();
    const folders = await foldersOf('kafka');
    try {
      await kcat(['-b', kafka.brokers, '-P', '-t', 'kept'], 'before\n');
      await kafka.kill();
      await kafka.start();
      await kcat(['-b', kafka.brokers, '-P', '-t', 'kept'], 'after\n');
      expect(await kcat(['-b', kafka.brokers, '-C', '-t', 'kept', '-e', '-q', '-o', 'beginning'])).toBe('before\nafter\n');
    } finally {
      await kafka.stop();
    }
    expect((await foldersOf('kafka')).length).toBe(folders.length - 1);
  }, 120_000);

  test.each([15, 18] as const)(
    'PostgreSQL %i killed in the middle of work and started again has what it committed',
    async (version) => {
      await using postgres = await startPostgres({ version });
      await query(postgres.url, 'create table kept (id int primary key)');
      await query(postgres.url, 'insert into kept values (1)');
      const interrupted = query(postgres.url, 'insert into kept select 2 from pg_sleep(60)').catch(
        (error: unknown) => error as Error,
      );
      await eventually(
        async () => (await query(postgres.url, "select from pg_stat_activity where wait_event = 'PgSleep'")).length === 1,
      );
      await postgres.kill();
      expect(await interrupted).toBeInstanceOf(Error);
      await expect(query(postgres.url, 'select 1')).rejects.toThrow('ECONNREFUSED');
      await postgres.start();
      expect(await query(postgres.url, 'select id from kept')).toEqual([{ id: 1 }]);
    },
    60_000,
  );

  test('a paused PostgreSQL is silent and goes on where it was', async () => {
    await using postgres = await startPostgres();
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    postgres.pause();
    const answer = client.query('select 1 as one');
    const first = await Promise.race([
      answer.then(() => 'answer'),
      new Promise((resolve) => setTimeout(resolve, 300, 'silence')),
    ]);
    expect(first).toBe('silence');
    postgres.resume();
    expect((await answer).rows).toEqual([{ one: 1 }]);
    await client.end();
  }, 60_000);

  test('a setting the server does not know fails with its own words', async () => {
    await expect(startPostgres({ settings: { no_such_setting: '1' } })).rejects.toThrow(
      /PostgreSQL 18 was started but ended with 1; its last lines:[^]*unrecognized configuration parameter "no_such_setting"/,
    );
  }, 60_000);
});
