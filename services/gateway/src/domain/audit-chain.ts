// The audit's chain: each row's hash is SHA-256 over the hash of the row before and the row's own canonical bytes, which are the UTF-8
// JSON of an array of its fields in the order below, `times` only where it is not 1. The first row follows 32 zero bytes.
import { createHash } from 'node:crypto';

/** One line of the audit, before it has its place in the chain. */
export interface AuditEntry {
  /** ns since the epoch. */
  readonly atNs: bigint;
  readonly type: string;
  readonly principal: string;
  readonly by: string;
  readonly credential: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly method: string;
  readonly reason: string;
  readonly resource: string;
  readonly namespace: string;
  /** How many of the kind the row stands for: 1, or the refusals that came too fast for a row each. */
  readonly times: bigint;
}

export interface AuditRow extends AuditEntry {
  /** From 1, without gaps. */
  readonly seq: bigint;
  readonly hash: Buffer;
}

/** Where the chain stands. */
export interface ChainHead {
  readonly seq: bigint;
  readonly hash: Buffer;
}

export const chainStart: ChainHead = { seq: 0n, hash: Buffer.alloc(32) };

/** The entries with their places after `head`. Pure. */
export function chained(head: ChainHead, entries: readonly AuditEntry[]): AuditRow[] {
  let { seq, hash } = head;
  return entries.map((entry) => {
    seq++;
    hash = hashOfRow(hash, seq, entry);
    return { ...entry, seq, hash };
  });
}

/** Why `row` does not follow `head`, if it does not. Pure. */
export function breakOf(head: ChainHead, row: AuditRow): string | undefined {
  if (row.seq !== head.seq + 1n) return `row ${head.seq + 1n} is missing`;
  if (!hashOfRow(head.hash, row.seq, row).equals(row.hash)) return 'the row is not as it was written, or the one before is not';
  return undefined;
}

function hashOfRow(before: Buffer, seq: bigint, entry: AuditEntry): Buffer {
  const { atNs, type, principal, by, credential, sourceIp, userAgent, method, reason, resource, namespace, times } = entry;
  const fields = [type, principal, by, credential, sourceIp, userAgent, method, reason, resource, namespace];
  if (times !== 1n) fields.push(String(times));
  return createHash('sha256')
    .update(before)
    .update(JSON.stringify([String(seq), String(atNs), ...fields]))
    .digest();
}
