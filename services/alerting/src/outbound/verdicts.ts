import { int8Array, type Queryable, textArray } from '@tmws/postgres';
import type { VerdictReads, VerdictWriting } from '../verdict-ports.ts';

export function verdictsOn(tx: Queryable, schema: string): VerdictWriting {
  return {
    async judge(given) {
      const back = given.filter(({ verdict }) => verdict === '');
      const said = given.filter(({ verdict }) => verdict !== '');
      if (back.length > 0) {
        await tx.query(
          `DELETE FROM ${schema}.verdicts v USING unnest($1::text[], $2::text[], $3::bigint[]) AS u(namespace, fingerprint, starts_ms)
           WHERE v.namespace = u.namespace AND v.fingerprint = u.fingerprint AND v.starts_ms = u.starts_ms`,
          keysOf(back),
        );
      }
      if (said.length === 0) return;
      await tx.query(
        `INSERT INTO ${schema}.verdicts (namespace, fingerprint, starts_ms, rule, verdict, judged_by, at_ms)
         SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::bigint[])
         ON CONFLICT (namespace, fingerprint, starts_ms) DO UPDATE
           SET rule = excluded.rule, verdict = excluded.verdict, judged_by = excluded.judged_by, at_ms = excluded.at_ms`,
        [
          ...keysOf(said),
          textArray(said.map(({ rule }) => rule)),
          textArray(said.map(({ verdict }) => verdict)),
          textArray(said.map(({ by }) => by)),
          int8Array(said.map(({ atMs }) => BigInt(Math.floor(atMs)))),
        ],
      );
    },

    async disputedRules(namespaces, sinceMs) {
      const rows = await tx.query<{ namespace: string; rule: string }>(
        `SELECT DISTINCT namespace, rule FROM ${schema}.verdicts
         WHERE verdict = 'false_positive' AND namespace = ANY($1::text[]) AND at_ms >= $2`,
        [textArray(namespaces), Math.floor(sinceMs)],
      );
      const found = new Map<string, Set<string>>();
      for (const { namespace, rule } of rows) found.set(namespace, (found.get(namespace) ?? new Set()).add(rule));
      return found;
    },
  };
}

const keysOf = (given: readonly { namespace: string; fingerprint: string; startsAtMs: number }[]) => [
  textArray(given.map(({ namespace }) => namespace)),
  textArray(given.map(({ fingerprint }) => fingerprint)),
  int8Array(given.map(({ startsAtMs }) => BigInt(Math.floor(startsAtMs)))),
];

export function verdictReads(db: Queryable, schema: string): VerdictReads {
  return {
    async verdictCounts(namespace, disputedSinceMs) {
      const rows = await db.query<{ rule: string; good: bigint; bad: bigint; disputed: boolean }>(
        `SELECT rule, count(*) FILTER (WHERE verdict = 'true_positive') AS good,
           count(*) FILTER (WHERE verdict = 'false_positive') AS bad,
           coalesce(bool_or(at_ms >= $2) FILTER (WHERE verdict = 'false_positive'), false) AS disputed
         FROM ${schema}.verdicts WHERE namespace = $1 GROUP BY rule`,
        [namespace, Math.floor(disputedSinceMs)],
      );
      return new Map(
        rows.map(({ rule, good, bad, disputed }) => [
          rule,
          { truePositives: Number(good), falsePositives: Number(bad), disputed },
        ]),
      );
    },
  };
}
