import type { Queryable } from '@tmws/postgres';

/** What was told of them before stays away from now on. @returns those that were not known to be deleted, or only before */
export async function rememberDeleted(
  tx: Queryable,
  schema: string,
  executions: readonly { namespace: string; id: string; deletedNs: bigint }[],
): Promise<{ namespace: string; id: string }[]> {
  return await tx.query<{ namespace: string; id: string }>(
    `INSERT INTO ${schema}.deleted AS d (namespace, id, deleted_ns)
     SELECT namespace, id, max(deleted_ns) FROM unnest($1::text[], $2::text[], $3::bigint[]) AS k(namespace, id, deleted_ns) GROUP BY 1, 2
     ON CONFLICT (namespace, id) DO UPDATE SET deleted_ns = excluded.deleted_ns, lifted = false WHERE d.deleted_ns < excluded.deleted_ns
     RETURNING namespace, id`,
    [executions.map(({ namespace }) => namespace), executions.map(({ id }) => id), executions.map(({ deletedNs }) => deletedNs)],
  );
}

/** Gives deletions their places among all changes. The caller holds the lock of revisions. */
export async function tellDeleted(
  tx: Queryable,
  schema: string,
  executions: readonly { namespace: string; id: string }[],
): Promise<void> {
  await tx.query(
    `UPDATE ${schema}.deleted d SET revision = nextval('${schema}.revision') FROM unnest($1::text[], $2::text[]) AS k(namespace, id)
     WHERE d.namespace = k.namespace AND d.id = k.id`,
    [executions.map(({ namespace }) => namespace), executions.map(({ id }) => id)],
  );
}

/** @param withRows  whether steps and facts go too; else their tables will */
export async function deleteRows(
  tx: Queryable,
  schema: string,
  bucket: number,
  nos: readonly bigint[],
  withRows: boolean,
): Promise<void> {
  if (nos.length === 0) return;
  if (withRows) {
    for (const table of ['attempts', 'facts'])
      await tx.query(`DELETE FROM ${schema}.${table} WHERE bucket = $1 AND execution_no = ANY($2::bigint[])`, [bucket, nos]);
  }
  await tx.query(`DELETE FROM ${schema}.executions WHERE no = ANY($1::bigint[])`, [nos]);
}
