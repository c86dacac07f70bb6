/**
 * What one may do, from the least: `read` what there is; `write` facts into it (events, imports); `operate` what is there (take away,
 * keep shorter, cancel, silence); `admin` who may come in, the audit, and what touches all namespaces.
 */
export const scopes = ['read', 'write', 'operate', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/** Names for the usual sets of scopes; each has those of the one before. */
export const roles = ['viewer', 'editor', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

export const scopesOfRole: Readonly<Record<Role, readonly Scope[]>> = {
  viewer: ['read'],
  editor: ['read', 'write'],
  operator: ['read', 'write', 'operate'],
  admin: ['read', 'write', 'operate', 'admin'],
};

/** The namespaces a credential is good for; `*` is all, also those that are yet to come. */
export type Namespaces = '*' | readonly string[];

/** Who asks, as far as a credential told. */
export interface Principal {
  /** As people know them: the name of a key, the claim of a token. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly namespaces: Namespaces;
  /** What vouches for the name. `service` is a part of this fleet, `anonymous` nothing. */
  readonly by: 'anonymous' | 'key' | 'session' | 'oidc' | 'service';
  /** Tells credentials of one name apart; no secret: the prefix of a key, `admin key`. */
  readonly credential: string;
  /** ms since the epoch; absent: never. */
  readonly expiresAtMs?: number;
}

/** Who everybody is while sign-in is off: they may do everything, as only this machine's own users can reach the listeners. */
export const anonymousPrincipal: Principal = {
  name: 'anonymous',
  scopes: scopesOfRole.admin,
  namespaces: '*',
  by: 'anonymous',
  credential: '',
};

/** A part of this fleet, which asks in the name of others and has asked whether they may. */
export const servicePrincipal: Principal = { ...anonymousPrincipal, name: 'service', by: 'service', credential: 'service token' };

/** The role that has just these scopes. */
export function roleOf(given: readonly Scope[]): Role | undefined {
  return roles.find((role) => {
    const own = scopesOfRole[role];
    return own.length === new Set(given).size && own.every((scope) => given.includes(scope));
  });
}

export function isScope(text: string): text is Scope {
  return (scopes as readonly string[]).includes(text);
}

export function isRole(text: string): text is Role {
  return (roles as readonly string[]).includes(text);
}
