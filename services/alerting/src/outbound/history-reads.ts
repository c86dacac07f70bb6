import { type Database, textArray } from '@tmws/postgres';
import type { LabelSet } from '../domain/label-set.ts';
import type { HistoryEntry } from '../ports.ts';
import type { AlertReads, StoredEntry } from '../read-ports.ts';

interface HistoryRow {
  no: bigint;
  fingerprint: string;
  at_ms: bigint;
  kind: HistoryEntry['kind'];
  doc: string;
}

const dayMs = 86_400_000;
const bucketOf = (atMs: number): number => Math.floor(atMs / dayMs);
const greatest = 2 ** 31 - 1;
/** As the column is: times beyond it bound nothing. */
const bounded = (ms: number): number => Math.floor(Math.min(8.64e15, Math.max(-8.64e15, ms)));

type HistoryReads = Pick<AlertReads, 'firedAfter' | 'lastFiredMs' | 'history' | 'labelsOf' | 'firingAt' | 'seenSince'>;

/** Reads of history. `bucket` bounds which days are opened. */
export function historyReads(db: Database, schema: string): HistoryReads {
  const table = `${schema}.history`;
  return {
    async firedAfter(namespace, { day, no, sinceMs, limit }) {
      const rows = await db.query<{ no: bigint; fingerprint: string; at_ms: bigint }>(
        `SELECT no, fingerprint, at_ms FROM ${table}
         WHERE bucket = $2 AND namespace = $1 AND kind = 'fired' AND at_ms >= $4 AND no > $3 ORDER BY no LIMIT $5`,
        [namespace, day, no, Math.floor(sinceMs), limit],
      );
      return rows.map(({ no, fingerprint, at_ms: atMs }) => ({ no, fingerprint, atMs: Number(atMs) }));
    },

    async lastFiredMs(namespace) {
      const [row] = await db.query<{ at_ms: bigint }>(
        `SELECT at_ms FROM ${table} WHERE namespace = $1 AND kind = 'fired' ORDER BY at_ms DESC LIMIT 1`,
        [namespace],
      );
      return row === undefined ? undefined : Number(row.at_ms);
    },

    async history(namespace, { fingerprint, kinds, fromMs = -Infinity, toMs = Infinity, before, limit }) {
      const rows = await db.query<HistoryRow>(
        `SELECT no, fingerprint, at_ms, kind, doc FROM ${table}
         WHERE namespace = $1 AND ($2 = '' OR fingerprint = $2) AND (cardinality($3::text[]) = 0 OR kind = ANY($3::text[]))
           AND bucket >= $4 AND at_ms >= $5 AND bucket <= $6 AND at_ms < $7 AND (at_ms, no) < ($8, $9)
         ORDER BY at_ms DESC, no DESC LIMIT $10`,
        [
          namespace,
          fingerprint,
          textArray(kinds),
          Math.max(-greatest, bucketOf(bounded(fromMs))),
          bounded(fromMs),
          Math.min(greatest, bucketOf(bounded(Math.min(toMs, before?.atMs ?? Infinity)))),
          bounded(toMs),
          before?.atMs ?? bounded(Infinity),
          before?.no ?? 0n,
          limit,
        ],
      );
      return rows.map(entryIn(namespace));
    },

    async labelsOf(namespace, fingerprints) {
      if (fingerprints.length === 0) return new Map();
      const rows = await db.query<{ fingerprint: string; doc: string }>(
        `SELECT u.fingerprint, h.doc FROM unnest($2::text[]) AS u(fingerprint)
         CROSS JOIN LATERAL (SELECT doc FROM ${table} WHERE namespace = $1 AND fingerprint = u.fingerprint AND kind = 'fired'
           ORDER BY at_ms DESC, no DESC LIMIT 1) AS h`,
        [namespace, textArray(fingerprints)],
      );
      return new Map(rows.map(({ fingerprint, doc }) => [fingerprint, labelsIn(doc)]));
    },

    async firingAt(namespace, atMs, limit) {
      // What fired then is what ended first after it, and what fires now and did not begin after it.
      const rows = await db.query<HistoryRow>(
        `WITH turned AS (SELECT DISTINCT ON (fingerprint) fingerprint, kind FROM ${table}
             WHERE bucket >= $2 AND namespace = $1 AND at_ms > $3 AND kind IN ('fired', 'resolved') ORDER BY fingerprint, no),
           fired AS (SELECT fingerprint FROM turned WHERE kind = 'resolved'
             UNION SELECT fingerprint FROM ${schema}.alerts a WHERE namespace = $1 AND told = 'firing'
               AND NOT EXISTS (SELECT FROM turned t WHERE t.fingerprint = a.fingerprint) LIMIT $4)
         SELECT h.no, h.fingerprint, h.at_ms, h.kind, h.doc FROM fired f
         CROSS JOIN LATERAL (SELECT bucket, at_ms, no FROM ${table} WHERE namespace = $1 AND fingerprint = f.fingerprint AND kind = 'fired'
           AND bucket <= $2 AND at_ms <= $3 ORDER BY at_ms DESC, no DESC LIMIT 1) AS began
         JOIN ${table} h ON h.namespace = $1 AND h.fingerprint = f.fingerprint AND h.bucket BETWEEN began.bucket AND $2
           AND h.at_ms BETWEEN began.at_ms AND $3 AND h.no >= began.no
           AND h.kind IN ('fired', 'changed', 'acknowledged', 'unacknowledged', 'assigned')
         ORDER BY h.no`,
        [namespace, bucketOf(atMs), Math.floor(atMs), limit],
      );
      return rows.map(entryIn(namespace));
    },

    async seenSince(namespace, sinceMs, limit) {
      const rows = await db.query<{ fingerprint: string; last_ms: bigint; doc: string | null }>(
        `SELECT fingerprint, max(at_ms) AS last_ms, (array_agg(doc ORDER BY no DESC) FILTER (WHERE kind = 'fired'))[1] AS doc
         FROM ${table} WHERE bucket >= $2 AND namespace = $1 AND at_ms >= $3 AND kind IN ('fired', 'resolved')
         GROUP BY fingerprint ORDER BY 2 DESC LIMIT $4`,
        [namespace, bucketOf(sinceMs), Math.floor(sinceMs), limit],
      );
      const older = await this.labelsOf(
        namespace,
        rows.filter(({ doc }) => doc === null).map(({ fingerprint }) => fingerprint),
      );
      return rows.flatMap(({ fingerprint, last_ms: lastMs, doc }) => {
        const labels = doc === null ? older.get(fingerprint) : labelsIn(doc);
        return labels === undefined ? [] : [{ fingerprint, lastMs: Number(lastMs), labels }];
      });
    },
  };
}

const labelsIn = (doc: string): LabelSet => (JSON.parse(doc) as { labels: LabelSet }).labels;

const entryIn =
  (namespace: string) =>
  ({ no, fingerprint, at_ms: atMs, kind, doc }: HistoryRow): StoredEntry => ({
    no,
    namespace,
    fingerprint,
    atMs: Number(atMs),
    kind,
    doc: JSON.parse(doc) as StoredEntry['doc'],
  });
