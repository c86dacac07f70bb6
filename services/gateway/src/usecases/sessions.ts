import { hashOf, newSecret, type Principal, type SecurityFact, type Source } from '@tmws/auth';
import type { SessionStore } from '../access-ports.ts';
import { sessionMs } from './verify-credential.ts';

export type Sessions = ReturnType<typeof openSessions>;

interface Needs {
  readonly sessions: SessionStore;
  /** ms since the epoch. */
  readonly clock: () => number;
  readonly made: () => void;
  readonly ended: () => void;
}

/** Sign-in at the console: a secret in a cookie, kept as its hash, over 12 h after it was used last. */
export function openSessions({ sessions, clock, made, ended }: Needs) {
  return {
    /** @returns the session's secret, and when it ends if it is not used, ms since the epoch */
    async begin(principal: Principal, source: Source): Promise<{ secret: string; expiresMs: number }> {
      const [secret, nowMs] = [newSecret(), clock()];
      const expiresMs = Math.min(nowMs + sessionMs, principal.expiresAtMs ?? Infinity);
      const fact = factOf('tmws.auth.succeeded', 'signed in', principal, source);
      await sessions.begin(hashOf(secret), { principal, seenMs: nowMs, expiresMs }, fact);
      made();
      return { secret, expiresMs };
    },
    /** Once it is in the audit. */
    async end(secret: string, principal: Principal, source: Source): Promise<void> {
      await sessions.end(hashOf(secret), factOf('tmws.auth.ended', 'signed out', principal, source));
      ended();
    },
  };
}

function factOf(type: SecurityFact['type'], reason: string, principal: Principal, source: Source): SecurityFact {
  const { name, by, credential } = principal;
  return { type, principal: name, by, credential, source, reason, namespace: '' };
}
