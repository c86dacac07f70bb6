// Backups of a real Postgres: what goes in comes out, what was damaged is refused, and what fails leaves everything as it was.
import { appendFile, cp, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrate, openDatabase } from '@tmws/postgres';
import { openLogger, openMetrics } from '@tmws/telemetry';
import { type PostgresServer, startPostgres, tempDir, type TempDir } from '@tmws/testkit';
import pg from 'pg';
import { readKeyFile, restoreBackup, takeBackup, verifyBackup, writeNewKey } from '../src/index.ts';

let server: PostgresServer;
let dir: TempDir;
let keyFile: string;
let from: string;
const schema = 'store';

beforeAll(async () => {
  [server, dir] = await Promise.all([startPostgres(), tempDir('backup')]);
  keyFile = join(dir.path, 'key');
  await writeNewKey(keyFile);
  await fill();
  from = (await backup()).dir;
}, 120_000);
afterAll(async () => {
  await server.stop();
  await dir[Symbol.asyncDispose]();
});

const sqlOf = async (text: string): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query(text)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
};

/** Every kind of thing that schemas of services have. */
async function fill(): Promise<void> {
  const migrations = join(dir.path, 'migrations');
  await mkdir(migrations);
  await writeFile(
    join(migrations, '0001_all.sql'),
    `CREATE SEQUENCE {{schema}}.revision;
     CREATE TABLE {{schema}}.things (id text PRIMARY KEY, no bigint GENERATED ALWAYS AS IDENTITY UNIQUE, big bigint, bytes bytea, doc jsonb, words text[],
       half double precision DEFAULT 0.1, at timestamptz, twice bigint GENERATED ALWAYS AS (big * 2) STORED, CHECK (big <> 13));
     ALTER TABLE {{schema}}.things ALTER COLUMN bytes SET STORAGE EXTERNAL;
     CREATE INDEX things_odd ON {{schema}}.things (big DESC) WHERE big % 2 = 1;
     CREATE TABLE {{schema}}.parts (bucket integer NOT NULL, no bigint GENERATED ALWAYS AS IDENTITY, thing text REFERENCES {{schema}}.things ON DELETE CASCADE, PRIMARY KEY (bucket, no)) PARTITION BY RANGE (bucket);
     CREATE INDEX parts_of ON {{schema}}.parts (thing);
     CREATE TABLE {{schema}}.parts_7 PARTITION OF {{schema}}.parts FOR VALUES FROM (7) TO (8);
     CREATE TABLE {{schema}}.empty (one boolean PRIMARY KEY DEFAULT true CHECK (one));
     CREATE FUNCTION {{schema}}.no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'things stay'; END $$;
     CREATE TRIGGER kept BEFORE DELETE ON {{schema}}.things FOR EACH ROW EXECUTE FUNCTION {{schema}}.no_delete();`,
  );
  const logger = openLogger('test', 'silent');
  const none = { dataDir: '', cacheDir: '', maxConnections: 1, logger, metrics: openMetrics() };
  const db = await openDatabase({ url: server.url, ...none });
  await migrate(db, { schema, dir: migrations, contract: true, logger });
  await db.close();
  await sqlOf(
    `INSERT INTO store.things (id, big, bytes, doc, words, at) SELECT E'id\\t\\n\\\\' || n, 9007199254740993 + n, decode(md5(n::text), 'hex'),
       jsonb_build_object('n', n, 'text', E'a\\nb'), ARRAY['x', NULL, 'y,"z'], now() FROM generate_series(1, 5000) n`,
  );
  await sqlOf('INSERT INTO store.parts (bucket, thing) SELECT 7, id FROM store.things');
  await sqlOf("SELECT setval('store.revision', 4242)");
  await sqlOf("INSERT INTO store.offsets VALUES ('c', 'tmws.workflow', 3, 99)");
}

