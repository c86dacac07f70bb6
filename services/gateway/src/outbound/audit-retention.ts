import type { SecurityFact } from '@tmws/auth';
import { Problem } from '@tmws/problems';
import type { Database, Queryable } from '@tmws/postgres';
import type { ChainHead } from '../domain/audit-chain.ts';
import { cutMethod, cutWords } from '../domain/audit-cut.ts';
import type { AuditWriter } from './audit-writer.ts';

interface Options {
  readonly db: Database;
  readonly schema: string;
  readonly append: AuditWriter['append'];
  readonly beforeNs: bigint;
  /** Rows at once: others wait for their turn meanwhile. */
  readonly most?: number;
}

/** Drops what is older, moves the anchor and tells of it, in one transaction. @returns how many rows went */
export async function dropAuditBefore({ db, schema, append, beforeNs, most = 10_000 }: Options): Promise<number> {
  const [anchor] = await db.query<ChainHead>(`SELECT seq, hash FROM ${schema}.audit_anchor`);
  if (anchor === undefined) return 0;
  const upTo = anchor.seq + BigInt(most);
  // In one statement, so that the outbox is that of these rows.
  const [last] = await db.query<ChainHead>(
    `SELECT seq, hash FROM ${schema}.audit WHERE seq = least(
       (SELECT min(seq) - 1 FROM ${schema}.audit WHERE seq <= $2 AND at_ns >= $1),
       (SELECT min(substr(headers->>'ce_id', 7)::bigint) - 1 FROM ${schema}.outbox WHERE headers->>'ce_id' LIKE 'audit/%'),
       (SELECT seq FROM ${schema}.audit_head), $2)`,
    [beforeNs, upTo],
  );
  if (last === undefined || last.seq <= anchor.seq) return 0;
  const [worth] = await db.query(
    `SELECT 1 FROM ${schema}.audit WHERE seq > $1 AND seq <= $2 AND NOT (by = 'service' AND method = $3) LIMIT 1`,
    [anchor.seq, last.seq, cutMethod],
  );
  if (worth === undefined) return 0;
  try {
    await append(cutFact(anchor.seq + 1n, last), (tx) => cut(tx, schema, anchor, last));
  } catch (error) {
    if (error instanceof Problem && error.kind === 'stale') return 0;
    throw error;
  }
  return Number(last.seq - anchor.seq);
}

function cutFact(first: bigint, last: ChainHead): SecurityFact {
  const { resource, reason } = cutWords(first, last);
  const source = { ip: '', userAgent: '', method: cutMethod, resource };
  return { type: 'tmws.admin.acted', principal: 'retention', by: 'service', credential: '', source, reason, namespace: '*' };
}

async function cut(tx: Queryable, schema: string, from: ChainHead, to: ChainHead): Promise<void> {
  const moved = await tx.query(`UPDATE ${schema}.audit_anchor SET seq = $1, hash = $2 WHERE seq = $3 RETURNING 1`, [
    to.seq,
    to.hash,
    from.seq,
  ]);
  if (moved.length === 0) throw new Problem('stale', 'another replica has dropped them');
  await tx.query(`DELETE FROM ${schema}.audit WHERE seq <= $1`, [to.seq]);
}
