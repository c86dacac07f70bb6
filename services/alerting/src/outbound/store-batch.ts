// Alerts with all that belongs to them in one statement: a commit costs one round trip, as long as nobody else has written.
import { boolArray, int4Array, int8Array, outboxArrays, type Queryable, textArray } from '@tmws/postgres';
import type { AlertBatch, FreshGroup, GroupPlace, HistoryEntry, KnownAlert } from '../ports.ts';

const dayMs = 86_400_000;
export const bucketOf = (atMs: number): number => Math.floor(atMs / dayMs);

const ms = (values: readonly number[]): Buffer => int8Array(values.map((value) => BigInt(Math.floor(value))));

/** The parameters of a statement, as they are met. */
interface Parameters {
  readonly values: unknown[];
  /** @returns the name in the statement */
  add(value: unknown): string;
}

function parameters(): Parameters {
  const values: unknown[] = [];
  return { values, add: (value) => `$${values.push(value)}` };
}

/**
 * Stores the batch if `after` is the last revision there is, once this is the only writer. Revisions follow it in the order of the alerts.
 *
 * The statement's snapshot is older than its lock, so it reads nothing but the sequence, which has no versions; rows in the way are met
 * by ON CONFLICT, which looks at the newest.
 *
 * @returns the groups that are new and due; undefined when somebody wrote since: nothing was stored
 */
export async function storeBatch(
  on: Queryable,
  schema: string,
  after: bigint,
  atMs: number,
  batch: AlertBatch,
): Promise<FreshGroup[] | undefined> {
  const { values, add } = parameters();
  const { alerts, entries, places, records } = batch;
  const known = `${add(after)}::bigint`;
  const next = `${add(after + BigInt(alerts.length))}::bigint`;
  const groups = groupsInserted(schema, places, add);
  const parts = [
    `lock AS MATERIALIZED (SELECT 1 AS held FROM pg_advisory_xact_lock(hashtext('${schema}.revision')))`,
    `last AS MATERIALIZED (SELECT coalesce(pg_sequence_last_value('${schema}.revision'::regclass), 0) AS revision FROM lock)`,
    `mine AS MATERIALIZED (SELECT setval('${schema}.revision', ${next}) FROM last WHERE revision = ${known})`,
    `a AS (${alertsInserted(schema, alerts, known, add)})`,
    ...(entries.length === 0 ? [] : [`h AS (${historyInserted(schema, entries, add)})`]),
    ...groups.map((text, index) => `g${index} AS (${text} RETURNING ${freshColumns}, g.xmax = 0 AS is_new)`),
    ...(records.length === 0 ? [] : [`o AS (${outboxInserted(schema, records, add)})`]),
  ];
  const fresh = groups.map((_, index) => `SELECT * FROM g${index}`).join(' UNION ALL ');
  const found =
    groups.length === 0
      ? 'SELECT 1 AS one FROM mine'
      : `SELECT f.* FROM mine LEFT JOIN (${fresh}) AS f ON f.is_new AND f.flush_ms <= ${add(Math.floor(atMs))}`;
  const rows = await on.query<FreshRow>(`WITH ${parts.join(', ')} ${found}`, values, { prepared: true });
  return rows.length === 0 ? undefined : freshGroups(rows, places);
}

const freshColumns = 'g.no, g.namespace, g.route_id, g.group_key, g.flush_ms, g.xmin::text AS version';

interface FreshRow {
  no?: bigint | null;
  namespace: string;
  route_id: string;
  group_key: string;
  flush_ms: bigint;
  version: string;
}

function freshGroups(rows: readonly FreshRow[], places: readonly GroupPlace[]): FreshGroup[] {
  const labels = new Map(places.map((place) => [placeName(place), place.labels]));
  return rows.flatMap(({ no, namespace, route_id: routeId, group_key: groupKey, flush_ms: flushMs, version }) => {
    if (typeof no !== 'bigint') return [];
    const place = { namespace, routeId, groupKey };
    const nothing = { notified: new Map(), open: new Map() };
    return [{ ...place, ...nothing, no, version, labels: labels.get(placeName(place)) ?? {}, dueMs: Number(flushMs) }];
  });
}

export const placeName = ({ namespace, routeId, groupKey }: Pick<GroupPlace, 'namespace' | 'routeId' | 'groupKey'>): string =>
  JSON.stringify([namespace, routeId, groupKey]);

function alertsInserted(schema: string, alerts: readonly KnownAlert[], after: string, add: Parameters['add']): string {
  const given = alertArrays(alerts).map(([type, value]) => `${add(value)}::${type}[]`);
  return `INSERT INTO ${schema}.alerts AS a (${alertColumns}, revision)
    SELECT ${alertColumns}, ${after} + u.n FROM mine, unnest(${given.join(', ')}) WITH ORDINALITY AS u(${alertColumns}, n)
    ${alertChanged}`;
}

/** Of `alertArrays`, in its order. */
export const alertColumns =
  'namespace, fingerprint, labels, annotations, generator_url, starts_ms, ends_ms, updated_ms, timeout, told, told_ms, acknowledged, assignee, handling, due_ms';

