import { isRole, isScope, type Namespaces, type Role, roles, type Scope, scopesOfRole } from './principal.ts';

/** Which claims of a token say what. */
export interface ClaimNames {
  /** The name of who it stands for: `sub`, `email`, `preferred_username`. */
  readonly name: string;
  /** A text or a list of texts: roles of ours, or words that `roleMap` knows. Dots lead into objects: `realm_access.roles`. */
  readonly roles: string;
  /** A text or a list of texts; `*` is all. */
  readonly namespaces: string;
  /** Words of the provider → our roles. */
  readonly roleMap: ReadonlyMap<string, Role>;
  /** For tokens without the claim. */
  readonly defaultNamespaces: Namespaces;
}

/** What the claims say. Pure. Who has no role that is known has no scope, and may do nothing. */
export function rightsOf(
  claims: Readonly<Record<string, unknown>>,
  names: ClaimNames,
): { name: string | undefined; scopes: readonly Scope[]; namespaces: Namespaces } {
  const name = words(at(claims, names.name))[0];
  const given = words(at(claims, names.roles));
  const held = given.flatMap((word) => names.roleMap.get(word) ?? (isRole(word) ? word : []));
  const highest = roles.findLast((role) => held.includes(role));
  const listed = at(claims, names.namespaces);
  const namespaces = listed === undefined ? names.defaultNamespaces : words(listed);
  return {
    name,
    scopes: highest === undefined ? [] : scopesOfRole[highest].filter(isScope),
    namespaces: namespaces === '*' || namespaces.includes('*') ? '*' : namespaces,
  };
}

// A name with dots may also be one claim: providers use addresses as names.
function at(claims: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  return path.split('.').reduce<unknown>((value, key) => {
    return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
      ? (value as Record<string, unknown>)[key]
      : undefined;
  }, claims);
}

function words(value: unknown): string[] {
  if (typeof value === 'string') return value.split(/[\s,]+/).filter((word) => word !== '');
  return Array.isArray(value) ? value.filter((word): word is string => typeof word === 'string' && word !== '') : [];
}
