import { type Database, textArray } from '@tmws/postgres';
import type { LabelSet } from '../domain/label-set.ts';
import type { AlertReads, LedgerEntry, NotificationStatus } from '../read-ports.ts';

export interface LedgerRow {
  id: string;
  group_no: bigint;
  route_id: string | null;
  group_key: string;
  group_labels: string | null;
  receiver: string;
  integration: string;
  status: NotificationStatus;
  reason: string;
  firing: string;
  resolved: string;
  created_ms: bigint;
  attempts: number;
  due_ms: bigint;
  finished_ms: bigint | null;
  error: string;
  receipt: string;
  replay_of: string | null;
  digest: string | null;
}

/** The message as JSON that Postgres reads: it takes no escaped NUL anywhere in it, not even beside what is asked for. */
const message = String.raw`replace(n.doc, '\u0000', '\ufffd')::json`;

/** Of `n`, a notification, and `g`, its group if that is there. The group's labels also stand in the message. */
export const ledgerFields = `n.id, n.group_no, g.route_id, n.group_key, coalesce(g.labels, ${message} ->> 'groupLabels') AS group_labels,
  n.receiver, n.integration, n.status, n.reason, n.firing, n.resolved, n.created_ms, n.attempts, n.due_ms, n.finished_ms, n.error, n.receipt,
  n.replay_of, n.digest`;

type LedgerReads = Pick<AlertReads, 'notifications' | 'notification' | 'groupKeys' | 'deliveries'>;

/** Reads of the ledger. */
export function ledgerReads(db: Database, schema: string): LedgerReads {
  const joined = `${schema}.notifications n LEFT JOIN ${schema}.groups g ON g.no = n.group_no`;
  return {
    async notifications(namespace, { statuses, receiver, groupKeys, fingerprint, before, limit }) {
      const rows = await db.query<LedgerRow>(
        `SELECT ${ledgerFields} FROM ${joined}
         WHERE n.namespace = $1 AND (cardinality($2::text[]) = 0 OR n.status = ANY($2::text[])) AND ($3 = '' OR n.receiver = $3)
           AND ($4::text[] IS NULL OR n.group_key = ANY($4::text[]))
           AND ($5 = '' OR position(' ' || $5 || ' ' IN ' ' || n.firing || ' ' || n.resolved || ' ') > 0)
           AND ($6::bigint IS NULL OR n.created_ms < $6 OR (n.created_ms = $6 AND n.id > $7::uuid))
         ORDER BY n.created_ms DESC, n.id LIMIT $8`,
        [
          namespace,
          textArray(statuses),
          receiver,
          groupKeys === undefined ? null : textArray(groupKeys),
          fingerprint,
          before?.atMs ?? null,
          before?.id ?? null,
          limit,
        ],
      );
      return rows.map(ledgerEntryOf);
    },

    async notification(namespace, id) {
      const [row] = await db.query<LedgerRow & { doc: string }>(
        `SELECT ${ledgerFields}, n.doc FROM ${joined} WHERE n.namespace = $1 AND n.id = $2::uuid`,
        [namespace, id],
      );
      return row === undefined ? undefined : { entry: ledgerEntryOf(row), doc: row.doc };
    },

    async groupKeys(namespace) {
      const rows = await db.query<{ group_key: string; route_id: string | null; receiver: string }>(
        `SELECT DISTINCT n.group_key, g.route_id, n.receiver FROM ${joined} WHERE n.namespace = $1`,
        [namespace],
      );
      return rows.map(({ group_key: groupKey, route_id: routeId, receiver }) => ({
        groupKey,
        routeId: routeId ?? undefined,
        receiver,
      }));
    },

    async deliveries(namespace, named, sinceMs) {
      // Looks at what was made since then, at what is open, and at one row of an index for each of the others.
      const rows = await db.query<{
        receiver: string;
        integration: string;
        sent: number;
        dead: number;
        digested: number;
        waiting: number;
        last_sent_ms: bigint | null;
        last_error: string;
      }>(
        `WITH lately AS (SELECT receiver, integration, count(*) FILTER (WHERE status = 'sent')::int AS sent,
             count(*) FILTER (WHERE status = 'dead')::int AS dead, count(*) FILTER (WHERE status = 'digested')::int AS digested
           FROM ${schema}.notifications WHERE namespace = $1 AND created_ms >= $2 AND status IN ('sent', 'dead', 'digested') GROUP BY receiver, integration),
           open AS (SELECT receiver, integration, count(*)::int AS waiting
             FROM ${schema}.notifications WHERE status IN ('pending', 'sending') AND namespace = $1 GROUP BY receiver, integration)
         SELECT u.receiver, u.integration, coalesce(l.sent, 0) AS sent, coalesce(l.dead, 0) AS dead, coalesce(l.digested, 0) AS digested,
           coalesce(o.waiting, 0) AS waiting,
           s.finished_ms AS last_sent_ms, coalesce(f.error, '') AS last_error
         FROM unnest($3::text[], $4::text[]) AS u(receiver, integration)
         LEFT JOIN lately l USING (receiver, integration)
         LEFT JOIN open o USING (receiver, integration)
         LEFT JOIN LATERAL (SELECT finished_ms FROM ${schema}.notifications n WHERE n.namespace = $1 AND n.receiver = u.receiver
           AND n.integration = u.integration AND n.status = 'sent' AND n.finished_ms IS NOT NULL ORDER BY n.finished_ms DESC LIMIT 1) AS s ON true
         LEFT JOIN LATERAL (SELECT error FROM ${schema}.notifications n WHERE n.namespace = $1 AND n.receiver = u.receiver
           AND n.integration = u.integration AND n.error <> '' AND n.created_ms >= coalesce(s.finished_ms, 0)
           ORDER BY n.created_ms DESC LIMIT 1) AS f ON true`,
        [
          namespace,
          Math.floor(sinceMs),
          textArray(named.map(({ receiver }) => receiver)),
          textArray(named.map(({ integration }) => integration)),
        ],
      );
      return rows.map(({ last_sent_ms: lastSentMs, last_error: lastError, ...row }) => ({
        ...row,
        lastSentMs: lastSentMs === null ? undefined : Number(lastSentMs),
        lastError,
      }));
    },
  };
}

const words = (text: string): string[] => (text === '' ? [] : text.split(' '));

export function ledgerEntryOf(row: LedgerRow): LedgerEntry {
  return {
    id: row.id,
    groupNo: row.group_no,
    routeId: row.route_id ?? undefined,
    groupKey: row.group_key,
    groupLabels: JSON.parse(row.group_labels ?? '{}') as LabelSet,
    receiver: row.receiver,
    integration: row.integration,
    status: row.status,
    reason: row.reason,
    firing: words(row.firing),
    resolved: words(row.resolved),
    createdAtMs: Number(row.created_ms),
    attempts: row.attempts,
    dueMs: Number(row.due_ms),
    finishedMs: row.finished_ms === null ? undefined : Number(row.finished_ms),
    error: row.error,
    receipt: row.receipt,
    replayOf: row.replay_of ?? undefined,
    digest: row.digest ?? undefined,
  };
}
