// The drill: a fleet is backed up while events come in, its database is lost, and the backup is put back.
import { strict as assert } from 'node:assert';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, startChild, startKafka, startPostgres, tempDir } from '@tmws/testkit';
import pg from 'pg';
import { type Running, startServices } from '../fleet.ts';
import { Recorder } from '../recorder.ts';
import type { Say, Scenario } from '../scenario.ts';

/** @param rows  facts that lie in the store beside those that come in, so that there is something to measure */
export function backupScenarios(rows: number): Scenario[] {
  return [
    {
      name: 'backup: a database that is lost comes back, with every accepted event once; kill -9 of a backup and of a restore',
      seconds: 20,
      run: (say) => drill(rows, say),
    },
  ];
}

const cli = join(import.meta.dirname, '../../../services/cli/src/main.ts');
const wholeBackup = /^tmws-\d/;

async function drill(rows: number, say: Say): Promise<void> {
  await using dir = await tempDir('e2e-backup');
  const [postgres, kafka] = await Promise.all([startPostgres(), startKafka()]);
  await using stores = new AsyncDisposableStack();
  stores.use(postgres);
  stores.use(kafka);
  const admin = adminOf({ TMWS_DATABASE_URL: postgres.url, TMWS_KAFKA_BROKERS: kafka.brokers });
  const [backups, key] = [join(dir.path, 'backups'), join(dir.path, 'backup.key')];
  const fleet = await startServices({ databaseUrl: postgres.url, brokers: kafka.brokers }, {});
  try {
    const recorder = new Recorder(fleet.url);
    recorder.start(2);
    const kept = await fillStores(fleet);
    await eventually(async () => assert.ok((await count(postgres.url, 'timeline.facts')) > 500), { timeoutMs: 30_000 });

    if (rows > 0) await sql(postgres.url, manyFacts(rows));

    await admin('backup', '--new-key', key);
    const taken = await admin<{ rows: number; bytes: number; elapsedMs: number }>('backup', '--to', backups, '--key-file', key);
    await killedBackup(admin, backups, key);
    // Events after the snapshot: what the log alone has.
    const after = await count(postgres.url, 'timeline.facts');
    await eventually(async () => assert.ok((await count(postgres.url, 'timeline.facts')) > after), {
      timeoutMs: 30_000,
    });
    await refused(admin, backups, key, 'services of TMWS are connected');

    await fleet.stop();
    const schemas = await schemasOf(postgres.url);
    await sql(postgres.url, schemas.map((schema) => `DROP SCHEMA ${schema} CASCADE`).join(';'));
    const begin = performance.now();
    await killedRestore(admin, { url: postgres.url, backups, key });
    const restored = await admin<{ bytes: number; elapsedMs: number; toRead: string; cut: string }>(...restoring(backups, key));
    assert.ok(Number(restored.toRead) > 0, 'nothing came after the snapshot');
    assert.equal(restored.cut, '0');
    const verified = await admin<{ differences: unknown[] }>('verify', '--from', backups, '--key-file', key, '--database');
    assert.deepEqual(verified.differences, []);
    await refused(admin, backups, key, 'already; --replace');

    await Promise.all(fleet.processes.map((name) => fleet.start(name)));
    const recoveryMs = performance.now() - begin;
    await recorder.finish(say);
    assert.deepEqual(await fillingOf(fleet), kept);
    say(
      `  ${taken.rows} rows backed up while events came in (${rate(taken)}), restored (${rate(restored)}), the same by counts and checksums; ` +
        `serving ${Math.round(recoveryMs)} ms after the loss, ${restored.toRead} records read from the log since`,
    );
  } catch (error) {
    say(fleet.output());
    throw error;
  } finally {
    await fleet.stop();
  }
}

const rate = ({ bytes, elapsedMs }: { bytes: number; elapsedMs: number }): string =>
  `${(bytes / 1e6).toFixed(1)} MB in ${elapsedMs} ms, ${(bytes / 1e3 / elapsedMs).toFixed(1)} MB/s`;

/** Rows as steps of agents make them, of a day long ago. */
const manyFacts = (rows: number): string => `
  CREATE TABLE timeline.facts_1 PARTITION OF timeline.facts FOR VALUES FROM (1) TO (2);
  INSERT INTO timeline.facts (bucket, execution_no, seq, event_key, step_key, attempt, type, time_ns, source, event_id, doc_text)
  SELECT 1, -1, n, decode(md5(n::text), 'hex'), decode(md5('s' || n), 'hex'), 1, 'tmws.step.completed', 1790000000000000000 + n, '/e2e', 'event-' || n,
    '{"executionId":"run-' || n / 100 || '","stepId":"step-' || n % 100 || '","attributes":{"model":"' || md5(n::text) || '","prompt":"' || repeat(md5((n % 5000)::text), 8) || '"}}'
  FROM generate_series(1, ${rows}) n`;

