import { createHash } from 'node:crypto';
import {
  type Credential,
  hashOf,
  matches,
  type Principal,
  sameSecret,
  scopesOfRole,
  type Verified,
  type Verify,
} from '@tmws/auth';
import type { AccessStore, StoredSession } from '../access-ports.ts';

interface Needs {
  readonly store: Pick<AccessStore, 'keys' | 'sessions'>;
  /** The first admin key; it is nowhere but in its file. */
  readonly adminKey: string | undefined;
  /** Tokens of an OpenID provider. */
  readonly oidc: ((token: string) => Promise<Verified>) | undefined;
  /** ms since the epoch. */
  readonly clock: () => number;
}

/** A session that is not used for so long is over. */
export const sessionMs = 12 * 3_600_000;
const touchEveryMs = 60_000;

/** Who a credential stands for: the admin key, a key of the store, a token, a session. The reasons are for the audit. */
export function verifyCredential({ store, adminKey, oidc, clock }: Needs): Verify {
  const admin = adminKey === undefined ? undefined : adminPrincipal(adminKey);

  const key = async (prefix: string, secret: string): Promise<Verified> => {
    const found = await store.keys.find(prefix);
    if (found === undefined) return { refused: 'there is no such key', who: prefix };
    const who = found.name;
    if (!matches(secret, found.hash)) return { refused: `the secret of the key ${prefix} is wrong`, who: prefix };
    const nowMs = clock();
    if (found.revokedMs !== undefined) return { refused: `the key ${prefix} was revoked`, who };
    if (found.expiresMs !== undefined && found.expiresMs <= nowMs) return { refused: `the key ${prefix} has expired`, who };
    await store.keys.used(prefix, nowMs);
    const { name, scopes, namespaces, expiresMs: expiresAtMs } = found;
    return {
      principal: { name, scopes, namespaces, by: 'key', credential: prefix, ...(expiresAtMs !== undefined && { expiresAtMs }) },
    };
  };
  // A session is good for as long as what it was made with.
  const stillGood = async ({ principal }: StoredSession): Promise<string | undefined> => {
    if (principal.by !== 'key') return undefined;
    if (principal.credential === admin?.credential) return undefined;
    const found = await store.keys.find(principal.credential);
    const ended = found === undefined || found.revokedMs !== undefined || (found.expiresMs ?? Infinity) <= clock();
    return ended ? `the session was begun by ${principal.credential}, which is not good any more` : undefined;
  };
  const session = async (secret: string): Promise<Verified> => {
    const hash = hashOf(secret);
    const [found, nowMs] = [await store.sessions.find(hash), clock()];
    if (found === undefined || found.expiresMs <= nowMs) return { refused: 'the session is over' };
    const refused = await stillGood(found);
    if (refused !== undefined) return { refused, who: found.principal.name };
    const expiresMs = Math.min(nowMs + sessionMs, found.principal.expiresAtMs ?? Infinity);
    if (nowMs - found.seenMs >= touchEveryMs) await store.sessions.touch(hash, nowMs, expiresMs);
    return { principal: { ...found.principal, by: 'session', expiresAtMs: found.expiresMs } };
  };
  return async (credential: Credential) => {
    if (credential.kind === 'session') return await session(credential.secret);
    if (admin !== undefined && adminKey !== undefined && sameSecret(credential.secret, adminKey)) return { principal: admin };
    if (credential.kind === 'key') return await key(credential.prefix, credential.secret);
    if (credential.kind === 'token' && oidc !== undefined) return await oidc(credential.secret);
    return {
      refused: credential.kind === 'token' ? 'tokens are not taken: no OpenID provider is set' : 'there is no such secret',
    };
  };
}

function adminPrincipal(adminKey: string): Principal {
  // Another key in the file is another credential, so that sessions of the one before end.
  const mark = createHash('sha256').update(`admin key ${adminKey}`).digest('hex').slice(0, 8);
  return { name: 'admin', scopes: scopesOfRole.admin, namespaces: '*', by: 'key', credential: `admin-${mark}` };
}
