import type { Context } from '../context.ts';
import { exitCodes, Failure } from '../failure.ts';
import { type Column, printList, printObject } from '../output.ts';
import { timeText } from '../time-text.ts';

/** An API key, as the API gives it. */
interface Key {
  readonly prefix: string;
  readonly name: string;
  readonly role?: string;
  readonly scopes: readonly string[];
  readonly namespaces: readonly string[];
  readonly createdAt: string;
  readonly createdBy: string;
  readonly expiresAt?: string;
  readonly revokedAt?: string;
  readonly lastUsedAt?: string;
}

export interface KeyCreateOptions {
  readonly name: string;
  readonly role?: string;
  readonly scope?: string;
  readonly for?: string;
  readonly expires?: string;
}

const path = '/api/v1/auth/keys';
const dayMs = 86_400_000;

/** `tmws auth key create`: makes a key and shows it, this once. */
export async function authKeyCreate(context: Context, options: KeyCreateOptions): Promise<void> {
  const { name, role, scope, expires } = options;
  const words = (text: string | undefined): string[] | undefined => text?.split(',').map((word) => word.trim());
  const asked = {
    name,
    role: role ?? (scope === undefined ? 'viewer' : undefined),
    scopes: words(scope),
    namespaces: words(options.for),
    expiresAt: expires === undefined ? undefined : endOf(expires, context.terminal.nowMs()),
  };
  const made = await context.client().post<{ key: Key; secret: string }>(path, asked);
  await printObject(context, made, [...fields(made.key), ['key', made.secret]]);
  if (context.terminal.errIsTty) context.terminal.tell('keep the key now: nobody can show it again\n');
}

/** `tmws auth key list`: keys that are good; `--all`: also those that ended. */
export async function authKeyList(context: Context, { all = false }: { all?: boolean }): Promise<void> {
  const { terminal, time } = context;
  const nowMs = terminal.nowMs();
  const when = (text: string | undefined): string => (text === undefined ? '-' : timeText(text, time, nowMs));
  const { items } = await context.client().get<{ items: Key[] }>(path, { all: all ? 'true' : undefined });
  const columns: Column<Key>[] = [
    { title: 'PREFIX', text: ({ prefix }) => prefix },
    { title: 'NAME', text: ({ name }) => name, shrinkTo: 12 },
    { title: 'ROLE', text: ({ role, scopes }) => role ?? scopes.join(',') },
    { title: 'FOR', text: ({ namespaces }) => namespaces.join(','), shrinkTo: 12 },
    { title: 'LAST USED', text: ({ lastUsedAt }) => when(lastUsedAt) },
    { title: 'EXPIRES', text: ({ expiresAt }) => when(expiresAt) },
    ...(all ? [{ title: 'REVOKED', text: ({ revokedAt }: Key) => when(revokedAt) }] : []),
  ];
  await printList(context, columns, items);
  if (items.length === 0 && terminal.errIsTty) terminal.tell('no keys; `tmws auth key create --name NAME` makes one\n');
}

/** `tmws auth key revoke PREFIX`: ends a key. A whole key is taken by its prefix, so that it is not sent. */
export async function authKeyRevoke(context: Context, given: string): Promise<void> {
  const prefix = /^tmws_[0-9a-f]{8}/.exec(given)?.[0] ?? given;
  await context.client().delete(`${path}/${encodeURIComponent(prefix)}`);
  context.terminal.tell(`${prefix} is revoked\n`);
}

function fields(key: Key): [string, string][] {
  return [
    ['prefix', key.prefix],
    ['name', key.name],
    ['role', key.role ?? ''],
    ['scopes', key.scopes.join(', ')],
    ['namespaces', key.namespaces.join(', ')],
    ['expires', key.expiresAt ?? 'never'],
  ];
}

/** `90d`, `12h`, or an RFC 3339 time. */
function endOf(text: string, nowMs: number): string {
  const [, count, unit] = /^(\d{1,4})([dh])$/.exec(text) ?? [];
  const ms = count === undefined ? Date.parse(text) : nowMs + Number(count) * (unit === 'd' ? dayMs : dayMs / 24);
  if (Number.isNaN(ms)) {
    throw Failure.of(
      'invalid',
      `--expires must be like 90d, 12h or an RFC 3339 time (got ${JSON.stringify(text)})`,
      undefined,
      exitCodes.usage,
    );
  }
  return new Date(ms).toISOString();
}