/** What becomes of one that is known. */
export const alertChanged = `ON CONFLICT (namespace, fingerprint) DO UPDATE SET annotations = excluded.annotations,
  generator_url = excluded.generator_url, starts_ms = excluded.starts_ms, ends_ms = excluded.ends_ms, updated_ms = excluded.updated_ms,
  timeout = excluded.timeout, told = excluded.told, told_ms = excluded.told_ms, acknowledged = excluded.acknowledged,
  assignee = excluded.assignee, handling = excluded.handling, due_ms = excluded.due_ms, revision = excluded.revision`;

/** The type and the values of each column. */
export const alertArrays = (alerts: readonly KnownAlert[]): [type: string, values: Buffer][] => [
  ['text', textArray(alerts.map(({ namespace }) => namespace))],
  ['text', textArray(alerts.map(({ fingerprint }) => fingerprint))],
  ['text', textArray(alerts.map(({ labels }) => JSON.stringify(labels)))],
  ['text', textArray(alerts.map(({ annotations }) => JSON.stringify(annotations)))],
  ['text', textArray(alerts.map(({ generatorUrl }) => generatorUrl))],
  ['bigint', ms(alerts.map(({ startsAtMs }) => startsAtMs))],
  ['bigint', ms(alerts.map(({ endsAtMs }) => endsAtMs))],
  ['bigint', ms(alerts.map(({ updatedAtMs }) => updatedAtMs))],
  ['boolean', boolArray(alerts.map(({ timeout }) => timeout))],
  ['text', textArray(alerts.map(({ told }) => told))],
  ['bigint', ms(alerts.map(({ toldAtMs }) => toldAtMs))],
  ['text', textArray(alerts.map(({ acknowledged }) => (acknowledged === undefined ? null : JSON.stringify(acknowledged))))],
  ['text', textArray(alerts.map(({ assignee }) => assignee))],
  ['text', textArray(alerts.map(({ handling }) => (handling === undefined ? null : JSON.stringify(handling))))],
  [
    'bigint',
    int8Array(alerts.map(({ handling }) => (handling?.dueMs === undefined ? null : BigInt(Math.floor(handling.dueMs))))),
  ],
];

export const historyColumns = 'bucket, namespace, fingerprint, at_ms, kind, doc';

/** The type and the values of each of `historyColumns`. */
export const historyArrays = (entries: readonly HistoryEntry[]): [type: string, values: Buffer][] => [
  ['int', int4Array(entries.map(({ atMs }) => bucketOf(atMs)))],
  ['text', textArray(entries.map(({ namespace }) => namespace))],
  ['text', textArray(entries.map(({ fingerprint }) => fingerprint))],
  ['bigint', ms(entries.map(({ atMs }) => atMs))],
  ['text', textArray(entries.map(({ kind }) => kind))],
  ['text', textArray(entries.map(({ doc }) => JSON.stringify(doc)))],
];

/** @param from  what it must be joined with, and a comma */
export function historyInserted(
  schema: string,
  entries: readonly HistoryEntry[],
  add: Parameters['add'],
  from = 'mine, ',
): string {
  const given = historyArrays(entries).map(([type, values]) => `${add(values)}::${type}[]`);
  return `INSERT INTO ${schema}.history (${historyColumns}) SELECT ${historyColumns}
    FROM ${from}unnest(${given.join(', ')}) AS u(${historyColumns})`;
}

/**
 * A group that is known keeps its time, unless it is hurried. It is written in any case: whoever is about to forget it is waited for, and
 * it is made again.
 */
export function groupsInserted(schema: string, places: readonly GroupPlace[], add: Parameters['add'], from = 'mine, '): string[] {
  const known = places.filter(({ hurryAtMs }) => hurryAtMs === undefined);
  const hurried = places.filter(({ hurryAtMs }) => hurryAtMs !== undefined);
  const inserted = (groups: readonly GroupPlace[], flushMs: string): string[] => {
    if (groups.length === 0) return [];
    const given = [
      `${add(textArray(groups.map(({ namespace }) => namespace)))}::text[]`,
      `${add(textArray(groups.map(({ routeId }) => routeId)))}::text[]`,
      `${add(textArray(groups.map(({ groupKey }) => groupKey)))}::text[]`,
      `${add(textArray(groups.map(({ labels }) => JSON.stringify(labels))))}::text[]`,
      `${add(ms(groups.map(({ flushAtMs, hurryAtMs }) => Math.min(flushAtMs, hurryAtMs ?? flushAtMs))))}::bigint[]`,
    ];
    const columns = 'namespace, route_id, group_key, labels, flush_ms';
    return [
      `INSERT INTO ${schema}.groups AS g (${columns}) SELECT ${columns} FROM ${from}unnest(${given.join(', ')}) AS u(${columns})
       ON CONFLICT (namespace, route_id, group_key) DO UPDATE SET flush_ms = ${flushMs}`,
    ];
  };
  return [...inserted(known, 'g.flush_ms'), ...inserted(hurried, 'least(g.flush_ms, excluded.flush_ms)')];
}

export function outboxInserted(schema: string, records: AlertBatch['records'], add: Parameters['add'], from = 'mine, '): string {
  const [topics, keys, headers, values] = outboxArrays(records);
  return `INSERT INTO ${schema}.outbox (topic, key, headers, value) SELECT topic, key, headers, value
    FROM ${from}unnest(${add(topics)}::text[], ${add(keys)}::bytea[], ${add(headers)}::jsonb[], ${add(values)}::bytea[])
      WITH ORDINALITY AS u(topic, key, headers, value, n) ORDER BY n`;
}
