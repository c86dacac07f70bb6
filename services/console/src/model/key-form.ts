// What is asked for a new API key, and what the server takes.

export const roles = ['viewer', 'editor', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

export const roleWords: Readonly<Record<Role, string>> = {
  viewer: 'viewer: looks',
  editor: 'editor: also sends events and files',
  operator: 'operator: also deletes, cancels, silences',
  admin: 'admin: also makes keys and reads the audit',
};

/** As `GET /api/v1/auth/keys` has it. */
export interface ApiKey {
  readonly prefix: string;
  readonly name: string;
  readonly role?: string;
  readonly scopes: readonly string[];
  readonly namespaces: readonly string[];
  readonly createdAt: string;
  readonly createdBy: string;
  readonly expiresAt?: string;
  readonly revokedAt?: string;
  readonly lastUsedAt?: string;
}

/** For how long a key is good, in days; empty: until it is revoked. */
export const terms = [
  ['', 'until it is revoked'],
  ['1', 'for a day'],
  ['30', 'for 30 days'],
  ['90', 'for 90 days'],
  ['365', 'for a year'],
] as const;

export interface KeyForm {
  readonly name: string;
  readonly role: Role;
  /** With commas or spaces between; `*` is all. */
  readonly namespaces: string;
  readonly days: string;
}

/** The request for a new key. */
export function keyRequest({ name, role, namespaces, days }: KeyForm, nowMs: number) {
  const named = [...new Set(namespaces.split(/[\s,]+/).filter((each) => each !== ''))];
  return {
    name: name.trim(),
    role,
    namespaces: named.length === 0 ? ['default'] : named,
    ...(days !== '' && { expiresAt: new Date(nowMs + Number(days) * 86_400_000).toISOString() }),
  };
}

export type KeyState = 'good' | 'expired' | 'revoked';

export function keyState({ revokedAt, expiresAt }: Pick<ApiKey, 'revokedAt' | 'expiresAt'>, nowMs: number): KeyState {
  if (revokedAt !== undefined) return 'revoked';
  return expiresAt !== undefined && Date.parse(expiresAt) <= nowMs ? 'expired' : 'good';
}
