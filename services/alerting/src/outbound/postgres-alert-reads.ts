import { type Database, int8Array, textArray } from '@tmws/postgres';
import type { Notified } from '../ports.ts';
import type { AlertReads } from '../read-ports.ts';
import { historyReads } from './history-reads.ts';
import { ledgerEntryOf, ledgerFields, type LedgerRow, ledgerReads } from './ledger-reads.ts';

/** What is looked at in Postgres, on a server or embedded. Nothing here locks or writes. */
export function openPostgresAlertReads(db: Database, schema: string): AlertReads {
  return {
    ...historyReads(db, schema),
    ...ledgerReads(db, schema),

    async groups(namespace, named) {
      if (named.length === 0) return [];
      const rows = await db.query<{
        no: bigint;
        route_id: string;
        group_key: string;
        flush_ms: bigint;
        notified: string;
        open: string;
      }>(
        `SELECT g.no, g.route_id, g.group_key, g.flush_ms, g.notified,
           coalesce((SELECT json_object_agg(n.integration, CASE n.status WHEN 'digested' THEN 'sending' ELSE n.status END)
             FROM ${schema}.notifications n WHERE n.group_no = g.no
               AND (n.status IN ('pending', 'sending') OR (n.status = 'digested' AND n.finished_ms IS NULL))), '{}')::text AS open
         FROM unnest($2::text[], $3::text[]) AS u(route_id, group_key)
         JOIN ${schema}.groups g ON g.namespace = $1 AND g.route_id = u.route_id AND g.group_key = u.group_key`,
        [namespace, textArray(named.map(({ routeId }) => routeId)), textArray(named.map(({ groupKey }) => groupKey))],
      );
      return rows.map(({ no, route_id: routeId, group_key: groupKey, flush_ms: nextMs, notified, open }) => ({
        no,
        routeId,
        groupKey,
        nextMs: Number(nextMs),
        notified: new Map(Object.entries(JSON.parse(notified) as Record<string, Notified>)),
        open: new Map(Object.entries(JSON.parse(open) as Record<string, string>)),
      }));
    },

    async lastNotifications(groupNos) {
      if (groupNos.length === 0) return [];
      const rows = await db.query<LedgerRow>(
        `SELECT ${ledgerFields} FROM unnest($1::bigint[]) AS u(no)
         CROSS JOIN LATERAL (SELECT * FROM ${schema}.notifications WHERE group_no = u.no AND status <> 'superseded'
           ORDER BY created_ms DESC, id LIMIT 1) AS n
         LEFT JOIN ${schema}.groups g ON g.no = n.group_no`,
        [int8Array(groupNos)],
      );
      return rows.map(ledgerEntryOf);
    },
  };
}
