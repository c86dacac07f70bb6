// Rows of the audit in words.
import type { Shape, Tone } from './status.ts';

/** As `GET /api/v1/audit` has it. */
export interface AuditRow {
  readonly seq: string;
  /** RFC 3339. */
  readonly at: string;
  readonly type: string;
  readonly principal: string;
  readonly by: string;
  readonly credential: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly method: string;
  readonly reason: string;
  readonly resource: string;
  readonly namespace: string;
  readonly hash: string;
}

export interface AuditVerdict {
  readonly whole: boolean;
  readonly rows: string;
  /** Absent: with the first row there ever was. */
  readonly begins?: { readonly seq: string; readonly droppedAt?: string };
  readonly broken?: { readonly seq: string; readonly reason: string };
  readonly headHash: string;
}

interface FactLook {
  readonly shape: Shape;
  readonly tone: Tone;
  /** Of the filter. */
  readonly plural: string;
}

const looks: Readonly<Record<string, FactLook>> = {
  'tmws.auth.succeeded': { shape: 'check', tone: 'good', plural: 'Sign-ins' },
  'tmws.auth.failed': { shape: 'cross', tone: 'bad', plural: 'Refused' },
  'tmws.auth.ended': { shape: 'skip', tone: 'quiet', plural: 'Sign-outs' },
  'tmws.permission.denied': { shape: 'slash', tone: 'waiting', plural: 'Not allowed' },
  'tmws.admin.acted': { shape: 'play', tone: 'active', plural: 'What operators and admins did' },
};

export const auditTypes = Object.entries(looks).map(([type, { plural }]) => ({ type, plural }));

/** How a row looks; of a type this page does not know, a question mark. */
export const factLook = (type: string): Pick<FactLook, 'shape' | 'tone'> => looks[type] ?? { shape: 'question', tone: 'quiet' };

const refusals: readonly (readonly [RegExp, string])[] = [
  [/^there is no such key$/, 'no such key'],
  [/^there is no such secret$/, 'neither a key nor the admin key'],
  [/^the secret of the key \S+ is wrong$/, 'wrong secret of a key there is'],
  [/^the key \S+ was revoked$/, 'key revoked'],
  [/^the key \S+ has expired$/, 'key expired'],
  [/^the session is over$/, 'session over'],
  [/^the session was begun by \S+ which is not good any more$/, 'session over: its key is not good any more'],
];

/** What happened, as a short sentence: `refused: key revoked`. */
export function factWords({ type, reason }: Pick<AuditRow, 'type' | 'reason'>): string {
  if (type === 'tmws.auth.succeeded')
    return reason === 'first use from here' ? 'came in: first use from here' : reason || 'signed in';
  if (type === 'tmws.auth.ended') return reason || 'signed out';
  if (type === 'tmws.auth.failed') return `refused: ${refusals.find(([form]) => form.test(reason))?.[1] ?? reason}`;
  if (type === 'tmws.permission.denied') return `not allowed: ${/^this (needs .*?)(?:, and ".*)?$/s.exec(reason)?.[1] ?? reason}`;
  // What has no words of its own is told by the name of its operation: `deleteExecution`.
  if (type === 'tmws.admin.acted') return /^[a-z]+(?:[A-Z][a-z]+)*$/.test(reason) ? spaced(reason) : reason;
  return reason === '' ? type : `${type}: ${reason}`;
}

const spaced = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** Who it was, as far as is known. */
export const whoWords = ({ principal }: Pick<AuditRow, 'principal'>): string => (principal === '' ? 'nobody known' : principal);

/** All fields of a row, in the order they are told. */
export const auditFields = [
  ['seq', 'Row'],
  ['at', 'When'],
  ['type', 'Type'],
  ['reason', 'Reason'],
  ['principal', 'Principal'],
  ['by', 'Vouched for by'],
  ['credential', 'Credential'],
  ['sourceIp', 'Address'],
  ['userAgent', 'Client'],
  ['method', 'Request'],
  ['resource', 'Resource'],
  ['namespace', 'Namespace'],
  ['hash', 'Hash'],
] as const satisfies readonly (readonly [keyof AuditRow, string])[];

/** What came of looking at the whole chain, in words. */
export function verdictWords({ whole, rows, begins, broken }: AuditVerdict): string {
  const count = BigInt(rows).toLocaleString('en');
  const when = begins?.droppedAt === undefined ? '' : ` on ${begins.droppedAt.slice(0, 10)}`;
  const begin = begins === undefined ? '' : ` It begins at row ${begins.seq}: what was before was dropped${when} by retention.`;
  if (whole) return `${count} rows are as they were written, and none is missing.${begin}`;
  return `The chain breaks at row ${broken?.seq ?? '?'}: ${broken?.reason ?? 'unknown'}. The ${count} rows before it are as they were written.${begin}`;
}
