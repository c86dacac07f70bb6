// What fires in a namespace and what mutes it, made once for as long as it holds: lists, groups and counts are read from it.
import { dampedBy, isOver, lingerMs } from '../domain/handling.ts';
import { type AlertStatus, alertStatus, type CompiledSilence, routeMutes } from '../domain/muting.ts';
import type { Route } from '../domain/route-tree.ts';
import { severityRank } from '../domain/severity.ts';
import { silenceState } from '../domain/silence.ts';
import type { TimeInterval } from '../domain/time-interval.ts';
import type { Clock, StoredAlert } from '../ports.ts';
import type { Board, Placement } from './board.ts';
import type { Place } from './page.ts';

export type AlertState = 'active' | 'suppressed' | 'damped';

export interface FiringAlert {
  readonly alert: StoredAlert;
  readonly state: AlertState;
  /** `mutedBy`: intervals that mute all of its routes. */
  readonly status: Pick<AlertStatus, 'silencedBy' | 'inhibitedBy' | 'mutedBy' | 'inhibitions'>;
  readonly placements: readonly Placement[];
  /** `severityRank`. */
  readonly rank: number;
}

export interface FiringView {
  readonly atMs: number;
  /** Of the board, when it was made. */
  readonly revision: bigint;
  /** The worst first, then the longest firing. */
  readonly alerts: readonly FiringAlert[];
  readonly find: (fingerprint: string) => FiringAlert | undefined;
  /** Intervals that mute a route now. */
  readonly routeMuted: (route: Route) => readonly string[];
}

/** Where an alert stands among those that fire. */
export const alertPlace = ({ alert, rank }: Pick<FiringAlert, 'alert' | 'rank'>): Place => [
  rank,
  alert.startsAtMs,
  alert.fingerprint,
];

interface Firing {
  readonly board: Board;
  readonly clock: Clock;
  /** Intervals of the configuration in force: another map after each loading. */
  readonly intervals: () => ReadonlyMap<string, TimeInterval>;
}

/** Intervals mute by the minute. */
const minuteMs = 60_000;

/** A view, and what it was made of. */
interface Made {
  readonly view: FiringView;
  readonly intervals: ReadonlyMap<string, TimeInterval>;
  readonly silences: readonly CompiledSilence[];
  readonly byFingerprint: ReadonlyMap<string, FiringAlert>;
  /** Time alone changes nothing of it before this. */
  readonly untilMs: number;
}

/**
 * What fires now; the same view while nothing changed and nothing begins or ends to mute or to fire.
 *
 *   V1  the answer is that of looking at every alert
 *   V2  an alert that is in it as before is the same object
 */
export function firingAlerts({ board, clock, intervals }: Firing) {
  const made = new Map<string, Made>();
  return (namespace: string): FiringView => {
    const nowMs = clock();
    const known = made.get(namespace);
    const rules = intervals();
    const holds = known?.intervals === rules && known.view.atMs <= nowMs && nowMs < known.untilMs;
    if (holds && known.view.revision === board.revision(namespace)) return known.view;
    const next = lookAt({ board, intervals: rules, namespace, known }, nowMs);
    // Of namespaces nobody has anything in, nothing is kept: names are free to make up.
    if (next.view.alerts.length > 0) made.set(namespace, next);
    else made.delete(namespace);
    return next.view;
  };
}

interface Looking {
  readonly board: Board;
  readonly intervals: ReadonlyMap<string, TimeInterval>;
  readonly namespace: string;
  /** The view before. */
  readonly known: Made | undefined;
}

function lookAt({ board, intervals, namespace, known }: Looking, nowMs: number): Made {
  const mutes = new Map<Route, readonly string[]>();
  const routeMuted = (route: Route): readonly string[] => {
    const found = mutes.get(route) ?? routeMutes(route, intervals, nowMs);
    mutes.set(route, found);
    return found;
  };
  let untilMs = intervals.size === 0 ? Infinity : (Math.floor(nowMs / minuteMs) + 1) * minuteMs;
  const until = (ms: number): void => {
    if (ms > nowMs && ms < untilMs) untilMs = ms;
  };
  const silences: CompiledSilence[] = [];
  for (const each of board.silences(namespace)) {
    until(each.silence.startsAtMs);
    until(each.silence.endsAtMs);
    if (silenceState(each.silence, nowMs) === 'active') silences.push(each);
  }
  const sameSilences = known?.silences.length === silences.length && known.silences.every((each, at) => each === silences[at]);
  const inhibition = board.inhibition(namespace);
  const byFingerprint = new Map<string, FiringAlert>();
  for (const alert of board.alerts(namespace)) {
    const { endsAtMs } = alert;
    if (endsAtMs < Infinity) {
      until(endsAtMs);
      until(endsAtMs + lingerMs(alert));
      if (isOver(alert, nowMs)) continue;
    }
    const before = known?.byFingerprint.get(alert.fingerprint);
    const placements = board.placements(alert);
    const sameAlert = before?.alert === alert && before.placements === placements;
    const status = alertStatus(
      alert,
      {
        silences: sameAlert && sameSilences && before.status.silencedBy.length === 0 ? [] : silencesOf(board, alert, silences),
        inhibition,
        mutedBy: mutedByAll(placements, routeMuted),
      },
      nowMs,
    );
    const state = status.state === 'active' && dampedBy(alert, nowMs) !== undefined ? 'damped' : status.state;
    const isSame = sameAlert && before.state === state && sameStatus(before.status, status);
    byFingerprint.set(
      alert.fingerprint,
      isSame ? before : { alert, state, status, placements, rank: severityRank(alert.labels) },
    );
  }
  const alerts = [...byFingerprint.values()].sort(
    (a, b) =>
      a.rank - b.rank ||
      a.alert.startsAtMs - b.alert.startsAtMs ||
      (a.alert.fingerprint < b.alert.fingerprint ? -1 : a.alert.fingerprint > b.alert.fingerprint ? 1 : 0),
  );
  const find = (fingerprint: string): FiringAlert | undefined => byFingerprint.get(fingerprint);
  const view = { atMs: nowMs, revision: board.revision(namespace), alerts, find, routeMuted };
  return { view, intervals, silences, byFingerprint, untilMs };
}

const silencesOf = (board: Board, alert: StoredAlert, active: readonly CompiledSilence[]): readonly CompiledSilence[] =>
  active.length === 0 ? [] : board.silencesFor(alert.namespace, alert.labels);

/** Intervals, if all of its routes are muted. */
function mutedByAll(placements: readonly Placement[], routeMuted: (route: Route) => readonly string[]): readonly string[] {
  for (const { route } of placements) if (routeMuted(route).length === 0) return nothing;
  return [...new Set(placements.flatMap(({ route }) => routeMuted(route)))];
}

const nothing: readonly string[] = [];

const sameStatus = (a: FiringAlert['status'], b: FiringAlert['status']): boolean =>
  sameTexts(a.silencedBy, b.silencedBy) &&
  sameTexts(a.inhibitedBy, b.inhibitedBy) &&
  sameTexts(a.mutedBy, b.mutedBy) &&
  a.inhibitions.every(({ rule }, at) => b.inhibitions[at]?.rule === rule);

const sameTexts = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((each, at) => each === b[at]);
