// What rules remember, beside the alerts and the offsets they are stored with.
import { int8Array, type Queryable, textArray } from '@tmws/postgres';
import { type AlertWriting, ruleStateName } from '../ports.ts';

interface StateRow {
  rule: string;
  key: string;
  doc: string;
  seen_ms: bigint;
}

export function ruleStatesOn(
  tx: Queryable,
  schema: string,
): Pick<AlertWriting, 'ruleStates' | 'ruleStatesOf' | 'putRuleStates' | 'trimRuleStates' | 'countRuleStates'> {
  return {
    async ruleStates(names) {
      if (names.length === 0) return new Map();
      const rows = await tx.query<StateRow>(
        `SELECT s.rule, s.key, s.doc, s.seen_ms FROM unnest($1::text[], $2::text[]) AS k(rule, key)
         JOIN ${schema}.rule_states s ON s.rule = k.rule AND s.key = k.key`,
        [textArray(names.map(({ rule }) => rule)), textArray(names.map(({ key }) => key))],
      );
      return new Map(
        rows.map(({ rule, key, doc, seen_ms: seenMs }) => [
          ruleStateName({ rule, key }),
          { rule, key, doc, seenMs: Number(seenMs) },
        ]),
      );
    },

    async ruleStatesOf(rule) {
      const rows = await tx.query<StateRow>(`SELECT rule, key, doc, seen_ms FROM ${schema}.rule_states WHERE rule = $1`, [rule]);
      return rows.map(({ key, doc, seen_ms: seenMs }) => ({ rule, key, doc, seenMs: Number(seenMs) }));
    },

    async putRuleStates(states) {
      if (states.length === 0) return;
      await tx.query(
        `INSERT INTO ${schema}.rule_states (rule, key, doc, seen_ms)
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
         ON CONFLICT (rule, key) DO UPDATE SET doc = excluded.doc, seen_ms = excluded.seen_ms`,
        [
          textArray(states.map(({ rule }) => rule)),
          textArray(states.map(({ key }) => key)),
          textArray(states.map(({ doc }) => doc)),
          int8Array(states.map(({ seenMs }) => BigInt(Math.floor(seenMs)))),
        ],
      );
    },

    async trimRuleStates(rule, beforeMs, most) {
      await tx.query(`DELETE FROM ${schema}.rule_states WHERE rule = $1 AND seen_ms < $2`, [rule, Math.floor(beforeMs)]);
      const rows = await tx.query(
        `DELETE FROM ${schema}.rule_states WHERE rule = $1 AND key IN
           (SELECT key FROM ${schema}.rule_states WHERE rule = $1 ORDER BY seen_ms DESC, key OFFSET $2) RETURNING 1`,
        [rule, most],
      );
      return rows.length;
    },

    async countRuleStates() {
      const rows = await tx.query<{ rule: string; count: bigint }>(
        `SELECT rule, count(*) AS count FROM ${schema}.rule_states GROUP BY rule`,
      );
      return new Map(rows.map(({ rule, count }) => [rule, Number(count)]));
    },
  };
}
