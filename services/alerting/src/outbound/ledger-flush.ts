// Groups that are due: read, looked at, and written down with the notifications that come of them, in one statement each way.
import { int4Array, int8Array, type Queryable, textArray } from '@tmws/postgres';
import { aboutOf, notifiedName } from '../domain/notify-decision.ts';
import type { DueGroup, GroupOutcome, NewNotification, Notified, TakenNotification } from '../ports.ts';

/** How long a notification stays with who took it. Sinks answer in less. */
export const leaseSeconds = 30;

interface GroupRow {
  no: bigint;
  namespace: string;
  route_id: string;
  group_key: string;
  labels: string;
  flush_ms: bigint;
  notified: string;
  /** The transaction that wrote it last: it is another after any change. */
  version: string;
  open: string | null;
  tried: string | null;
  last_revision: bigint;
}

export interface ReadGroups {
  readonly due: readonly DueGroup[];
  /** By number. */
  readonly versions: ReadonlyMap<bigint, string>;
  /** No revision is committed that was not given before, so who knows the last one given knows all. */
  readonly lastRevision: bigint;
}

/**
 * Groups that are due, the first first.
 *
 * @param lock  until the end of the transaction; those that others hold are left out. What is on its way must then be read after it
 */
export async function readDue(on: Queryable, schema: string, nowMs: number, limit: number, lock: boolean): Promise<ReadGroups> {
  const rows = await on.query<GroupRow>(
    `SELECT g.*, (SELECT json_object_agg(integration, status) FROM (SELECT integration, status FROM ${schema}.notifications n
           WHERE n.group_no = g.no AND n.status IN ('pending', 'sending')
         UNION ALL SELECT integration, 'sending' FROM ${schema}.notifications n
           WHERE n.group_no = g.no AND n.status = 'digested' AND n.finished_ms IS NULL) AS o)::text AS open,
       (SELECT json_object_agg(integration, ${about}) FROM ${schema}.notifications n
         WHERE n.group_no = g.no AND n.status = 'pending' AND n.attempts > 0)::text AS tried,
       coalesce(pg_sequence_last_value('${schema}.revision'::regclass), 0) AS last_revision
     FROM (SELECT no, namespace, route_id, group_key, labels, flush_ms, notified, xmin::text AS version FROM ${schema}.groups
       WHERE flush_ms <= $1 ORDER BY flush_ms LIMIT $2 ${lock ? 'FOR UPDATE SKIP LOCKED' : ''}) AS g`,
    [Math.floor(nowMs), limit],
    { prepared: true },
  );
  return {
    due: rows.map(groupOf),
    versions: new Map(rows.map(({ no, version }) => [no, version])),
    lastRevision: rows.reduce((most, row) => (row.last_revision > most ? row.last_revision : most), 0n),
  };
}

const about = "firing || '|' || resolved";

function aboutIn(text: string): string {
  const [firing, resolved] = text.split('|').map((part) => part.split(' '));
  return aboutOf({ firing: firing ?? [], resolved: resolved ?? [] });
}

/** What is on its way of these groups, locked. */
export async function lockOpen(tx: Queryable, schema: string, due: readonly DueGroup[]): Promise<DueGroup[]> {
  const rows = await tx.query<{
    group_no: bigint;
    integration: string;
    status: 'pending' | 'sending';
    attempts: number;
    about: string;
  }>(
    `SELECT group_no, integration, CASE status WHEN 'digested' THEN 'sending' ELSE status END AS status, attempts,
       ${about} AS about FROM ${schema}.notifications
     WHERE group_no = ANY($1::bigint[]) AND (status IN ('pending', 'sending') OR (status = 'digested' AND finished_ms IS NULL))
     FOR UPDATE`,
    [int8Array(due.map(({ no }) => no))],
  );
  const found = Map.groupBy(rows, (row) => row.group_no);
  return due.map((group) => ({
    ...group,
    open: new Map((found.get(group.no) ?? []).map(({ integration, status }) => [integration, status])),
    tried: new Map(
      (found.get(group.no) ?? [])
        .filter(({ status, attempts }) => status === 'pending' && attempts > 0)
        .map((row) => [row.integration, aboutIn(row.about)]),
    ),
  }));
}

/** Notifications that wait to be sent and whose place those that come of these outcomes take. */
export async function supersede(tx: Queryable, schema: string, outcomes: readonly GroupOutcome[], nowMs: number): Promise<void> {
  const taking = outcomes.flatMap((outcome) =>
    outcome.forget === true ? [] : outcome.notifications.map(({ integration }) => ({ no: outcome.no, integration })),
  );
  if (taking.length === 0) return;
  await tx.query(
    `UPDATE ${schema}.notifications n SET status = 'superseded', finished_ms = $3
     FROM unnest($1::bigint[], $2::text[]) AS u(group_no, integration)
     WHERE n.group_no = u.group_no AND n.integration = u.integration AND n.status = 'pending'`,
    [int8Array(taking.map(({ no }) => no)), textArray(taking.map(({ integration }) => integration)), Math.floor(nowMs)],
  );
}

/**
 * Writes down what came of looking, for groups that are as they were read and that nobody else holds; for the others nothing is, they are
 * still due.
 *
 * @returns the notifications that are now this owner's, and how many groups were written
 */
