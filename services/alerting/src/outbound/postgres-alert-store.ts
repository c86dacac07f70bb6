import { type Database, enqueue, moveOffsets, partitionsOf, type Queryable, textArray } from '@tmws/postgres';
import type { LabelSet } from '../domain/label-set.ts';
import type { AlertStore, AlertWriting, GroupPlace, HistoryEntry, KnownAlert } from '../ports.ts';
import { alertOf, type AlertRow, silenceOf, type SilenceRow } from './alert-rows.ts';
import { putNotifications } from './put-notifications.ts';
import { ruleStatesOn } from './rule-state.ts';
import { verdictsOn } from './verdicts.ts';
import { alertArrays, alertChanged, alertColumns, bucketOf, groupsInserted, historyInserted, storeBatch } from './store-batch.ts';

export const consumerGroup = 'tmws-alerting';

/** Alerts, silences and history in Postgres, on a server or embedded. */
export function openPostgresAlertStore(db: Database, schema: string): AlertStore {
  const partitions = partitionsOf(db, schema, ['history']);
  return {
    changedAlerts: (after) => changedAlerts(db, schema, after),
    changedSilences: (after) => changedSilences(db, schema, after),

    async write(atMs, work) {
      await partitions.ensure(bucketOf(atMs));
      return await db.transaction(async (tx) => {
        const [row] = await tx.query<{ settled: bigint }>(
          `WITH lock AS MATERIALIZED (SELECT 1 FROM pg_advisory_xact_lock(hashtext('${schema}.revision')))
           SELECT coalesce(pg_sequence_last_value('${schema}.revision'::regclass), 0) AS settled FROM lock`,
        );
        return await work(writingOn(tx, schema, row?.settled ?? 0n));
      });
    },

    async storeAfter(after, atMs, batch) {
      await partitions.ensure(bucketOf(atMs));
      const fresh = await storeBatch(db, schema, after, atMs, batch);
      if (fresh === undefined) return undefined;
      return { alerts: batch.alerts.map((alert, index) => ({ ...alert, revision: after + BigInt(index + 1) })), fresh };
    },

    async dueAlerts(nowMs, limit) {
      return await db.query<{ namespace: string; fingerprint: string }>(
        `SELECT namespace, fingerprint FROM ${schema}.alerts WHERE due_ms <= $1 ORDER BY due_ms LIMIT $2`,
        [Math.floor(nowMs), limit],
      );
    },

    async firedSince(namespace, sinceMs, limit) {
      const rows = await db.query<{ fingerprint: string; doc: string }>(
        `SELECT fingerprint, doc FROM (SELECT DISTINCT ON (fingerprint) fingerprint, doc, at_ms FROM ${schema}.history
           WHERE bucket >= $2 AND namespace = $1 AND at_ms >= $3 AND kind = 'fired' ORDER BY fingerprint, at_ms DESC) AS last
         ORDER BY at_ms DESC LIMIT $4`,
        [namespace, bucketOf(sinceMs), Math.floor(sinceMs), limit],
      );
      return rows.map(({ fingerprint, doc }) => ({ fingerprint, labels: (JSON.parse(doc) as { labels: LabelSet }).labels }));
    },

    async dropExpired(beforeMs) {
      await db.query(`DELETE FROM ${schema}.silences WHERE ends_ms < $1`, [Math.floor(beforeMs)]);
    },

    async dropResolved(beforeMs) {
      await db.query(`DELETE FROM ${schema}.alerts WHERE told = 'resolved' AND told_ms < $1`, [Math.floor(beforeMs)]);
    },
  };
}

