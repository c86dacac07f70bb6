// A rule makes alerts of events. What it remembers is kept by key, in the transaction that stores its alerts.
import type { PostedAlert } from '../alert.ts';
import type { Hit } from '../detection/hit.ts';

/** What every event says of itself. */
interface Seen {
  readonly namespace: string;
  /** CloudEvents: source and id together name the event. */
  readonly source: string;
  readonly id: string;
  readonly type: string;
  /** When it happened, by who tells it; never after it was seen here. */
  readonly atMs: number;
}

/** An event of `tmws.security`. */
export interface SecuritySeen extends Seen {
  readonly about: 'security';
  /** '' = nobody is known, as in all these texts. */
  readonly principal: string;
  readonly sourceIp: string;
  readonly method: string;
  readonly resource: string;
  readonly reason: string;
  readonly severity: string;
  /** JSON. */
  readonly attributes: string;
  /** How many of the kind it stands for; absent: 1. */
  readonly times?: number;
}

/** An event of `tmws.traffic`. */
export interface TrafficSeen extends Seen {
  readonly about: 'traffic';
  readonly rule: string;
  readonly key: string;
  readonly limit: number;
  readonly hits: number;
  /** 0 = not said. */
  readonly windowMs: number;
  readonly action: string;
  readonly caller: string;
  readonly method: string;
  readonly reason: string;
  /** Refused calls it stands for, from 1. */
  readonly violations: number;
}

/** That a rule of a folder met an event, or that something was counted which other rules count with. */
export interface HitSeen extends Seen {
  readonly about: 'hit';
  readonly hit: Hit;
  /** Rules that people found wrong lately in the namespace, by id; absent: none. */
  readonly disputed?: ReadonlySet<string>;
}

export type SeenEvent = SecuritySeen | TrafficSeen | HitSeen;

/** An alert, and whose it is. */
export interface MadeAlert {
  readonly namespace: string;
  readonly posted: PostedAlert;
}

/** What a rule does with an event. `State` is JSON. */
export interface Rule<State> {
  readonly name: string;
  /** What was seen so long ago still counts; absent: what is too old to raise anything does not. */
  readonly keepsMs?: number;
  /** Keys under which the event counts; none: it is nothing to the rule. */
  keysOf(event: SeenEvent): readonly string[];
  /**
   * What is remembered under the key once the event was seen, and the alerts as they are from then on. Pure.
   *
   * @param state  undefined = nothing is remembered
   */
  see(state: State | undefined, key: string, event: SeenEvent, nowMs: number): Sight<State>;
  /** What time alone brings about under a key. Absent: nothing. */
  tick?(state: State | undefined, key: string, nowMs: number): Sight<State>;
  /** It has one key in each namespace, `NAMESPACE []`, which is asked by `tick` also if nothing was ever seen. */
  readonly alone?: boolean;
}

/** What comes of seeing an event. */
export interface Sight<State> {
  readonly state: State;
  readonly alerts: readonly MadeAlert[];
  /** What rules are to see in turn, in the same transaction; a rule never gives what leads back to itself. */
  readonly then?: readonly SeenEvent[];
  /** What could not be counted because there was too much of it. */
  readonly lost?: number;
}

/** How much was said when, in annotations that count. */
export interface Said {
  readonly count: number;
  readonly atMs: number;
}

const sayAgainMs = 10_000;

/** Whether a count is worth saying anew: twice what was said, or after ten seconds; each saying is a line of the alert's history. */
export const worthSaying = (said: Said | undefined, count: number, nowMs: number): boolean =>
  said === undefined || count >= 2 * said.count || Math.abs(nowMs - said.atMs) >= sayAgainMs;

/** No alert of a rule ends sooner: groups that are known are told only at their next interval. */
export const leastFiringMs = 120_000;

/** At most so many UTF-16 units, well-formed. */
export const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