type Admin = ReturnType<typeof adminOf>;

/** `tmws admin …` as a process. @throws with what it said */
function adminOf(env: NodeJS.ProcessEnv) {
  const start = (words: readonly string[], onStdout?: (line: string) => void) =>
    startChild(process.execPath, [cli, 'admin', ...words, '-o', 'json'], {
      env: { ...process.env, ...env },
      ...(onStdout !== undefined && { onStdout }),
    });
  const run = async <T>(...words: string[]): Promise<T> => {
    const lines: string[] = [];
    const child = await start(words, (line) => void lines.push(line));
    const { code } = await child.exited;
    assert.equal(code, 0, `tmws admin ${words[0]}: ${child.output()}`);
    return (lines.length === 0 ? undefined : JSON.parse(lines.join('\n'))) as T;
  };
  return Object.assign(run, { start });
}

/** What no log has: it comes back from the backup alone. */
async function fillStores(fleet: Running): Promise<string[]> {
  const times = { startsAt: new Date().toISOString(), endsAt: new Date(Date.now() + 3_600_000).toISOString() };
  const silence = {
    matchers: [{ name: 'job', value: 'e2e', isRegex: false, isEqual: true }],
    createdBy: 'e2e',
    comment: 'drill',
    ...times,
  };
  await post(`${fleet.alertmanager}/api/v2/silences`, silence);
  await post(`${fleet.alertmanager}/api/v2/alerts`, [{ labels: { alertname: 'Drill', job: 'e2e' }, ...times }]);
  return await eventually(
    async () => {
      const found = await fillingOf(fleet);
      assert.equal(found.length, 2);
      return found;
    },
    { timeoutMs: 20_000 },
  );
}

/** Ids of silences, and fingerprints of alerts. */
async function fillingOf(fleet: Running): Promise<string[]> {
  return await eventually(
    async () => {
      const ask = async <T>(path: string): Promise<T> =>
        (await (await fetch(`${fleet.alertmanager}/api/v2/${path}`)).json()) as T;
      const silences = await ask<{ id: string }[]>('silences');
      const alerts = await ask<{ fingerprint: string }[]>('alerts');
      return [...silences.map(({ id }) => id), ...alerts.map(({ fingerprint }) => fingerprint)].toSorted();
    },
    { timeoutMs: 20_000 },
  );
}

async function post(url: string, body: unknown): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  assert.equal(response.status, 200, `${url}: ${await response.text()}`);
}

/** One that is killed as soon as it writes is no backup. */
async function killedBackup(admin: Admin, backups: string, key: string): Promise<void> {
  const before = (await readdir(backups)).filter((name) => wholeBackup.test(name));
  const child = await admin.start(['backup', '--to', backups, '--key-file', key]);
  await eventually(async () => assert.ok((await readdir(backups)).some((name) => name.endsWith('.partial'))), {
    everyMs: 2,
    timeoutMs: 20_000,
  });
  await child.kill();
  const after = (await readdir(backups)).filter((name) => wholeBackup.test(name));
  // It may have been done by then; what is there is whole in either case.
  for (const name of after) assert.ok((await readFile(join(backups, name, 'manifest.seal'), 'utf8')).length > 0);
  assert.ok(after.length === before.length || after.length === before.length + 1);
}

const restoring = (backups: string, key: string): string[] => ['restore', '--from', backups, '--key-file', key];

async function killedRestore(admin: Admin, { url, backups, key }: { url: string; backups: string; key: string }): Promise<void> {
  const child = await admin.start(restoring(backups, key));
  const working = "SELECT FROM pg_stat_activity WHERE application_name = 'tmws-backup'";
  await eventually(async () => assert.equal((await sql(url, working)).length, 1), { everyMs: 2, timeoutMs: 20_000 });
  await child.kill();
  await eventually(async () => assert.equal((await sql(url, working)).length, 0), { timeoutMs: 20_000 });
  assert.deepEqual(await schemasOf(url), [], 'a restore that was killed left something');
}

async function refused(admin: Admin, backups: string, key: string, why: string): Promise<void> {
  const child = await admin.start(restoring(backups, key));
  const { code } = await child.exited;
  assert.equal(code, 5, child.output());
  assert.ok(child.output().includes(why), child.output());
}

async function schemasOf(url: string): Promise<string[]> {
  const rows = await sql(
    url,
    "SELECT table_schema AS name FROM information_schema.tables WHERE table_name = 'migrations' ORDER BY 1",
  );
  return rows.map(({ name }) => String(name));
}

const count = async (url: string, table: string): Promise<number> =>
  Number((await sql(url, `SELECT count(*) AS n FROM ${table}`))[0]?.n);

async function sql(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}