function writingOn(tx: Queryable, schema: string, settled: bigint): AlertWriting {
  return {
    ...ruleStatesOn(tx, schema),
    ...verdictsOn(tx, schema),
    settled,
    changedAlerts: async (after) => (after >= settled ? [] : await changedAlerts(tx, schema, after)),
    changedSilences: async (after) => (after >= settled ? [] : await changedSilences(tx, schema, after)),
    putAlerts: (alerts) => putAlerts(tx, schema, alerts),

    async putSilence(silence) {
      const rows = await tx.query<SilenceRow>(
        `INSERT INTO ${schema}.silences (id, namespace, matchers, starts_ms, ends_ms, updated_ms, created_by, comment, revision)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, nextval('${schema}.revision'))
         ON CONFLICT (id) DO UPDATE SET matchers = excluded.matchers, starts_ms = excluded.starts_ms, ends_ms = excluded.ends_ms,
           updated_ms = excluded.updated_ms, created_by = excluded.created_by, comment = excluded.comment, revision = excluded.revision
         RETURNING *`,
        [
          silence.id,
          silence.namespace,
          JSON.stringify(silence.matchers),
          silence.startsAtMs,
          silence.endsAtMs,
          silence.updatedAtMs,
          silence.createdBy,
          silence.comment,
        ],
      );
      const [stored] = rows.map(silenceOf);
      if (stored === undefined) throw new Error('a silence was neither made nor changed');
      return stored;
    },

    remember: (entries) => remember(tx, schema, entries),
    place: (groups) => place(tx, schema, groups),
    notify: (group, notifications, nowMs) => putNotifications(tx, schema, group, notifications, nowMs),
    async bringForward(nowMs, mostMs, made) {
      const times = [Math.floor(nowMs), Math.floor(nowMs + mostMs)];
      const groups = await tx.query(`UPDATE ${schema}.groups SET flush_ms = $1 WHERE flush_ms > $2 RETURNING 1`, times);
      const messages = await tx.query(
        `UPDATE ${schema}.notifications SET due_ms = $1 WHERE status = 'pending' AND due_ms > $2 AND created_ms > $3 RETURNING 1`,
        [...times, made === 'ever' ? 0 : Math.floor(nowMs)],
      );
      return groups.length + messages.length > 0;
    },
    async dropGroupsBut(routeIds) {
      await tx.query(`DELETE FROM ${schema}.groups WHERE route_id <> ALL($1::text[])`, [textArray(routeIds)]);
      // Whoever placed alerts by what was in force before must do so again.
      await tx.query(`SELECT nextval('${schema}.revision')`);
    },
    send: (records) => enqueue(tx, schema, records),
    moveOffsets: (moves) => moveOffsets(tx, schema, consumerGroup, moves),
  };
}

export async function changedAlerts(on: Queryable, schema: string, after: bigint) {
  const rows = await on.query<AlertRow>(`SELECT * FROM ${schema}.alerts WHERE revision > $1 ORDER BY revision`, [after]);
  return rows.map(alertOf);
}

export async function changedSilences(on: Queryable, schema: string, after: bigint) {
  const rows = await on.query<SilenceRow>(`SELECT * FROM ${schema}.silences WHERE revision > $1 ORDER BY revision`, [after]);
  return rows.map(silenceOf);
}

async function putAlerts(tx: Queryable, schema: string, alerts: readonly KnownAlert[]) {
  if (alerts.length === 0) return [];
  const arrays = alertArrays(alerts);
  const rows = await tx.query<{ namespace: string; fingerprint: string; revision: bigint }>(
    `INSERT INTO ${schema}.alerts AS a (${alertColumns}, revision)
     SELECT u.*, nextval('${schema}.revision') FROM unnest(${arrays.map(([type], i) => `$${i + 1}::${type}[]`).join(', ')}) AS u
     ${alertChanged}
     RETURNING namespace, fingerprint, revision`,
    arrays.map(([, values]) => values),
  );
  const revisions = new Map(rows.map(({ namespace, fingerprint, revision }) => [`${fingerprint} ${namespace}`, revision]));
  return alerts.map((alert) => ({ ...alert, revision: revisions.get(`${alert.fingerprint} ${alert.namespace}`) ?? 0n }));
}

export async function remember(tx: Queryable, schema: string, entries: readonly HistoryEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const values: unknown[] = [];
  await tx.query(
    historyInserted(schema, entries, (value) => `$${values.push(value)}`, ''),
    values,
  );
}

async function place(tx: Queryable, schema: string, groups: readonly GroupPlace[]): Promise<void> {
  for (const hurried of [false, true]) {
    const values: unknown[] = [];
    const some = groups.filter(({ hurryAtMs }) => (hurryAtMs !== undefined) === hurried);
    for (const text of groupsInserted(schema, some, (value) => `$${values.push(value)}`, '')) await tx.query(text, values);
  }
}
