import { randomUUID } from 'node:crypto';
import { Problem } from '@tmws/problems';

/** On whose behalf something is done. It travels with every call and every event. */
export interface Caller {
  /** 1 to 63 of a-z 0-9 and -, as a DNS label (RFC 1123). Every store key and query has it. */
  readonly namespace: string;
  /** Who asks; `anonymous` until sign-in exists. */
  readonly principal: string;
  /** Names one request across all parts it touches. */
  readonly requestId: string;
  /** For requests whose parts name namespaces of their own; absent: they may name any. */
  readonly bounds?: Bounds;
}

/** The namespaces of who asks. */
export interface Bounds {
  /** What it says no to is a refusal, and is told to the audit. */
  allows(namespace: string): boolean;
  /** Resolves when the refusals so far are stored: before that nothing is answered. */
  told(): Promise<void>;
}

export const defaultNamespace = 'default';

/** The id a client gave its request, if it is a plain word of at most 128 characters; else a new one. */
export function requestIdOf(given: string | undefined): string {
  return given !== undefined && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}

/**
 * A namespace that a part of a request names for itself.
 *
 * @throws Problem `invalid` for what is no name, `forbidden` for one the caller's credential is not good for
 */
export function namespaceWithin(caller: Pick<Caller, 'bounds'>, given: string, where: string): string {
  const namespace = parseNamespace(given, where);
  if (caller.bounds === undefined || caller.bounds.allows(namespace)) return namespace;
  throw new Problem('forbidden', `${where} is ${JSON.stringify(namespace)}, which the credential is not good for`, {
    field: 'namespace',
  });
}

/** A caller nobody vouches for. */
export function anonymous(namespace: string, requestId: string): Caller {
  return { namespace, principal: 'anonymous', requestId };
}

/**
 * A namespace's name from the outside.
 *
 * @param given  absent or empty = `default`
 * @param where  where it was written, for the message: `header x-tmws-namespace`
 * @throws Problem `invalid`
 */
export function parseNamespace(given: string | undefined, where: string): string {
  if (given === undefined || given === '') return defaultNamespace;
  if (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(given)) return given;
  throw new Problem(
    'invalid',
    `${where} must be 1 to 63 characters of a-z, 0-9 and - (got ${JSON.stringify(given.slice(0, 80))})`,
    {
      field: 'namespace',
    },
  );
}
