import { Problem } from '@tmws/problems';
import type { Clock } from '../ports.ts';

interface Kept<T> {
  readonly request: string;
  readonly answer: Promise<T>;
  readonly atMs: number;
}

/**
 * Does a thing once for each key, for ten minutes and the newest 1000 keys, in this process.
 *   K1  the same key and request again gets the first answer, also while that is still being made
 *   K2  a failure is not kept: the key may be used again
 *   K3  the same key with another request is refused
 */
export function oncePerKey<T>(clock: Clock, keepMs = 600_000, keepCount = 1000) {
  const kept = new Map<string, Kept<T>>();
  return (key: string, request: string, work: () => Promise<T>): Promise<T> => {
    const now = clock.nowMs();
    for (const [old, { atMs }] of kept) {
      if (atMs + keepMs > now && kept.size < keepCount) break;
      kept.delete(old);
    }
    const former = kept.get(key);
    if (former !== undefined) {
      if (former.request === request) return former.answer;
      throw new Problem('conflict', 'this Idempotency-Key was used for another request; use a new one', {
        field: 'idempotency-key',
      });
    }
    const answer = work();
    const entry = { request, answer, atMs: now };
    kept.set(key, entry);
    answer.catch(() => kept.get(key) === entry && kept.delete(key));
    return answer;
  };
}
