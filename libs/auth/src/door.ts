import { Problem } from '@tmws/problems';
import type { Verified, Verify } from './authenticator.ts';
import type { Credential } from './credential.ts';
import { may } from './may.ts';
import { anonymousPrincipal, type Principal, type Scope } from './principal.ts';
import { openRefusals, type RefusalKind, type Refusals } from './refusals.ts';
import type { SecurityFact, Source } from './security-fact.ts';

/** One request at a door. */
export interface Knock {
  /** A Problem is a credential that could not be read. */
  readonly credential: Credential | Problem | undefined;
  readonly scope: Scope;
  /** `*`: all of them at once. A function where the credential decides what is meant by none. */
  readonly namespace: string | ((principal: Principal) => string);
  readonly source: Source;
  /** What an operator or admin is about to do, in a word or few; absent: nothing that the audit tells. */
  readonly act?: string | undefined;
}

/** Asks of every request who it comes from and whether they may. All listeners of a process share it. */
export interface Door {
  /** Off: everybody is anonymous and may do everything. */
  readonly on: boolean;
  /**
   * @throws Problem `unauthenticated` or `forbidden`, once that is in the audit; `limited`, once it is counted; `unavailable` when it cannot be
   */
  admit(knock: Knock): Promise<Principal>;
  /** Who it is, whatever they may do. Not told as a sign-in. @throws Problem `unauthenticated`, `limited` as `admit` */
  identify(knock: Omit<Knock, 'scope' | 'act'>): Promise<Principal>;
  /** Refuses somebody who is known what nobody like them may do, once that is in the audit. @throws Problem `forbidden` */
  deny(principal: Principal, reason: string, namespace: string, source: Source): Promise<never>;
  /** Whether somebody who was let in may do more: for requests that hold parts of several namespaces. @throws as `admit` */
  demand(principal: Principal, scope: Scope, namespace: string, source: Source): Promise<void>;
}

/** The namespaces of somebody who was let in, for requests whose parts name some. What is denied is told when it is asked for. */
export function boundsOf(door: Door, principal: Principal, scope: Scope, source: Source) {
  let denial: Promise<void> | undefined;
  return {
    allows(namespace: string): boolean {
      const { allowed } = may(principal, scope, namespace);
      if (allowed || denial !== undefined) return allowed;
      // One line for a request is enough to know; a batch may name many.
      denial = door.demand(principal, scope, namespace, source).catch(asRefusal);
      // Who asks by `told` hears of a failure; nobody else has to.
      denial.catch(() => undefined);
      return false;
    },
    async told(): Promise<void> {
      await denial;
    },
  };
}

function asRefusal(error: unknown): void {
  if (!(error instanceof Problem && error.kind === 'forbidden')) throw error;
}

export const openDoor: Door = {
  on: false,
  admit: () => Promise.resolve(anonymousPrincipal),
  identify: () => Promise.resolve(anonymousPrincipal),
  demand: () => Promise.resolve(),
  deny: (_principal, reason) => Promise.reject(new Problem('forbidden', reason)),
};

export interface GuardOptions {
  readonly verify: Verify;
  /** Resolves when the fact is stored. */
  readonly record: (fact: SecurityFact) => Promise<void>;
  /** ms since the epoch. */
  readonly clock: () => number;
  /** Counts refusals that come too fast; absent: each is a fact. */
  readonly refusals?: Refusals;
  /** A quick look whether a credential may be good, for addresses whose refusals are counted; what it says no to is not verified. */
  readonly mayBeGood?: (credential: Credential) => Promise<boolean>;
  /** A credential that comes again from the same address within this time is no new sign-in. */
  readonly signInEveryMs?: number;
}

const mostSignIns = 10_000;

/**
 * A door that looks.
 *
 *   D1  who is refused gets an answer only after the refusal is stored
 *   D2  the first request by a credential from an address, and the first after `signInEveryMs`, is a sign-in and stored before it goes on
 *   D3  a refusal of a credential says the same whatever is wrong with it; the audit says what
 *   D4  beyond the limit of `refusals` a refusal is counted instead of stored, and a wrong credential is `limited`; a good one is not
 *   D5  an act is stored before it is done; one that a part of the fleet asks for in somebody's name, that part has stored
 */
