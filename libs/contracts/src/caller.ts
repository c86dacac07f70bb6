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
}

export const defaultNamespace = 'default';

/** The id a client gave its request, if it is a plain word of at most 128 characters; else a new one. */
export function requestIdOf(given: string | undefined): string {
  return given !== undefined && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
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
