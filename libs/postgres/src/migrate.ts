import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '@tmws/problems';
import type { Logger } from '@tmws/telemetry';
import type { Database, Queryable } from './database.ts';

/** What makes a service's schema. */
export interface Migrations {
  /** The service's schema; `{{schema}}` in the files stands for it. */
  readonly schema: string;
  /** Folder of `0001_name.sql` (expand: old code keeps working) and `0001_name.contract.sql` (only when no older replica runs). */
  readonly dir: string;
}

export interface MigrateOptions extends Migrations {
  /** Whether contracting steps may run. */
  readonly contract: boolean;
  readonly logger: Logger;
}

interface Step {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
  readonly contracting: boolean;
}

// Tables every service has: stored offsets and the outbox.
const libraryDir = join(import.meta.dirname, '..', 'migrations');

/**
 * Brings a schema up to date, each step in a transaction of its own, under a lock, so that replicas may start together.
 *
 * @throws Problem `precondition` when a step that ran before reads differently now
 */
export async function migrate(db: Database, options: MigrateOptions): Promise<void> {
  const { schema, logger } = options;
  const steps = stepsOf(options);
  await locked(db, async (tx) => {
    await tx.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await tx.query(
      `CREATE TABLE IF NOT EXISTS ${schema}.migrations (name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
    );
  });
  for (const step of steps) {
    if (step.contracting && !options.contract) continue;
    const ran = await locked(db, (tx) => applyOnce(tx, schema, step));
    if (ran) logger.info({ schema, step: step.name }, 'database migrated');
  }
}

/**
 * The expanding steps that have not run yet. A schema with steps nobody here knows is fine: a newer version was here.
 *
 * @throws Problem `precondition` when a step that ran reads differently here
 */
export async function missingSteps(db: Queryable, migrations: Migrations): Promise<string[]> {
  const steps = stepsOf(migrations).filter(({ contracting }) => !contracting);
  const ran = await ranSteps(db, migrations.schema);
  return steps.filter((step) => !isRun(migrations.schema, step, ran.get(step.name))).map(({ name }) => name);
}

/** The last of the service's own steps: the newest that ran, or the newest there is here. Undefined where there is none. */
export async function newestStep(db: Queryable, { schema }: Pick<Migrations, 'schema'>): Promise<string | undefined> {
  return newestOf([...(await ranSteps(db, schema)).keys()]);
}

/** @see newestStep */
export function newestKnownStep(migrations: Migrations): string | undefined {
  return newestOf(stepsOf(migrations).map(({ name }) => name));
}

const newestOf = (names: readonly string[]): string | undefined =>
  names
    .filter((name) => !name.startsWith(libraryPrefix))
    .toSorted()
    .at(-1);

async function ranSteps(db: Queryable, schema: string): Promise<Map<string, string>> {
  const [made] = await db.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [`${schema}.migrations`]);
  if (made?.there !== true) return new Map();
  const rows = await db.query<{ name: string; checksum: string }>(`SELECT name, checksum FROM ${schema}.migrations`);
  return new Map(rows.map(({ name, checksum }) => [name, checksum]));
}

/** @param checksum  of the step of that name that ran; undefined: none did */
function isRun(schema: string, step: Step, checksum: string | undefined): boolean {
  if (checksum === undefined || checksum === step.checksum) return checksum !== undefined;
  throw new Problem(
    'precondition',
    `migration ${schema}/${step.name} ran in another form before; add a new step instead of editing it`,
  );
}

async function applyOnce(tx: Queryable, schema: string, step: Step): Promise<boolean> {
  const [before] = await tx.query<{ checksum: string }>(`SELECT checksum FROM ${schema}.migrations WHERE name = $1`, [step.name]);
  if (isRun(schema, step, before?.checksum)) return false;
  await tx.query(step.sql.replaceAll('{{schema}}', schema));
  await tx.query(`INSERT INTO ${schema}.migrations (name, checksum) VALUES ($1, $2)`, [step.name, step.checksum]);
  return true;
}

// "tmws" in ASCII: the key of the one lock all migrations take.
const lockKey = 0x746d7773;

function locked<T>(db: Database, work: (tx: Queryable) => Promise<T>): Promise<T> {
  return db.transaction(
    async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock($1)', [lockKey]);
      return await work(tx);
    },
    { unhurried: true },
  );
}

const libraryPrefix = 'lib_';

function stepsOf({ schema, dir }: Migrations): Step[] {
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(schema)) throw new Problem('invalid', `${JSON.stringify(schema)} cannot be a schema's name`);
  return [...readSteps(libraryDir, libraryPrefix), ...readSteps(dir, '')];
}

function readSteps(dir: string, prefix: string): Step[] {
  return readdirSync(dir)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const sql = readFileSync(join(dir, file), 'utf8');
      const checksum = createHash('sha256').update(sql).digest('hex');
      return { name: prefix + file.replace(/\.sql$/, ''), sql, checksum, contracting: file.endsWith('.contract.sql') };
    });
}
