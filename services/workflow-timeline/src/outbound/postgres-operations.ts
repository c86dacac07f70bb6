import type { Database, Queryable } from '@tmws/postgres';
import type { Imported, Operation, Operations } from '../import-ports.ts';

/** How long work stays with a replica that says nothing. */
export const leaseSeconds = 30;

interface OperationRow {
  id: string;
  namespace: string;
  kind: 'import';
  status: Operation['status'];
  name: string;
  done: bigint;
  total: bigint;
  unit: string;
  created_ms: bigint;
  started_ms: bigint | null;
  changed_ms: bigint | null;
  finished_ms: bigint | null;
  problem: Operation['problem'] | null;
  cancelling: boolean;
  again: boolean;
  result: ImportRow | null;
}

interface ImportRow {
  id: string;
  namespace: string;
  name: string;
  sha256: string;
  size_bytes: bigint | number;
  format: string;
  execution_count: number;
  step_count: number;
  executions: Imported['executions'];
  imported_ms: bigint | number;
}

/** With the import it made, if it is done. */
const columns = (schema: string): string =>
  `o.*, (SELECT to_jsonb(i) FROM ${schema}.imports i WHERE i.id = o.id AND o.status = 'done') AS result`;

/** Long work in Postgres, on a server or embedded. */
export function operationsInPostgres(db: Database, schema: string): Operations {
  const find = async (on: Queryable, namespace: string, id: string): Promise<Operation | undefined> => {
    const [row] = await on.query<OperationRow>(
      `SELECT ${columns(schema)} FROM ${schema}.operations o WHERE o.namespace = $1 AND o.id = $2`,
      [namespace, id],
    );
    return row === undefined ? undefined : operationOf(row);
  };
  const claim: Operations['claim'] = async (owner, nowMs) => {
    const [row] = await db.query<OperationRow>(
      `UPDATE ${schema}.operations SET status = 'running', owner = $1, lease_until = now() + interval '${leaseSeconds} s',
         started_ms = $2, changed_ms = $2, done = 0, total = 0
       WHERE id = (SELECT id FROM ${schema}.operations WHERE status = 'queued' OR (status = 'running' AND (owner IS NULL OR lease_until < now()))
                   ORDER BY created_ms, id LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING *, NULL AS result`,
      [owner, nowMs],
    );
    return row === undefined ? undefined : operationOf(row);
  };

  return {
    claim,
    find: (namespace, id) => find(db, namespace, id),

    enqueue: (file, again) =>
      db.transaction(async (tx) => {
        await tx.query(
          `INSERT INTO ${schema}.operations AS o (namespace, id, kind, status, name, unit, created_ms, again)
           VALUES ($1, $2, 'import', 'queued', $3, 'facts', $4, $5)
           ON CONFLICT (id) DO UPDATE SET status = 'queued', name = excluded.name, created_ms = excluded.created_ms, done = 0, total = 0,
             started_ms = NULL, changed_ms = NULL, finished_ms = NULL, problem = NULL, cancelling = false, owner = NULL, again = excluded.again
           WHERE o.status IN ('failed', 'cancelled')`,
          [file.namespace, file.id, file.name, file.keptMs, again],
        );
        const operation = await find(tx, file.namespace, file.id);
        if (operation === undefined) throw new Error('an operation was neither made nor found');
        return operation;
      }),

    async list(namespace, statuses, limit, after) {
      const rows = await db.query<OperationRow>(
        `SELECT ${columns(schema)} FROM ${schema}.operations o
         WHERE o.namespace = $1 AND ($2::text[] = '{}' OR o.status = ANY($2)) AND ($3::bigint IS NULL OR (o.created_ms, o.id) < ($3, $4::text))
         ORDER BY o.created_ms DESC, o.id DESC LIMIT $5`,
        [namespace, statuses, after?.ms ?? null, after?.id ?? null, limit],
      );
      return rows.map(operationOf);
    },

    async cancel(owner, namespace, id) {
      // In a statement of its own, so that one that is claimed at this instant is seen as claimed.
      const [row] = await db.query<{ mine: boolean }>(
        `UPDATE ${schema}.operations SET cancelling = true,
           owner = CASE WHEN status = 'queued' THEN $1 ELSE owner END,
           lease_until = CASE WHEN status = 'queued' THEN now() + interval '${leaseSeconds} s' ELSE lease_until END,
           status = 'running'
         WHERE namespace = $2 AND id = $3 AND status IN ('queued', 'running') RETURNING owner = $1 AS mine`,
        [owner, namespace, id],
      );
      return row === undefined ? false : row.mine ? 'mine' : 'theirs';
    },

    async open() {
      const [row] = await db.query<{ count: bigint }>(
        `SELECT count(*) FROM ${schema}.operations WHERE status IN ('queued', 'running')`,
      );
      return Number(row?.count ?? 0);
    },

    async end(owner, id, status, nowMs, problem) {
      await db.query(
        `UPDATE ${schema}.operations SET status = $3, finished_ms = $4, changed_ms = $4, problem = $5::jsonb, owner = NULL, lease_until = NULL
         WHERE id = $2 AND owner = $1 AND status = 'running'`,
        [owner, id, status, nowMs, problem === undefined ? null : JSON.stringify(problemParts(problem))],
      );
    },

    async release(owner) {
      await db.query(
        `UPDATE ${schema}.operations SET status = 'queued', owner = NULL, lease_until = NULL
         WHERE status = 'running' AND ($1::text IS NULL OR owner = $1)`,
        [owner ?? null],
      );
    },
  };
}

/** All files are to be imported again, in the transaction that throws away what was made of them. */
export async function importAgain(tx: Queryable, schema: string): Promise<void> {
  // First of all: an import that is being finished is waited for, one that goes on loses its claim.
  await tx.query(
    `UPDATE ${schema}.operations SET status = 'queued', again = again OR status = 'done', owner = NULL, lease_until = NULL, done = 0, total = 0, finished_ms = NULL
     WHERE kind = 'import' AND status IN ('running', 'done')`,
  );
  await tx.query(`DELETE FROM ${schema}.imports`);
  await tx.query(`DELETE FROM ${schema}.import_staging`);
}

function problemParts({ kind, message, field }: NonNullable<Operation['problem']>) {
  return { kind, message: message.toWellFormed().replaceAll('\0', '\ufffd'), ...(field !== undefined && { field }) };
}

function operationOf(row: OperationRow): Operation {
  const ms = (given: bigint | null): number | undefined => (given === null ? undefined : Number(given));
  return {
    id: row.id,
    namespace: row.namespace,
    kind: row.kind,
    status: row.status,
    name: row.name,
    done: Number(row.done),
    total: Number(row.total),
    unit: row.unit,
    createdMs: Number(row.created_ms),
    startedMs: ms(row.started_ms),
    changedMs: ms(row.changed_ms),
    finishedMs: ms(row.finished_ms),
    problem: row.problem ?? undefined,
    cancelling: row.cancelling,
    again: row.again,
    result: row.result === null ? undefined : importedOf(row.result),
  };
}

export function importedOf(row: ImportRow): Imported {
  return {
    id: row.id,
    namespace: row.namespace,
    name: row.name,
    sha256: row.sha256,
    sizeBytes: Number(row.size_bytes),
    format: row.format,
    executionCount: row.execution_count,
    stepCount: row.step_count,
    executions: row.executions,
    importedMs: Number(row.imported_ms),
  };
}
