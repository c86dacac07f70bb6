// Who is signed in and what they may do, as `GET /api/v1/session` says it.

export type Scope = 'read' | 'write' | 'operate' | 'admin';

export interface Who {
  /** `off`: nobody is asked who they are. */
  readonly auth: 'on' | 'off';
  readonly name: string;
  readonly by: string;
  readonly role?: string;
  readonly scopes: readonly Scope[];
  /** `*` is all of them. */
  readonly namespaces: readonly string[];
  /** RFC 3339. Absent: never. */
  readonly expiresAt?: string;
  readonly csrf?: string;
}

/**
 * Whether something is worth offering: the server decides, and says what is missing.
 *
 * @param who         undefined while it is not known: then nothing is held back
 * @param everywhere  it does not stop at a namespace
 */
export function mayDo(who: Who | undefined, scope: Scope, everywhere = false): boolean {
  if (who === undefined) return true;
  return who.scopes.includes(scope) && (!everywhere || who.namespaces.includes('*'));
}

/** The namespaces somebody is bound to; undefined: to none. */
export function boundTo(who: Who | undefined): readonly string[] | undefined {
  return who === undefined || who.namespaces.includes('*') ? undefined : who.namespaces;
}

const standard = 'default';

/** The namespace that calls ask for: the one of the address, else the first that is theirs. Empty is the server's default. */
export function namespaceOf(who: Who | undefined, asked: string): string {
  const own = boundTo(who);
  return asked !== '' || own === undefined || own.includes(standard) ? asked : (own[0] ?? '');
}

const inWords = new Intl.ListFormat('en', { type: 'conjunction' });

export const namespaceWords = (namespaces: readonly string[]): string =>
  namespaces.includes('*') ? 'all' : namespaces.length === 0 ? 'none' : inWords.format(namespaces);

/** `admin`, or scopes that are no role: `write only`, `read and admin`. */
export function rightsWords({ role, scopes }: { readonly role?: string; readonly scopes: readonly string[] }): string {
  if (role !== undefined) return role;
  if (scopes.length === 0) return 'nothing';
  return scopes.length === 1 ? `${scopes[0] ?? ''} only` : inWords.format(scopes);
}
