import { type Namespaces, roleOf } from '@tmws/auth';
import { rfc3339 } from '@tmws/events';
import { Problem } from '@tmws/problems';
import type { AuditRow } from '../domain/audit-chain.ts';
import type { StoredKey } from '../access-ports.ts';
import type { Access } from '../usecases/access.ts';

export const timeText = (ms: number): string => rfc3339(BigInt(Math.floor(ms)) * 1_000_000n);
export const namespaceList = (namespaces: Namespaces): string[] => (namespaces === '*' ? ['*'] : [...namespaces]);

export function keyJson(key: StoredKey) {
  const role = roleOf(key.scopes);
  return {
    prefix: key.prefix,
    name: key.name,
    ...(role !== undefined && { role }),
    scopes: key.scopes,
    namespaces: namespaceList(key.namespaces),
    createdAt: timeText(key.createdMs),
    createdBy: key.createdBy,
    ...(key.expiresMs !== undefined && { expiresAt: timeText(key.expiresMs) }),
    ...(key.revokedMs !== undefined && { revokedAt: timeText(key.revokedMs) }),
    ...(key.lastUsedMs !== undefined && { lastUsedAt: timeText(key.lastUsedMs) }),
  };
}

export function auditJson({ seq, atNs, hash, times, ...rest }: AuditRow) {
  return {
    seq: String(seq),
    at: rfc3339(atNs),
    ...rest,
    ...(times !== 1n && { times: Number(times) }),
    hash: hash.toString('hex'),
  };
}

/** @throws Problem `precondition` while sign-in is off */
export function accessOn(access: Access | undefined): Access {
  if (access !== undefined) return access;
  throw new Problem(
    'precondition',
    'sign-in is off, so there are no keys and no audit; start with TMWS_AUTH=on and TMWS_ADMIN_KEY_FILE',
  );
}
