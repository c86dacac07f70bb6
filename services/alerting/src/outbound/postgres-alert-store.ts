import {
  boolArray,
  type Database,
  enqueue,
  int4Array,
  int8Array,
  moveOffsets,
  partitionsOf,
  type Queryable,
  textArray,
} from '@tmws/postgres';
import type { LabelSet } from '../domain/label-set.ts';
import type { AlertStore, AlertWriting, GroupPlace, HistoryEntry, KnownAlert } from '../ports.ts';
import { alertOf, type AlertRow, silenceOf, type SilenceRow } from './alert-rows.ts';
import { ruleStatesOn } from './rule-state.ts';

export const consumerGroup = 'tmws-alerting';

const dayMs = 86_400_000;
const bucketOf = (atMs: number): number => Math.floor(atMs / dayMs);

/** Alerts, silences and history in Postgres, on a server or embedded. */
export function openPostgresAlertStore(db: Database, schema: string): AlertStore {
  const partitions = partitionsOf(db, schema, ['history']);
  return {
    changedAlerts: (after) => changedAlerts(db, schema, after),
    changedSilences: (after) => changedSilences(db, schema, after),

    async write(atMs, work) {
      await partitions.ensure(bucketOf(atMs));
      return await db.transaction(async (tx) => {
        await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`${schema}.revision`]);
        return await work(writingOn(tx, schema));
      });
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

    async dropResolved(beforeMs) {
      await db.query(`DELETE FROM ${schema}.alerts WHERE told = 'resolved' AND told_ms < $1`, [Math.floor(beforeMs)]);
    },
  };
}

function writingOn(tx: Queryable, schema: string): AlertWriting {
  return {
    ...ruleStatesOn(tx, schema),
    changedAlerts: (after) => changedAlerts(tx, schema, after),
    changedSilences: (after) => changedSilences(tx, schema, after),
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
    async dropGroupsBut(routeIds) {
      await tx.query(`DELETE FROM ${schema}.groups WHERE route_id <> ALL($1::text[])`, [textArray(routeIds)]);
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
  const ms = (read: (alert: KnownAlert) => number): Buffer => int8Array(alerts.map((alert) => BigInt(Math.floor(read(alert)))));
  const rows = await tx.query<{ namespace: string; fingerprint: string; revision: bigint }>(
    `INSERT INTO ${schema}.alerts AS a (namespace, fingerprint, labels, annotations, generator_url, starts_ms, ends_ms, updated_ms, timeout,
       told, told_ms, acknowledged, assignee, revision)
     SELECT u.*, nextval('${schema}.revision') FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[],
       $8::bigint[], $9::boolean[], $10::text[], $11::bigint[], $12::text[], $13::text[]) AS u
     ON CONFLICT (namespace, fingerprint) DO UPDATE SET annotations = excluded.annotations, generator_url = excluded.generator_url,
       starts_ms = excluded.starts_ms, ends_ms = excluded.ends_ms, updated_ms = excluded.updated_ms, timeout = excluded.timeout,
       told = excluded.told, told_ms = excluded.told_ms, acknowledged = excluded.acknowledged, assignee = excluded.assignee,
       revision = excluded.revision
     RETURNING namespace, fingerprint, revision`,
    [
      textArray(alerts.map(({ namespace }) => namespace)),
      textArray(alerts.map(({ fingerprint }) => fingerprint)),
      textArray(alerts.map(({ labels }) => JSON.stringify(labels))),
      textArray(alerts.map(({ annotations }) => JSON.stringify(annotations))),
      textArray(alerts.map(({ generatorUrl }) => generatorUrl)),
      ms(({ startsAtMs }) => startsAtMs),
      ms(({ endsAtMs }) => endsAtMs),
      ms(({ updatedAtMs }) => updatedAtMs),
      boolArray(alerts.map(({ timeout }) => timeout)),
      textArray(alerts.map(({ told }) => told)),
      ms(({ toldAtMs }) => toldAtMs),
      textArray(alerts.map(({ acknowledged }) => (acknowledged === undefined ? null : JSON.stringify(acknowledged)))),
      textArray(alerts.map(({ assignee }) => assignee)),
    ],
  );
  const revisions = new Map(rows.map(({ namespace, fingerprint, revision }) => [`${fingerprint} ${namespace}`, revision]));
  return alerts.map((alert) => ({ ...alert, revision: revisions.get(`${alert.fingerprint} ${alert.namespace}`) ?? 0n }));
}

export async function remember(tx: Queryable, schema: string, entries: readonly HistoryEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await tx.query(
    `INSERT INTO ${schema}.history (bucket, namespace, fingerprint, at_ms, kind, doc)
     SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[])`,
    [
      int4Array(entries.map(({ atMs }) => bucketOf(atMs))),
      textArray(entries.map(({ namespace }) => namespace)),
      textArray(entries.map(({ fingerprint }) => fingerprint)),
      int8Array(entries.map(({ atMs }) => BigInt(Math.floor(atMs)))),
      textArray(entries.map(({ kind }) => kind)),
      textArray(entries.map(({ doc }) => JSON.stringify(doc))),
    ],
  );
}

// A group that is known keeps its time, unless it is hurried. It is written in any case: whoever is about to forget it is waited for, and it
// is made again.
async function place(tx: Queryable, schema: string, groups: readonly GroupPlace[]): Promise<void> {
  if (groups.length === 0) return;
  const known = groups.filter(({ hurryAtMs }) => hurryAtMs === undefined);
  const hurried = groups.filter(({ hurryAtMs }) => hurryAtMs !== undefined);
  await insertGroups(tx, schema, known, 'g.flush_ms');
  await insertGroups(tx, schema, hurried, 'least(g.flush_ms, excluded.flush_ms)');
}

async function insertGroups(tx: Queryable, schema: string, groups: readonly GroupPlace[], flushMs: string): Promise<void> {
  if (groups.length === 0) return;
  await tx.query(
    `INSERT INTO ${schema}.groups AS g (namespace, route_id, group_key, labels, flush_ms)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[])
     ON CONFLICT (namespace, route_id, group_key) DO UPDATE SET flush_ms = ${flushMs}`,
    [
      textArray(groups.map(({ namespace }) => namespace)),
      textArray(groups.map(({ routeId }) => routeId)),
      textArray(groups.map(({ groupKey }) => groupKey)),
      textArray(groups.map(({ labels }) => JSON.stringify(labels))),
      int8Array(groups.map(({ flushAtMs, hurryAtMs }) => BigInt(Math.floor(Math.min(flushAtMs, hurryAtMs ?? flushAtMs))))),
    ],
  );
}
