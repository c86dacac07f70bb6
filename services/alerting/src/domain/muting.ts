// One answer per alert: does it reach people, and if not, who or what mutes it.
import type { Alert } from './alert.ts';
import type { Inhibition, InhibitionIndex } from './inhibition.ts';
import type { Matcher } from './matcher.ts';
import type { Route } from './route-tree.ts';
import { type Silence, silences, silenceState } from './silence.ts';
import { inInterval, type TimeInterval } from './time-interval.ts';

export interface CompiledSilence {
  readonly silence: Silence;
  readonly matchers: readonly Matcher[];
}

/** As `status` of Alertmanager's API, with the rules that inhibit. */
export interface AlertStatus {
  readonly state: 'active' | 'suppressed';
  /** Ids of silences, in order. */
  readonly silencedBy: readonly string[];
  /** Fingerprints of alerts. */
  readonly inhibitedBy: readonly string[];
  /** Names of time intervals. */
  readonly mutedBy: readonly string[];
  readonly inhibitions: readonly Inhibition[];
}

/**
 * What mutes an alert now. `mutedBy` is what `routeMutes` says of its route; the API's list over all routes gives none.
 *
 *   U1  suppressed exactly if one of the three lists is not empty
 *   U2  only silences that are active at `nowMs` and alerts that fire at `nowMs` count
 */
export function alertStatus(
  alert: Alert,
  by: {
    readonly silences: readonly CompiledSilence[];
    readonly inhibition: InhibitionIndex;
    readonly mutedBy?: readonly string[];
  },
  nowMs: number,
): AlertStatus {
  const silencedBy = by.silences
    .filter(({ silence, matchers }) => silenceState(silence, nowMs) === 'active' && silences(matchers, alert.labels))
    .map(({ silence }) => silence.id)
    .sort();
  const inhibitions = by.inhibition.inhibitions(alert, nowMs);
  const inhibitedBy = [...new Set(inhibitions.map(({ fingerprint }) => fingerprint))];
  const mutedBy = by.mutedBy ?? [];
  const suppressed = silencedBy.length + inhibitedBy.length + mutedBy.length > 0;
  return { state: suppressed ? 'suppressed' : 'active', silencedBy, inhibitedBy, mutedBy, inhibitions };
}

/**
 * Names of the intervals that mute a route now; none if it is heard.
 *
 *   U3  a mute interval mutes while it lasts
 *   U4  active intervals mute while none of them lasts, and are then all named
 *   U5  a name that is not known is no interval: the file was refused
 */
export function routeMutes(route: Route, intervals: ReadonlyMap<string, TimeInterval>, nowMs: number): string[] {
  const lasts = (name: string): boolean => {
    const interval = intervals.get(name);
    return interval !== undefined && inInterval(interval, nowMs);
  };
  const { muteTimeIntervals, activeTimeIntervals } = route.options;
  const inactive = activeTimeIntervals.length > 0 && !activeTimeIntervals.some(lasts);
  return [...muteTimeIntervals.filter(lasts), ...(inactive ? activeTimeIntervals : [])];
}