const now = (): Date => new Date();
const backup = async (more: Partial<Parameters<typeof takeBackup>[0]> = {}) =>
  takeBackup({
    to: join(dir.path, 'backups'),
    version: '0.0.0',
    key: await readKeyFile(keyFile),
    databaseUrl: server.url,
    dataDir: undefined,
    bus: undefined,
    include: [],
    env: { TMWS_DATABASE_URL: server.url, TMWS_LOG_LEVEL: 'info' },
    retain: undefined,
    now,
    ...more,
  });
const restore = async (more: Partial<Parameters<typeof restoreBackup>[0]> = {}) =>
  restoreBackup({
    ...{ from, key: await readKeyFile(keyFile), databaseUrl: server.url, dataDir: undefined, bus: undefined, now },
    ...{ replace: true, whileConnected: false, newKafka: false, filesTo: undefined },
    ...more,
  });
const verify = async (more: Partial<Parameters<typeof verifyBackup>[0]> = {}) =>
  verifyBackup({ from, key: await readKeyFile(keyFile), databaseUrl: server.url, dataDir: undefined, now, ...more });

/** The form of the schema as the catalogs say it, whatever the order things were made in. */
const form = () =>
  sqlOf(`SELECT table_name, column_name, data_type, is_nullable, column_default, identity_generation, generation_expression FROM information_schema.columns WHERE table_schema = 'store'
    UNION ALL SELECT tablename, indexdef, '', '', '', '', '' FROM pg_indexes WHERE schemaname = 'store'
    UNION ALL SELECT conrelid::regclass::text, pg_get_constraintdef(oid), contype::text, '', '', '', '' FROM pg_constraint WHERE connamespace = 'store'::regnamespace
    UNION ALL SELECT tgrelid::regclass::text, pg_get_triggerdef(oid), '', '', '', '', '' FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2, 3`);

test('a lost schema comes back the same: rows, form, sequences, triggers', async () => {
  const before = await form();
  await sqlOf('DROP SCHEMA store CASCADE');
  const { rows } = await restore({ replace: false });
  expect(rows).toBeGreaterThanOrEqual(10_000);
  expect(await form()).toEqual(before);
  expect((await verify()).differences).toEqual([]);
  expect(await sqlOf("SELECT nextval('store.revision') AS next")).toEqual([{ next: '4243' }]);
  expect(await sqlOf("INSERT INTO store.things (id) VALUES ('another') RETURNING no")).toEqual([{ no: '5001' }]);
  await expect(sqlOf('DELETE FROM store.things')).rejects.toThrow('things stay');
});

test('a row that is another, one more, and one less are told', async () => {
  await restore();
  await sqlOf('UPDATE store.things SET half = 0.2 WHERE no = 1; INSERT INTO store.empty DEFAULT VALUES');
  expect((await verify()).differences).toEqual([
    { name: 'store.empty', backupRows: 0, databaseRows: 1 },
    { name: 'store.things', backupRows: 5000, databaseRows: 5000 },
  ]);
});

test('what is there stays unless it is said that it may go', async () => {
  await expect(restore({ replace: false })).rejects.toThrow(/has store \(\d+ tables\) already; --replace/);
});

test('services that are connected are not pulled away from under', async () => {
  const service = new pg.Client({ connectionString: server.url, application_name: 'tmws' });
  await service.connect();
  await expect(restore()).rejects.toThrow('services of TMWS are connected to the database (1 connections)');
  await restore({ whileConnected: true });
  await service.end();
});

test('with another log the stored offsets are left out', async () => {
  await restore();
  expect(await sqlOf('SELECT * FROM store.offsets')).toHaveLength(1);
  await restore({ newKafka: true });
  expect(await sqlOf('SELECT * FROM store.offsets')).toHaveLength(0);
});

