import { type Credential, hashOf, sameSecret } from '@tmws/auth';
import type { AccessStore } from '../access-ports.ts';

interface Needs {
  readonly store: Pick<AccessStore, 'goodHashes'>;
  readonly adminKey: string | undefined;
  /** Whether tokens of an OpenID provider are taken; they are verified without the store. */
  readonly tokens: boolean;
  /** ms since the epoch. */
  readonly clock: () => number;
  /** How old what is known may be. */
  readonly everyMs?: number;
}

export interface KnownCredentials {
  mayBeGood(credential: Credential): Promise<boolean>;
  /** There is a new one. */
  forget(): void;
}

/**
 * Whether a credential may be good, by one look at all of them in `everyMs`, however many are asked for: who tries many wrong ones gets none
 * of them looked up. What another replica made since may be taken for wrong until the next look.
 */
export function knownCredentials({ store, adminKey, tokens, clock, everyMs = 5_000 }: Needs): KnownCredentials {
  let known: { readonly atMs: number; readonly hashes: Promise<Set<string>> } | undefined;

  const read = async (nowMs: number): Promise<Set<string>> =>
    new Set((await store.goodHashes(nowMs)).map((hash) => hash.toString('base64')));
  const look = async (): Promise<Set<string>> => {
    const nowMs = clock();
    if (known === undefined || nowMs - known.atMs >= everyMs) known = { atMs: nowMs, hashes: read(nowMs) };
    const mine = known;
    try {
      return await mine.hashes;
    } catch (error) {
      if (known === mine) known = undefined;
      throw error;
    }
  };
  return {
    async mayBeGood({ kind, secret }) {
      if (kind === 'token') return tokens || (adminKey !== undefined && sameSecret(secret, adminKey));
      if (kind !== 'session' && adminKey !== undefined && sameSecret(secret, adminKey)) return true;
      return (kind === 'key' || kind === 'session') && (await look()).has(hashOf(secret).toString('base64'));
    },
    forget() {
      known = undefined;
    },
  };
}
