import type { Credential } from './credential.ts';
import type { Principal } from './principal.ts';
import { hashOf } from './secrets.ts';

/** Who a credential stands for; or why for nobody (said in the audit, never to the caller) and who it would have been. */
export type Verified = { readonly principal: Principal } | { readonly refused: string; readonly who?: string };

export type Verify = (credential: Credential) => Promise<Verified>;

export interface Authenticator {
  readonly verify: Verify;
  /** What was revoked is asked anew at once, here; other processes go on for the cache's time. */
  forget(): void;
}

interface Options {
  /** ms since the epoch. */
  readonly clock: () => number;
  /** How long an answer is good; a revoked credential may be taken so long. */
  readonly ttlMs?: number;
  /** Answers kept at once. */
  readonly most?: number;
}

/**
 * Remembers for a short time who a credential stands for, so that not every request asks.
 *
 *   A1  no answer is older than `ttlMs`, nor than the credential's own end
 *   A2  refusals are not remembered: each is asked and told of again
 *   A3  no more than `most` answers are kept; the oldest goes first
 *
 * Kept under the hash of the secret, so that a dump of the memory shows none.
 */
export function openAuthenticator(verify: Verify, { clock, ttlMs = 5_000, most = 10_000 }: Options): Authenticator {
  const known = new Map<string, { readonly until: number; readonly answer: { readonly principal: Principal } }>();
  const asked = new Map<string, Promise<Verified>>();
  let age = 0;

  const ask = async (key: string, credential: Credential): Promise<Verified> => {
    const [askedMs, askedAge] = [clock(), age];
    const answer = await verify(credential);
    if ('principal' in answer && askedAge === age) {
      known.delete(key);
      const oldest = known.size >= most ? known.keys().next().value : undefined;
      if (oldest !== undefined) known.delete(oldest);
      known.set(key, { answer, until: Math.min(askedMs + ttlMs, answer.principal.expiresAtMs ?? Infinity) });
    }
    return answer;
  };
  return {
    async verify(credential) {
      const key = `${credential.kind} ${hashOf(credential.secret).toString('base64')}`;
      const found = known.get(key);
      if (found !== undefined && clock() < found.until) return found.answer;
      const running = asked.get(key);
      if (running !== undefined) return await running;
      const one = ask(key, credential).finally(() => {
        if (asked.get(key) === one) asked.delete(key);
      });
      asked.set(key, one);
      return await one;
    },
    forget() {
      age++;
      known.clear();
      asked.clear();
    },
  };
}
