// That rows were dropped is a row itself. It holds where the cut was, so that an anchor nobody of ours has set is seen.
import type { AuditEntry, ChainHead } from './audit-chain.ts';

/** No request has such a method. */
export const cutMethod = 'audit/retention';

/** What the row says when the rows from `first` to `last` go. Pure. */
export function cutWords(first: bigint, last: ChainHead): { readonly resource: string; readonly reason: string } {
  return {
    resource: `audit/${last.seq}/${last.hash.toString('hex')}`,
    reason: `dropped the rows ${first} to ${last.seq} by retention`,
  };
}

/** Where the rows before were cut off, if that is what the row tells. Pure. */
export function cutOf({ by, method, resource }: AuditEntry): ChainHead | undefined {
  if (by !== 'service' || method !== cutMethod) return undefined;
  const [, seq, hash] = /^audit\/(\d{1,18})\/([0-9a-f]{64})$/.exec(resource) ?? [];
  return seq === undefined || hash === undefined ? undefined : { seq: BigInt(seq), hash: Buffer.from(hash, 'hex') };
}