export function guardedDoor(options: GuardOptions): Door {
  const { verify, record, clock, signInEveryMs = 3_600_000, mayBeGood = () => Promise.resolve(true) } = options;
  const refusals = options.refusals ?? openRefusals({ limit: 0, clock });
  const signedIn = new Map<string, number>();
  const fact = (principal: Principal, source: Source) => ({
    principal: principal.name,
    by: principal.by,
    credential: principal.credential,
    source,
  });
  type Refused = readonly [kind: RefusalKind, reason: string, who: string, problem: Problem];
  const fail = async (knock: Omit<Knock, 'scope' | 'act'>, [kind, reason, who, problem]: Refused): Promise<never> => {
    const namespace = typeof knock.namespace === 'string' ? knock.namespace : '';
    const nobody = { principal: who, by: 'anonymous', credential: '', source: knock.source } as const;
    const told = refusals.take(kind, { type: 'tmws.auth.failed', ...nobody, reason, namespace });
    if (told !== undefined) await record(told);
    else if (kind === 'wrong') throw tooMany(refusals.waitMs(knock.source.ip));
    throw problem;
  };
  const door: Door = {
    on: true,
    async identify(knock) {
      const { credential } = knock;
      if (credential === undefined) return await fail(knock, ['none', 'no credential', '', noCredential()]);
      if (credential instanceof Problem) return await fail(knock, ['none', 'the credential cannot be read', '', credential]);
      const looked = refusals.waitMs(knock.source.ip) === 0 || (await mayBeGood(credential));
      const answer: Verified = looked ? await verify(credential) : { refused: 'the credential is not good' };
      if ('refused' in answer) return await fail(knock, ['wrong', answer.refused, answer.who ?? userOf(credential), notGood()]);
      return answer.principal;
    },
    async admit(knock) {
      const { source } = knock;
      const principal = await door.identify(knock);
      const namespace = typeof knock.namespace === 'string' ? knock.namespace : knock.namespace(principal);
      const key = `${principal.by} ${principal.credential} ${principal.name} ${source.ip}`;
      const last = signedIn.get(key);
      if (principal.by !== 'service' && principal.by !== 'session' && (last === undefined || clock() - last >= signInEveryMs)) {
        await record({ type: 'tmws.auth.succeeded', ...fact(principal, source), reason: 'first use from here', namespace });
        signedIn.delete(key);
        const oldest = signedIn.size >= mostSignIns ? signedIn.keys().next().value : undefined;
        if (oldest !== undefined) signedIn.delete(oldest);
        signedIn.set(key, clock());
      }
      await door.demand(principal, knock.scope, namespace, source);
      if (knock.act !== undefined && principal.by !== 'service')
        await record({ type: 'tmws.admin.acted', ...fact(principal, source), reason: knock.act, namespace });
      return principal;
    },
    async demand(principal, scope, namespace, source) {
      const decision = may(principal, scope, namespace);
      if (!decision.allowed) await door.deny(principal, decision.reason, namespace, source);
    },
    async deny(principal, reason, namespace, source) {
      await record({ type: 'tmws.permission.denied', ...fact(principal, source), reason, namespace });
      throw new Problem('forbidden', reason);
    },
  };
  return door;
}

function userOf(credential: Credential): string {
  if (credential.kind === 'key') return credential.prefix;
  return credential.kind === 'secret' ? (credential.user ?? '').slice(0, 200) : '';
}

function noCredential(): Problem {
  return new Problem(
    'unauthenticated',
    'this needs a credential; send "Authorization: Bearer" with an API key or a token, or sign in at the console',
  );
}

function tooMany(waitMs: number): Problem {
  return new Problem(
    'limited',
    `too many credentials from this address were not good; the next that is not is looked at in ${Math.ceil(waitMs / 1000)} s, one that is good at once`,
    { retryAfterMs: waitMs },
  );
}

function notGood(): Problem {
  return new Problem(
    'unauthenticated',
    'the credential is not good here: it is unknown, has expired or was revoked; an admin can give a new one',
  );
}
