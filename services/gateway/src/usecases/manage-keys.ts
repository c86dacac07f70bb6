import { hashOf, may, type Namespaces, newApiKey, type Principal, type Scope, type SecurityFact, type Source } from '@tmws/auth';
import { Problem } from '@tmws/problems';
import type { KeyStore, StoredKey } from '../access-ports.ts';

export interface NewKey {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly namespaces: Namespaces;
  readonly expiresMs: number | undefined;
}

/** Who does it, for the audit. */
export interface Actor {
  readonly principal: Principal;
  readonly source: Source;
}

export type ManageKeys = ReturnType<typeof manageKeys>;

interface Needs {
  readonly keys: KeyStore;
  /** ms since the epoch. */
  readonly clock: () => number;
  readonly made: () => void;
  readonly ended: () => void;
}

/** API keys: made, listed, ended. Nobody can give what they do not have. */
export function manageKeys({ keys, clock, made, ended }: Needs) {
  const acted = ({ principal, source }: Actor, reason: string): SecurityFact => ({
    type: 'tmws.admin.acted',
    principal: principal.name,
    by: principal.by,
    credential: principal.credential,
    source,
    reason,
    namespace: '*',
  });
  return {
    /** @returns the key as it is kept, and the whole text, which is nowhere else. @throws Problem `invalid`, `forbidden` */
    async create(asked: NewKey, actor: Actor): Promise<{ key: StoredKey; secret: string }> {
      const nowMs = clock();
      if (asked.expiresMs !== undefined && asked.expiresMs <= nowMs)
        throw new Problem('invalid', 'expiresAt must be in the future', { field: 'expiresAt' });
      for (const scope of asked.scopes) {
        for (const namespace of asked.namespaces === '*' ? ['*'] : asked.namespaces) {
          const decision = may(actor.principal, scope, namespace);
          if (!decision.allowed) throw new Problem('forbidden', `nobody can give what they do not have: ${decision.reason}`);
        }
      }
      const { prefix, key: secret } = newApiKey();
      const kept = { revokedMs: undefined, lastUsedMs: undefined, createdMs: nowMs, createdBy: actor.principal.name };
      const key: StoredKey = { prefix, ...asked, ...kept };
      const where = asked.namespaces === '*' ? 'all namespaces' : asked.namespaces.join(', ');
      const reason = `made the key ${prefix} (${asked.name}): ${asked.scopes.join(', ')} in ${where}`;
      await keys.create({ ...key, hash: hashOf(secret) }, acted(actor, reason));
      made();
      return { key, secret };
    },
    list: async (all: boolean): Promise<StoredKey[]> => {
      const nowMs = clock();
      const found = await keys.list();
      return all ? found : found.filter((key) => key.revokedMs === undefined && (key.expiresMs ?? Infinity) > nowMs);
    },
    /** @throws Problem `not_found` */
    async revoke(prefix: string, actor: Actor): Promise<StoredKey> {
      const found = await keys.find(prefix);
      if (found === undefined)
        throw new Problem(
          'not_found',
          `there is no key ${JSON.stringify(prefix.slice(0, 40))}; GET /api/v1/auth/keys lists them`,
        );
      const revoked = await keys.revoke(prefix, clock(), acted(actor, `revoked the key ${prefix} (${found.name})`));
      ended();
      return revoked ?? found;
    },
  };
}
