// Messages that stand for others: digests, and replays of dead letters.
import { type Database, enqueue, int8Array, type Queryable, textArray } from '@tmws/postgres';
import { notifiedName } from '../domain/notify-decision.ts';
import type { Finished } from '../ledger-ports.ts';
import type { Notified, TakenNotification } from '../ports.ts';
import { type Finishing, writeRow } from './ledger-row.ts';
import { remember } from './postgres-alert-store.ts';

export const standsForOthers = ({ reason, replayOf }: TakenNotification): boolean =>
  reason === 'digest' || replayOf !== undefined;

interface Source {
  group_no: bigint;
  firing: string;
  resolved: string;
  created_ms: bigint;
}

/**
 * Writes down what came of one, and what it stands for, in one transaction.
 *
 *   S1  once a digest is sent its messages count as told to their groups, from then on; once it is dead they are dead letters
 *   S2  a replay counts as told to the group as of when its dead letter was made: what the group was told since counts more
 *
 * It is the one writer of alerts meanwhile, so it may wait for several groups.
 *
 * @returns undefined if another took it meanwhile
 */
export async function finishStanding(db: Database, schema: string, one: Finishing): Promise<Finished | undefined> {
  const { notification, delivery, nowMs, told } = one;
  return await db.transaction(async (tx) => {
    await tx.query(`SELECT 1 AS held FROM pg_advisory_xact_lock(hashtext('${schema}.revision'))`);
    const sources = await tx.query<Source>(
      `WITH RECURSIVE chain(id, replay_of) AS (SELECT id, replay_of FROM ${schema}.notifications WHERE id = $1
         UNION ALL SELECT n.id, n.replay_of FROM ${schema}.notifications n JOIN chain ON n.id = chain.replay_of)
       SELECT group_no, firing, resolved, created_ms FROM ${schema}.notifications
       WHERE id IN (SELECT id FROM chain) OR digest IN (SELECT id FROM chain)`,
      [notification.id],
    );
    const groups = await tx.query<{ no: bigint; notified: string }>(
      `SELECT no, notified FROM ${schema}.groups WHERE no = ANY($1::bigint[]) ORDER BY no FOR UPDATE`,
      [int8Array(sources.map((source) => source.group_no))],
    );
    if (!(await writeRow(tx, schema, one))) return undefined;
    const known = new Map(groups.map(({ no, notified }) => [no, JSON.parse(notified) as Record<string, Notified>]));
    if (delivery.sent) await tellGroups(tx, schema, notification, sources, known, nowMs);
    if (notification.reason === 'digest') await finishInside(tx, schema, one);
    await remember(tx, schema, told.entries);
    await enqueue(tx, schema, told.records);
    return { before: together([...known.values()]) };
  });
}

const words = (text: string): string[] => (text === '' ? [] : text.split(' '));

async function tellGroups(
  tx: Queryable,
  schema: string,
  { receiver, integration, replayOf }: TakenNotification,
  sources: readonly Source[],
  known: ReadonlyMap<bigint, Readonly<Record<string, Notified>>>,
  nowMs: number,
): Promise<void> {
  const name = notifiedName(receiver, integration);
  const changed = sources.flatMap(({ group_no: no, firing, resolved, created_ms: createdMs }) => {
    const notified = known.get(no);
    if (notified === undefined) return [];
    const atMs = replayOf === undefined ? Math.floor(nowMs) : Number(createdMs);
    const last = notified[name];
    if (replayOf !== undefined && last !== undefined && last.atMs >= atMs) return [];
    const now: Notified = { ...last, firing: words(firing), resolved: words(resolved), atMs };
    return [{ no, notified: JSON.stringify({ ...notified, [name]: now }) }];
  });
  if (changed.length === 0) return;
  await tx.query(
    `UPDATE ${schema}.groups g SET notified = u.notified FROM unnest($1::bigint[], $2::text[]) AS u(no, notified) WHERE g.no = u.no`,
    [int8Array(changed.map(({ no }) => no)), textArray(changed.map(({ notified }) => notified))],
  );
}

/** What became of a digest became of what went in it. */
async function finishInside(tx: Queryable, schema: string, { notification, delivery, nowMs }: Finishing): Promise<void> {
  if (!delivery.sent && delivery.retryAtMs !== undefined) return;
  await tx.query(
    `UPDATE ${schema}.notifications SET status = $2, finished_ms = $3, error = $4, receipt = $5 WHERE digest = $1 AND status = 'digested'`,
    [
      notification.id,
      delivery.sent ? 'digested' : 'dead',
      Math.floor(nowMs),
      delivery.sent ? '' : delivery.error,
      delivery.sent ? delivery.receipt : '',
    ],
  );
}

/** What all of these groups were told, as if it were one. */
function together(all: readonly Readonly<Record<string, Notified>>[]): ReadonlyMap<string, Notified> {
  const told = new Map<string, Notified>();
  for (const [name, { firing, resolved, atMs }] of all.flatMap((each) => Object.entries(each))) {
    const before = told.get(name);
    told.set(name, {
      firing: [...(before?.firing ?? []), ...firing],
      resolved: [...(before?.resolved ?? []), ...resolved],
      atMs,
    });
  }
  return told;
}