test('a wrong key, none, and one for a backup without are told apart', async () => {
  const other = join(dir.path, 'other');
  await writeNewKey(other);
  await expect(verify({ key: await readKeyFile(other) })).rejects.toThrow(
    /cannot be opened with this key: it was made with key [0-9a-f]{16}/,
  );
  await expect(verify({ key: undefined })).rejects.toThrow('name its key file by --key-file');
  await expect(writeNewKey(other)).rejects.toThrow('is there already');
});

test('the manifest has no secret', async () => {
  const text = await readFile(join(from, 'manifest.json'), 'utf8');
  expect(text).toContain('"TMWS_DATABASE_URL": "(set)"');
  expect(text).not.toContain('postgres://');
});

const largest = async (folder: string): Promise<string> => {
  const { database } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as {
    database: { schemas: { tables: { file: number; storedBytes: number }[] }[] };
  };
  const tables = database.schemas.flatMap((each) => each.tables).toSorted((a, b) => b.storedBytes - a.storedBytes);
  return join(folder, 'data', `${String(tables[0]?.file).padStart(6, '0')}.chunks`);
};

const flip = async (path: string): Promise<void> => {
  const bytes = await readFile(path);
  bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
  await writeFile(path, bytes);
};

test.each([
  ['a flipped byte', async (folder: string) => flip(await largest(folder)), /is damaged at chunk \d+/],
  ['a file cut off', async (folder: string) => truncate(await largest(folder), 1000), /has 1000 bytes instead of/],
  ['a missing file', async (folder: string) => rm(await largest(folder)), /cannot be read \(ENOENT\)/],
  ['a file made longer', async (folder: string) => appendFile(await largest(folder), 'x'), /bytes instead of/],
  ['a changed manifest', async (folder: string) => flip(join(folder, 'manifest.json')), /damaged|changed|cannot be opened|form/],
])('%s is found, and a restore leaves the database as it was', async (_name, damage, told) => {
  await restore();
  await sqlOf("INSERT INTO store.things (id) VALUES ('since')");
  const copy = join(dir.path, 'damaged');
  await rm(copy, { recursive: true, force: true });
  await cp(from, copy, { recursive: true });
  await damage(copy);
  await expect(verify({ from: copy })).rejects.toThrow(told);
  await expect(restore({ from: copy })).rejects.toThrow(told);
  expect(await sqlOf("SELECT id FROM store.things WHERE id = 'since'")).toHaveLength(1);
});

test('without a key it is found too', async () => {
  const { dir: plain } = await backup({ key: undefined });
  expect((await verify({ from: plain, key: undefined })).differences).toBeDefined();
  await expect(verify({ from: plain })).rejects.toThrow('is not encrypted');
  await flip(await largest(plain));
  await expect(verify({ from: plain, key: undefined })).rejects.toThrow(/is damaged at chunk|SHA-256 is another/);
});

test('a backup of a newer form is refused with what to use', async () => {
  const copy = join(dir.path, 'newer');
  await cp(from, copy, { recursive: true });
  const path = join(copy, 'manifest.json');
  await writeFile(path, (await readFile(path, 'utf8')).replace('"format": 1', '"format": 2'));
  await expect(verify({ from: copy })).rejects.toThrow('use tmws of that version or newer');
});

test('the newest are kept, and one that failed leaves nothing', async () => {
  const to = join(dir.path, 'kept');
  for (let n = 0; n < 3; n++) await backup({ to, retain: 2 });
  expect(await readdir(to)).toHaveLength(2);
  await expect(backup({ to, include: [join(dir.path, 'not-there')] })).rejects.toThrow('cannot be read (ENOENT)');
  expect(await readdir(to)).toHaveLength(2);
  await expect(backup({ to, key: undefined, include: [keyFile] })).rejects.toThrow('may hold secrets');
});

test('a schema with something that would be lost is refused', async () => {
  await restore();
  await sqlOf('CREATE VIEW store.seen AS SELECT 1');
  await expect(backup()).rejects.toThrow('schema store has what backups do not know: view seen');
  await sqlOf('DROP VIEW store.seen');
});
