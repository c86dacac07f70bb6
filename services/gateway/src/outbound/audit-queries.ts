import type { Database } from '@tmws/postgres';
import type { AuditQuery, AuditVerdict } from '../access-ports.ts';
import { type AuditRow, breakOf, type ChainHead, chainStart } from '../domain/audit-chain.ts';
import { cutOf } from '../domain/audit-cut.ts';

interface Options {
  readonly db: Database;
  readonly schema: string;
}

const auditColumns = `seq, at_ns AS "atNs", type, principal, by, credential, source_ip AS "sourceIp", user_agent AS "userAgent", method, reason,
  resource, namespace, times, hash`;

/** A page of the audit, newest first. */
export async function listAudit({ db, schema }: Options, query: AuditQuery): Promise<AuditRow[]> {
  const { limit, before = null, types, principal = null, sourceIp = null, namespace = null } = query;
  return await db.query<AuditRow>(
    `SELECT ${auditColumns} FROM ${schema}.audit
     WHERE ($1::bigint IS NULL OR seq < $1) AND (cardinality($2::text[]) = 0 OR type = ANY($2)) AND ($3::text IS NULL OR principal = $3)
       AND ($4::text IS NULL OR source_ip = $4) AND ($5::text IS NULL OR namespace = $5)
     ORDER BY seq DESC LIMIT $6`,
    [before, types, principal, sourceIp, namespace, limit],
  );
}

/** Looks at every row that is kept, and at where those before were cut off. */
export async function verifyAudit(options: Options): Promise<AuditVerdict> {
  for (;;) {
    const anchor = await anchorOf(options);
    const verdict = await verifyFrom(anchor, options);
    // What retention drops meanwhile is not missing.
    if (verdict.broken === undefined || (await anchorOf(options)).seq <= anchor.seq) return verdict;
  }
}

async function anchorOf({ db, schema }: Options): Promise<ChainHead> {
  const [anchor = chainStart] = await db.query<ChainHead>(`SELECT seq, hash FROM ${schema}.audit_anchor`);
  return anchor;
}

const rowsALook = 2000;

async function verifyFrom(anchor: ChainHead, { db, schema }: Options): Promise<AuditVerdict> {
  // Before the rows: what is written meanwhile is above it.
  const [head = chainStart] = await db.query<ChainHead>(`SELECT seq, hash FROM ${schema}.audit_head`);
  let at = anchor;
  let lastCut: { readonly at: ChainHead; readonly atNs: bigint } | undefined;
  const verdict = (broken?: AuditVerdict['broken']): AuditVerdict => ({
    rows: at.seq - anchor.seq,
    begins: anchor.seq === 0n ? undefined : { seq: anchor.seq + 1n, droppedNs: lastCut?.atNs },
    broken,
    headHash: head.hash,
  });
  while (at.seq < head.seq) {
    const rows = await db.query<AuditRow>(
      `SELECT ${auditColumns} FROM ${schema}.audit WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3`,
      [at.seq, head.seq, rowsALook],
    );
    if (rows.length === 0) return verdict({ seq: at.seq + 1n, reason: `row ${at.seq + 1n} is missing` });
    for (const row of rows) {
      const reason = breakOf(at, row);
      if (reason !== undefined) return verdict({ seq: at.seq + 1n, reason });
      const cut = cutOf(row);
      if (cut !== undefined) lastCut = { at: cut, atNs: row.atNs };
      at = row;
    }
  }
  if (!at.hash.equals(head.hash)) return verdict({ seq: at.seq, reason: 'the last row is not the one that was written last' });
  // The newest cut is newer than what it cut off, so its row is there as long as the anchor is.
  const told = lastCut?.at ?? chainStart;
  if (told.seq !== anchor.seq || !told.hash.equals(anchor.hash))
    return verdict({
      seq: anchor.seq + 1n,
      reason: `the audit begins at ${anchor.seq + 1n}, and retention has dropped what was before ${told.seq + 1n}`,
    });
  const [beyond] = await db.query<{ seq: bigint }>(
    `SELECT a.seq FROM ${schema}.audit a, ${schema}.audit_head h WHERE a.seq > h.seq OR a.seq <= $1 ORDER BY a.seq LIMIT 1`,
    [anchor.seq],
  );
  return verdict(beyond === undefined ? undefined : { seq: beyond.seq, reason: 'the row was not written by the audit' });
}