export async function writeOutcomes(
  on: Queryable,
  schema: string,
  { due, versions }: Pick<ReadGroups, 'due' | 'versions'>,
  outcomes: readonly GroupOutcome[],
  owner: string,
  nowMs: number,
): Promise<{ taken: TakenNotification[]; written: number }> {
  const byNo = new Map(due.map((group) => [group.no, group]));
  const values: unknown[] = [];
  const add = (value: unknown): string => `$${values.push(value)}`;
  const given = [
    `${add(int8Array(outcomes.map(({ no }) => no)))}::bigint[]`,
    `${add(textArray(outcomes.map(({ no }) => versions.get(no) ?? '')))}::text[]`,
    // Without a next time it is forgotten.
    `${add(int8Array(outcomes.map((each) => (each.forget === true ? null : BigInt(Math.floor(each.nextFlushMs))))))}::bigint[]`,
    `${add(textArray(outcomes.map((outcome) => notifiedOf(outcome, byNo.get(outcome.no)))))}::text[]`,
  ];
  const taken = outcomes.flatMap((outcome) => {
    const group = byNo.get(outcome.no);
    if (outcome.forget === true || group === undefined) return [];
    return outcome.notifications.map((each) => begun(each, group, nowMs));
  });
  const parts = [
    `given AS MATERIALIZED (SELECT * FROM unnest(${given.join(', ')}) AS u(no, version, flush_ms, notified))`,
    `held AS MATERIALIZED (SELECT g.no, given.flush_ms, given.notified FROM ${schema}.groups g JOIN given ON given.no = g.no
       WHERE g.xmin::text = given.version FOR UPDATE OF g SKIP LOCKED)`,
    `gone AS (DELETE FROM ${schema}.groups g USING held WHERE g.no = held.no AND held.flush_ms IS NULL)`,
    `kept AS (UPDATE ${schema}.groups g SET flush_ms = held.flush_ms, flushed_ms = ${add(Math.floor(nowMs))},
       notified = coalesce(held.notified, g.notified) FROM held WHERE g.no = held.no AND held.flush_ms IS NOT NULL)`,
    ...(taken.length === 0 ? [] : [`told AS (${takenInserted(schema, taken, owner, add)})`]),
  ];
  const held = await on.query<{ no: bigint }>(`WITH ${parts.join(', ')} SELECT no FROM held`, values, {
    prepared: true,
  });
  const mine = new Set(held.map(({ no }) => no));
  return { taken: taken.filter(({ groupNo }) => mine.has(groupNo)), written: mine.size };
}

function notifiedOf(outcome: GroupOutcome, group: DueGroup | undefined): string | null {
  if (outcome.forget === true || outcome.remembered.size === 0) return null;
  return JSON.stringify(Object.fromEntries([...(group?.notified ?? []), ...outcome.remembered]));
}

function takenInserted(
  schema: string,
  taken: readonly TakenNotification[],
  owner: string,
  add: (value: unknown) => string,
): string {
  const columns =
    'id, namespace, group_no, group_key, receiver, integration, reason, doc, firing, resolved, created_ms, attempts, epoch, due_ms';
  const created = int8Array(taken.map(({ createdAtMs }) => BigInt(createdAtMs)));
  const given = [
    `${add(textArray(taken.map(({ id }) => id)))}::text[]::uuid[]`,
    `${add(textArray(taken.map(({ namespace }) => namespace)))}::text[]`,
    `${add(int8Array(taken.map(({ groupNo }) => groupNo)))}::bigint[]`,
    `${add(textArray(taken.map(({ groupKey }) => groupKey)))}::text[]`,
    `${add(textArray(taken.map(({ receiver }) => receiver)))}::text[]`,
    `${add(textArray(taken.map(({ integration }) => integration)))}::text[]`,
    `${add(textArray(taken.map(({ reason }) => reason)))}::text[]`,
    `${add(textArray(taken.map(({ doc }) => doc)))}::text[]`,
    `${add(textArray(taken.map(({ firing }) => firing.join(' '))))}::text[]`,
    `${add(textArray(taken.map(({ resolved }) => resolved.join(' '))))}::text[]`,
    `${add(created)}::bigint[]`,
    `${add(int4Array(taken.map(({ attempts }) => attempts)))}::int[]`,
    `${add(int4Array(taken.map(({ epoch }) => epoch)))}::int[]`,
    `${add(created)}::bigint[]`,
  ];
  return `INSERT INTO ${schema}.notifications (${columns}, status, owner, lease_until)
    SELECT ${columns}, 'sending', ${add(owner)}, now() + interval '${leaseSeconds} s' FROM unnest(${given.join(', ')}) AS u(${columns})
    WHERE group_no IN (SELECT no FROM held)`;
}

const begun = (each: NewNotification, { namespace, no, groupKey, notified }: DueGroup, nowMs: number): TakenNotification => ({
  ...each,
  namespace,
  groupNo: no,
  groupKey,
  createdAtMs: Math.floor(nowMs),
  attempts: 1,
  epoch: 1,
  handle: notified.get(notifiedName(each.receiver, each.integration))?.handle ?? '',
  progress: '',
});

function groupOf(row: GroupRow): DueGroup {
  const tried = row.tried === null ? {} : (JSON.parse(row.tried) as Record<string, string>);
  const open = row.open === null ? {} : (JSON.parse(row.open) as Record<string, 'pending' | 'sending'>);
  return {
    no: row.no,
    namespace: row.namespace,
    routeId: row.route_id,
    groupKey: row.group_key,
    labels: JSON.parse(row.labels) as DueGroup['labels'],
    dueMs: Number(row.flush_ms),
    notified: new Map(Object.entries(JSON.parse(row.notified) as Record<string, Notified>)),
    open: new Map(Object.entries(open)),
    tried: new Map(Object.entries(tried).map(([integration, text]) => [integration, aboutIn(text)])),
  };
}
