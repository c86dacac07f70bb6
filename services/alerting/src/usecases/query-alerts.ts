// What is known of alerts now, in the order and with the filters of Alertmanager's API.
import { isResolved } from '../domain/alert.ts';
import { compareText } from '../domain/go-text.ts';
import { type LabelSet, labelNames, labelValue } from '../domain/label-set.ts';
import type { Matcher } from '../domain/matcher.ts';
import { alertStatus, type AlertStatus, routeMutes } from '../domain/muting.ts';
import type { Route } from '../domain/route-tree.ts';
import type { TimeInterval } from '../domain/time-interval.ts';
import type { Clock, StoredAlert } from '../ports.ts';
import type { Board } from './board.ts';

export interface AlertQuery {
  /** Whether alerts that nothing mutes are among them. */
  readonly active: boolean;
  readonly silenced: boolean;
  readonly inhibited: boolean;
  readonly matchers: readonly Matcher[];
  readonly receiver: (name: string) => boolean;
}

export interface FoundAlert {
  readonly alert: StoredAlert;
  readonly status: AlertStatus;
  /** One for each route that takes it, in the order of the tree. */
  readonly receivers: readonly string[];
}

export interface FoundGroup {
  readonly labels: LabelSet;
  readonly receiver: string;
  readonly alerts: readonly FoundAlert[];
}

interface Querying {
  readonly board: Board;
  readonly clock: Clock;
  readonly intervals: () => ReadonlyMap<string, TimeInterval>;
}

export interface AlertQueries {
  /**
   * Alerts that fire, by fingerprint, as they are when it begins. undefined stands for an alert that was passed over, so that whoever
   * reads can pause between any two.
   */
  alerts(namespace: string, query: AlertQuery): Iterable<FoundAlert | undefined>;
  /** Groups by labels, then receiver; alerts that fire, by fingerprint. */
  groups(namespace: string, query: AlertQuery & { readonly muted: boolean }): Iterable<FoundGroup | undefined>;
}

export function queryAlerts({ board, clock, intervals }: Querying): AlertQueries {
  const begun = (namespace: string, query: AlertQuery) => {
    const nowMs = clock();
    const inhibition = board.inhibition(namespace);
    const matches = query.matchers.map(remembering);
    const status = (alert: StoredAlert): AlertStatus | undefined => {
      if (!matches.every((each) => each(alert.labels))) return undefined;
      const found = alertStatus(alert, { silences: board.silencesFor(namespace, alert.labels), inhibition }, nowMs);
      if (!query.active && found.state === 'active') return undefined;
      if (!query.silenced && found.silencedBy.length > 0) return undefined;
      return !query.inhibited && found.inhibitedBy.length > 0 ? undefined : found;
    };
    const firing = [...board.alerts(namespace)]
      .filter((alert) => !isResolved(alert, nowMs))
      .sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
    return { nowMs, status, firing };
  };
  return {
    *alerts(namespace, query) {
      const { status, firing } = begun(namespace, query);
      for (const alert of firing) {
        const receivers = board.placements(alert).map(({ route }) => route.options.receiver);
        const found = receivers.some(query.receiver) ? status(alert) : undefined;
        yield found === undefined ? undefined : { alert, status: found, receivers };
      }
    },

    *groups(namespace, query) {
      const { nowMs, status, firing } = begun(namespace, query);
      const groups = new Map<string, { route: Route; labels: LabelSet; alerts: StoredAlert[] }>();
      const placed = new Map<string, { status: AlertStatus; receivers: string[] }>();
      for (const alert of firing) {
        yield undefined;
        const placements = board.placements(alert).filter(({ route }) => query.receiver(route.options.receiver));
        const found = placements.length === 0 ? undefined : status(alert);
        if (found === undefined) continue;
        placed.set(alert.fingerprint, { status: found, receivers: placements.map(({ route }) => route.options.receiver) });
        for (const { route, key, labels } of placements) {
          const name = JSON.stringify([route.id, key]);
          const group = groups.get(name) ?? { route, labels, alerts: [] };
          group.alerts.push(alert);
          groups.set(name, group);
        }
      }
      const ordered = [...groups.values()].sort(
        (a, b) => byLabels(a.labels, b.labels) || compareText(a.route.options.receiver, b.route.options.receiver),
      );
      for (const { route, labels, alerts } of ordered) {
        const mutedBy = routeMutes(route, intervals(), nowMs);
        if (mutedBy.length > 0 && !query.muted) continue;
        const members = alerts.flatMap((alert): FoundAlert[] => {
          const known = placed.get(alert.fingerprint);
          if (known === undefined) return [];
          const state = mutedBy.length > 0 ? 'suppressed' : known.status.state;
          return [{ alert, receivers: known.receivers, status: { ...known.status, mutedBy, state } }];
        });
        yield { labels, receiver: route.options.receiver, alerts: members };
      }
    },
  };
}

/** A matcher that judges each value once: many alerts share theirs, and a pattern may be slow. */
function remembering({ name, matches }: Matcher): (labels: LabelSet) => boolean {
  const known = new Map<string, boolean>();
  return (labels) => {
    const value = labelValue(labels, name);
    const before = known.get(value);
    if (before !== undefined) return before;
    const judged = matches(value);
    known.set(value, judged);
    return judged;
  };
}

/** Fewer labels first, then by names and values in turn; as Prometheus orders label sets. */
function byLabels(a: LabelSet, b: LabelSet): number {
  const [names, others] = [labelNames(a), labelNames(b)];
  if (names.length !== others.length) return names.length - others.length;
  for (const [at, name] of names.entries()) {
    const other = others[at] ?? '';
    if (name !== other) return compareText(name, other);
    const order = compareText(labelValue(a, name), labelValue(b, name));
    if (order !== 0) return order;
  }
  return 0;
}
