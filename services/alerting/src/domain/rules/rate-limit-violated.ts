// The rule RateLimitViolated: calls went beyond a limit, and by whom.
import { formatInstant } from '../instant.ts';
import { formatPrometheusDuration } from '../prometheus-duration.ts';
import { countOffender, type Offender } from './offenders.ts';
import { cut, leastFiringMs, type MadeAlert, type Rule, type Said, type TrafficSeen, worthSaying } from './rule.ts';

const name = 'RateLimitViolated';
/** Keys of a rule with an alert of their own at one time; what others do is one more alert. */
export const mostNamed = 10;
const mostOthers = 20;
const mostEnded = 50;

interface Violation {
  readonly key: string;
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly lastMs: number;
  readonly violations: number;
  readonly said: Said;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface RateLimitViolatedState {
  readonly named: readonly Violation[];
  readonly others?: Violation & { readonly top: readonly Offender[] };
  /** Keys whose violation has ended, and what of it is told. */
  readonly ended: readonly { readonly key: string; readonly lastMs: number }[];
}

/**
 * The rule: an alert for each limit and key, in the namespace of the event.
 *
 *   R1  it ends once `quietMs` went by without a violation
 *   R2  at most `mostNamed` keys of a limit have alerts of their own; the rest is counted in one, which names those that do it most
 *   R3  a violation that ended does not begin again by an event that happened before its last one
 */
export function rateLimitViolated({ quietMs }: { quietMs: number }): Rule<RateLimitViolatedState> {
  const holdMs = Math.max(quietMs, leastFiringMs);
  return {
    name,
    keysOf: (event) => (event.about === 'traffic' ? [JSON.stringify([event.namespace, event.rule])] : []),
    see(state, _, event, nowMs) {
      const before = settled(state ?? { named: [], ended: [] }, nowMs);
      if (event.about !== 'traffic') return { state: before, alerts: [] };
      const { key, atMs } = event;
      if (before.ended.some((one) => one.key === key && atMs <= one.lastMs)) return { state: before, alerts: [] };
      const known = before.named.find((one) => one.key === key);
      const goOn = (was: Violation | undefined, annotations: (violations: number) => Violation['annotations']): Violation => {
        const sinceMs = was?.sinceMs ?? nowMs;
        const violations = (was?.violations ?? 0) + event.violations;
        const said = was !== undefined && !worthSaying(was.said, violations, nowMs) ? was : undefined;
        return {
          key,
          sinceMs,
          untilMs: Math.max(was?.untilMs ?? 0, sinceMs + holdMs, atMs + quietMs),
          lastMs: Math.max(was?.lastMs ?? 0, atMs),
          violations,
          said: said?.said ?? { count: violations, atMs: nowMs },
          annotations: said?.annotations ?? annotations(violations),
        };
      };
      if (known !== undefined || before.named.length < mostNamed) {
        const next = goOn(known, (violations) => annotationsOf(event, key === '' ? '' : ` by ${key}`, violations));
        const named = [...before.named.filter((one) => one !== known), next];
        const ended = before.ended.filter((one) => one.key !== key);
        return { state: { ...before, named, ended }, alerts: [made(event, next, key === '' ? {} : { key })] };
      }
      const top = countOffender(before.others?.top ?? [], key, event.violations, mostOthers);
      const next = goOn(before.others, (violations) => annotationsOf(event, ' by other keys', violations, top));
      return { state: { ...before, others: { ...next, top } }, alerts: [made(event, next, { keys: 'others' })] };
    },
  };
}

/** Without what has ended. */
function settled({ named, others, ended }: RateLimitViolatedState, nowMs: number): RateLimitViolatedState {
  const over = named.filter(({ untilMs }) => untilMs <= nowMs).map(({ key, lastMs }) => ({ key, lastMs }));
  return {
    named: named.filter(({ untilMs }) => untilMs > nowMs),
    ended: [...ended, ...over].slice(-mostEnded),
    ...(others !== undefined && others.untilMs > nowMs && { others }),
  };
}

function made(
  { namespace, rule }: TrafficSeen,
  { sinceMs, untilMs, annotations }: Violation,
  more: Record<string, string>,
): MadeAlert {
  return {
    namespace,
    posted: {
      labels: { alertname: name, tmws_source: 'traffic', severity: 'warning', rule, ...more },
      annotations,
      startsAt: formatInstant(sinceMs),
      endsAt: formatInstant(untilMs),
    },
  };
}

function annotationsOf(
  { rule, limit, hits, windowMs, action, caller, method, reason }: TrafficSeen,
  by: string,
  violations: number,
  top: readonly Offender[] = [],
): Record<string, string> {
  const times = violations === 1 ? 'once' : `${violations} times`;
  const inWindow = windowMs > 0 ? ` in ${formatPrometheusDuration(windowMs)}` : '';
  const numbers = hits > 0 || limit > 0 ? `: ${hits} calls${inWindow}, ${limit} are allowed` : '';
  const most = top.slice(0, 3).map(({ key, count }) => `${key} (${count})`);
  const last = [action, caller === '' ? '' : `caller ${caller}`, method, reason].filter((text) => text !== '').join(', ');
  const description = [most.length === 0 ? '' : `Most by ${most.join(', ')}.`, last === '' ? '' : `The last: ${last}`];
  const said = description.filter((text) => text !== '').join(' ');
  return {
    summary: cut(`${rule} was exceeded ${times}${by}${numbers}`, 1000),
    ...(said !== '' && { description: cut(said, 2000) }),
  };
}
