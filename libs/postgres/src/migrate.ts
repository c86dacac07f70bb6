import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '@tmws/problems';
import type { Logger } from '@tmws/telemetry';
import type { Database, Queryable } from './database.ts';

export interface MigrateOptions {
  /** The service's schema; `{{schema}}` in the files stands for it. */
  readonly schema: string;
  /** Folder of `0001_name.sql` (expand: old code keeps working) and `0001_name.contract.sql` (only when no older replica runs). */
  readonly dir: string;
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
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(schema)) throw new Problem('invalid', `${JSON.stringify(schema)} cannot be a schema's name`);
  const steps = [...readSteps(libraryDir, 'lib_'), ...readSteps(options.dir, '')];
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

async function applyOnce(tx: Queryable, schema: string, step: Step): Promise<boolean> {
  const [before] = await tx.query<{ checksum: string }>(`SELECT checksum FROM ${schema}.migrations WHERE name = $1`, [step.name]);
  if (before !== undefined) {
    if (before.checksum === step.checksum) return false;
    throw new Problem(
      'precondition',
      `migration ${schema}/${step.name} ran in another form before; add a new step instead of editing it`,
    );
  }
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
