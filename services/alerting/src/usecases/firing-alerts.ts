// What fires in a namespace and what mutes it, made once for as long as it holds: lists, groups and counts are read from it.
import { dampedBy, isOver } from '../domain/handling.ts';
import { type AlertStatus, alertStatus, routeMutes } from '../domain/muting.ts';
import type { Route } from '../domain/route-tree.ts';
import { severityRank } from '../domain/severity.ts';
import { silenceState } from '../domain/silence.ts';
import type { TimeInterval } from '../domain/time-interval.ts';
import type { Clock, StoredAlert } from '../ports.ts';
import type { Board, Placement } from './board.ts';
import { comparePlaces, type Place } from './page.ts';

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

/** Muting goes by the clock too, so a view is looked at again after this. */
const holdsMs = 1_000;

/** What fires now; the same view while nothing changed, for a second at most, and never past the end of one of its alerts. */
export function firingAlerts({ board, clock, intervals }: Firing) {
  const views = new Map<string, { view: FiringView; intervals: ReadonlyMap<string, TimeInterval>; untilMs: number }>();
  return (namespace: string): FiringView => {
    const nowMs = clock();
    const known = views.get(namespace);
    const rules = intervals();
    if (
      known?.view.revision === board.revision(namespace) &&
      known.intervals === rules &&
      known.view.atMs <= nowMs &&
      nowMs < known.untilMs
    )
      return known.view;
    const view = lookAt(board, rules, namespace, nowMs);
    const ends = view.alerts.reduce(
      (least, { alert }) => (alert.endsAtMs > nowMs ? Math.min(least, alert.endsAtMs) : least),
      Infinity,
    );
    const edges = [...board.silences(namespace)].flatMap(({ silence }) => [silence.startsAtMs, silence.endsAtMs]);
    const untilMs = edges.reduce((least, ms) => (ms > nowMs ? Math.min(least, ms) : least), Math.min(ends, nowMs + holdsMs));
    // Of namespaces nobody has anything in, nothing is kept: names are free to make up.
    if (view.alerts.length > 0) views.set(namespace, { view, intervals: rules, untilMs });
    else views.delete(namespace);
    return view;
  };
}

function lookAt(board: Board, intervals: ReadonlyMap<string, TimeInterval>, namespace: string, nowMs: number): FiringView {
  const mutes = new Map<Route, readonly string[]>();
  const routeMuted = (route: Route): readonly string[] => {
    const known = mutes.get(route) ?? routeMutes(route, intervals, nowMs);
    mutes.set(route, known);
    return known;
  };
  const silences = [...board.silences(namespace)].filter(({ silence }) => silenceState(silence, nowMs) === 'active');
  const by = { silences, inhibition: board.inhibition(namespace) };
  const alerts: { place: Place; firing: FiringAlert }[] = [];
  for (const alert of board.alerts(namespace)) {
    if (isOver(alert, nowMs)) continue;
    const placements = board.placements(alert);
    const mutedBy = placements.every(({ route }) => routeMuted(route).length > 0)
      ? [...new Set(placements.flatMap(({ route }) => routeMuted(route)))]
      : [];
    const status = alertStatus(alert, { ...by, mutedBy }, nowMs);
    const state = status.state === 'active' && dampedBy(alert, nowMs) !== undefined ? 'damped' : status.state;
    const firing: FiringAlert = { alert, state, status, placements, rank: severityRank(alert.labels) };
    alerts.push({ place: alertPlace(firing), firing });
  }
  alerts.sort((a, b) => comparePlaces(a.place, b.place));
  return { atMs: nowMs, revision: board.revision(namespace), alerts: alerts.map(({ firing }) => firing), routeMuted };
}
