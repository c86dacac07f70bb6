import type { SecurityFact } from './security-fact.ts';

/** `wrong`: a credential that is not good. `none`: nothing that could be tried. */
export type RefusalKind = 'wrong' | 'none';

export interface Refusals {
  /** Takes a refusal. @returns the fact that has to be stored before it is answered; undefined: it is counted */
  take(kind: RefusalKind, fact: SecurityFact): SecurityFact | undefined;
  /** How long wrong credentials from there are still only counted, ms; 0: the next has a fact of its own. */
  waitMs(ip: string): number;
  /** What was counted and is over by now, taken out; `all`: also where the minute still runs. */
  counted(all?: boolean): SecurityFact[];
  /** Takes a count back that could not be stored. */
  keep(count: SecurityFact): void;
}

interface Options {
  /** Refusals of a kind from one address that have a fact of their own within a minute; 0: all have. */
  readonly limit: number;
  /** ms since the epoch. */
  readonly clock: () => number;
  /** Addresses remembered at once. */
  readonly most?: number;
}

interface Minute {
  readonly untilMs: number;
  told: number;
  /** What was counted as yet, as one fact. */
  count?: SecurityFact & { readonly times: number };
}

const minuteMs = 60_000;

/**
 * Refusals by address: the first `limit` within a minute have a fact each, the others are counted in one. The minute begins with the first.
 *
 *   R1  facts given back and the numbers of those from `counted` are together the refusals taken
 *   R2  from one address come at most `limit` facts and one count in a minute, for each kind
 *   R3  no more than `most` minutes are remembered; what the oldest has counted is not lost with it
 *
 * Addresses of IPv6 are those of a /64, which is what one host has.
 */
export function openRefusals({ limit, clock, most = 10_000 }: Options): Refusals {
  const minutes = new Map<string, Minute>();
  const over: SecurityFact[] = [];

  const keep = (count: SecurityFact): void => {
    const [first] = over;
    if (over.length < most || first === undefined) over.push(count);
    else over[0] = { ...first, times: (first.times ?? 1) + (count.times ?? 1) };
  };
  const end = (key: string, { count }: Minute): void => {
    minutes.delete(key);
    if (count !== undefined) keep(count);
  };
  const minuteOf = (key: string): Minute => {
    const nowMs = clock();
    const running = minutes.get(key);
    if (running !== undefined && nowMs < running.untilMs) return running;
    if (running !== undefined) end(key, running);
    const [oldest] = minutes.size >= most ? minutes : [];
    if (oldest !== undefined) end(...oldest);
    const minute: Minute = { untilMs: nowMs + minuteMs, told: 0 };
    minutes.set(key, minute);
    return minute;
  };
  return {
    keep,
    take(kind, fact) {
      if (limit === 0) return fact;
      const minute = minuteOf(`${kind} ${networkOf(fact.source.ip)}`);
      if (minute.told < limit) {
        minute.told++;
        return minute.told < limit ? fact : { ...fact, reason: `${fact.reason}; more from here are counted for a minute` };
      }
      const before = minute.count;
      // Of many the last says from where; who it would have been is told where it was always the same.
      const principal = before === undefined || before.principal === fact.principal ? fact.principal : '';
      const namespace = before === undefined || before.namespace === fact.namespace ? fact.namespace : '';
      minute.count = { ...fact, principal, namespace, reason: wordsOf(kind), times: (before?.times ?? 0) + 1 };
      return undefined;
    },
    waitMs(ip) {
      const minute = minutes.get(`wrong ${networkOf(ip)}`);
      return minute === undefined || minute.told < limit ? 0 : Math.max(0, minute.untilMs - clock());
    },
    counted(all = false) {
      const nowMs = clock();
      for (const [key, minute] of minutes) if (all || minute.untilMs <= nowMs) end(key, minute);
      return over
        .splice(0)
        .map((count) => ({ ...count, reason: count.reason.replace('#', (count.times ?? 1).toLocaleString('en')) }));
    },
  };
}

const wordsOf = (kind: RefusalKind): string =>
  kind === 'wrong' ? 'and # more refused within a minute' : 'and # more without a credential within a minute';

function networkOf(ip: string): string {
  const plain = ip.replace(/^::ffff:(?=\d+\.)/, '');
  if (!plain.includes(':')) return plain;
  const [left = [], right = []] = plain.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const gap = Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...gap, ...right]
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':');
}
