// The rule FailedSignIns: too many refused credentials of one user, or from one address, within a window.
import type { Hit, RunningRule } from '../detection/hit.ts';
import { formatInstant } from '../instant.ts';
import { formatPrometheusDuration } from '../prometheus-duration.ts';
import { cut, leastFiringMs, type Rule, type Said, type SecuritySeen, type SeenEvent, worthSaying } from './rule.ts';
import { count, type Sighting, type WindowRules, type WindowState } from './sliding-window.ts';

/** `raiseAt` within `windowMs`. */
export interface FailedSignInsLimit {
  readonly raiseAt: number;
  readonly windowMs: number;
}

interface FailedSignIn extends Sighting {
  /** The address for a user, the user for an address. */
  readonly other: string;
  readonly reason: string;
  /** Absent: 1. */
  readonly times?: number;
}

/** While it fires. */
interface Occurrence {
  readonly sinceMs: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly count: number;
  readonly others: readonly string[];
  readonly said: Said;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface FailedSignInsState extends WindowState<FailedSignIn> {
  readonly occurrence?: Occurrence;
}

/** Whose alerts they are: the namespace of a sign-in is the word of somebody who was not let in, so it divides nothing. */
const namespace = 'default';
const mostOthers = 100;
const name = 'FailedSignIns';

/** As rules that count with others know it. */
export const failedSignInsRule: RunningRule = {
  id: name,
  title: 'Too many failed sign-ins',
  kind: 'built_in',
  family: 'count',
  status: 'stable',
  level: 'medium',
  description: 'Too many refused credentials of one user, or from one address, within a window.',
  tags: ['attack.credential-access', 'attack.t1110'],
  falsePositives: ['a client whose key was revoked and which goes on trying'],
  fields: [],
  source: '',
  logsource: 'tmws / security',
  statistical: false,
  raises: true,
};

/**
 * The rule.
 *
 *   F1  a failed sign-in counts for its user where one is named, and for its address, over all namespaces
 *   F2  it ends when fewer than half of the limit lie in the window: a rate that swings about the limit is one occurrence
 *   F3  an event that stands for many counts as many
 */
export function failedSignIns({ raiseAt, windowMs }: FailedSignInsLimit): Rule<FailedSignInsState> {
  const rules: WindowRules = { windowMs, raiseAt, clearAt: Math.ceil(raiseAt / 2), holdMs: Math.max(windowMs, leastFiringMs) };
  const seeOne: Rule<FailedSignInsState>['see'] = (state, key, event, nowMs) => {
    const before: FailedSignInsState = state ?? { sightings: [] };
    if (event.about !== 'security') return { state: before, alerts: [] };
    const { state: window, counted, firing, raisedBy } = count(before, sightingOf(key, event), rules, nowMs);
    if (!firing || !counted) return { state: firing ? withOccurrence(window, before) : window, alerts: [] };
    const newest = window.sightings.slice(0, 1);
    const seen = raisedBy ?? [sightingOf(key, event)];
    const known = raisedBy === undefined ? before.occurrence : undefined;
    const times = seen.map(({ atMs }) => atMs);
    const next = {
      sinceMs: known?.sinceMs ?? nowMs,
      firstMs: Math.min(known?.firstMs ?? Infinity, ...times),
      lastMs: Math.max(known?.lastMs ?? -Infinity, ...times),
      count: (known?.count ?? 0) + seen.reduce((sum, { times = 1 }) => sum + times, 0),
      others: [...new Set([...(known?.others ?? []), ...seen.map(({ other }) => other).filter((other) => other !== '')])].slice(
        0,
        mostOthers,
      ),
    };
    const say = known === undefined || worthSaying(known.said, next.count, nowMs);
    const occurrence: Occurrence = {
      ...next,
      said: say ? { count: next.count, atMs: nowMs } : known.said,
      annotations: say
        ? annotationsOf(key, next, window.sightings.length > 0 ? window.sightings : newest, windowMs)
        : known.annotations,
    };
    const posted = {
      labels: { alertname: name, tmws_source: 'auth', severity: 'warning', [kindOf(key)]: valueOf(key) },
      annotations: occurrence.annotations,
      startsAt: formatInstant(occurrence.sinceMs),
      endsAt: formatInstant(window.untilMs ?? nowMs),
    };
    const { source, id, type, atMs } = event;
    const found = hitOf(key, [...seen, ...window.sightings]);
    const then = [{ about: 'hit' as const, hit: found, namespace, source, id, type, atMs }];
    return { state: { ...window, occurrence }, alerts: [{ namespace, posted }], then };
  };
  return {
    name,
    keysOf(event) {
      if (event.type !== 'tmws.auth.failed' || event.about !== 'security') return [];
      const { principal, sourceIp } = event;
      return [...(principal === '' ? [] : [`user ${principal}`]), ...(sourceIp === '' ? [] : [`source_ip ${sourceIp}`])];
    },
    see(state, key, event, nowMs) {
      let seen: ReturnType<typeof seeOne> = { state: state ?? { sightings: [] }, alerts: [] };
      for (const part of partsOf(event, raiseAt)) {
        const next = seeOne(seen.state, key, part, nowMs);
        seen = next.alerts.length > 0 ? next : { ...seen, state: next.state };
      }
      return seen;
    },
  };
}

/** As many as make it fire; the last of them stands for the rest. */
function partsOf(event: SeenEvent, most: number): SeenEvent[] {
  const { times = 1 } = event.about === 'security' ? event : {};
  if (times === 1) return [event];
  const parts = Math.min(times, most);
  return Array.from({ length: parts }, (_, n) => ({
    ...event,
    id: `${event.id}#${String(n).padStart(6, '0')}`,
    times: n === parts - 1 ? times - n : 1,
  }));
}

const withOccurrence = (window: WindowState<FailedSignIn>, { occurrence }: FailedSignInsState): FailedSignInsState =>
  occurrence === undefined ? window : { ...window, occurrence };

const hitOf = (key: string, seen: readonly FailedSignIn[]): Hit => ({
  rule: failedSignInsRule,
  entities: { [kindOf(key)]: valueOf(key) },
  fields: {},
  events: [...new Set(seen.map(({ id }) => id.replace(/#\d{6}$/, '')))],
});

const kindOf = (key: string): 'user' | 'source_ip' => (key.startsWith('user ') ? 'user' : 'source_ip');
const valueOf = (key: string): string => key.slice(key.indexOf(' ') + 1);

function sightingOf(
  key: string,
  { id, source, atMs, principal, sourceIp, reason, method, times = 1 }: SecuritySeen,
): FailedSignIn {
  return {
    atMs,
    id: `${source} ${id}`,
    other: kindOf(key) === 'user' ? sourceIp : principal,
    reason: cut([reason || 'refused', ...(method === '' ? [] : [`at ${method}`])].join(' '), 200),
    ...(times !== 1 && { times }),
  };
}

function annotationsOf(
  key: string,
  { count: times, others, firstMs, lastMs }: Pick<Occurrence, 'count' | 'others' | 'firstMs' | 'lastMs'>,
  latest: readonly FailedSignIn[],
  windowMs: number,
): Record<string, string> {
  const user = kindOf(key) === 'user';
  const who = user ? `as ${valueOf(key)}` : `from ${valueOf(key)}`;
  const [from, one, many] = user ? ['from', 'address', 'addresses'] : ['as', 'user', 'users'];
  const number = others.length >= mostOthers ? `${mostOthers} or more` : String(others.length);
  const where = others.length === 0 ? '' : others.length === 1 ? ` ${from} ${others[0] ?? one}` : ` ${from} ${number} ${many}`;
  const spanMs = lastMs - firstMs < windowMs ? windowMs : Math.ceil((lastMs - firstMs) / 60_000) * 60_000;
  const last = latest.slice(0, 3).map(({ atMs, other, reason }) => {
    return `${formatInstant(atMs)} ${[other, reason].filter((text) => text !== '').join(': ')}`;
  });
  return {
    summary: `${times} failed sign-ins ${who}${where} within ${formatPrometheusDuration(spanMs)}`,
    description: `The last: ${last.join('; ')}`,
  };
}
