// Which alerts in a hurry nobody was told of, though somebody is to be told.
import { isResolved } from '../domain/alert.ts';
import { happenedMs, isSeenByPeople, promisedMs } from '../domain/delivery-lateness.ts';
import { dampedBy } from '../domain/handling.ts';
import type { Matcher } from '../domain/matcher.ts';
import { alertStatus, routeMutes } from '../domain/muting.ts';
import { isAboutDelivery } from '../domain/rules/delivery-alerts.ts';
import type { TimeInterval } from '../domain/time-interval.ts';
import { isUrgent } from '../domain/urgency.ts';
import type { StoredAlert } from '../ports.ts';
import type { AlertReads } from '../read-ports.ts';
import type { Board, Placement } from './board.ts';
import { mutedSince } from './delivery-time.ts';
import type { Integration } from './telling.ts';

interface Looking {
  readonly board: Board;
  readonly reads: Pick<AlertReads, 'groups'>;
  readonly urgent: () => readonly Matcher[];
  readonly intervals: () => ReadonlyMap<string, TimeInterval>;
  readonly integrationsOf: (receiver: string) => readonly Integration[];
}

export interface UntoldAlert {
  readonly alert: StoredAlert;
  /** Who was to be told. */
  readonly receiver: string;
}

/**
 * Looks once. What is muted, damped or acknowledged now needs nobody, and what was muted until now has its five minutes from now.
 *
 * @returns alerts that fire, and of which nobody was told within five minutes of their event
 */
export function untoldAlerts({ board, reads, urgent, intervals, integrationsOf }: Looking) {
  // Since when each occurrence is to be told, as far as this process has seen it.
  let since = new Map<string, number>();
  let toldOf = new Set<string>();
  let lastMs: number | undefined;

  return async (nowMs: number): Promise<UntoldAlert[]> => {
    const [before, knownTold, lookedMs] = [since, toldOf, lastMs];
    [since, toldOf, lastMs] = [new Map<string, number>(), new Set<string>(), nowMs];
    const late: (UntoldAlert & { readonly name: string; readonly places: readonly Placement[] })[] = [];
    for (const alert of hurried(nowMs)) {
      const name = `${alert.namespace} ${alert.fingerprint} ${alert.toldAtMs}`;
      if (knownTold.has(name)) {
        toldOf.add(name);
        continue;
      }
      const places = heardPlaces(alert, nowMs);
      const receiver = places[0]?.route.options.receiver;
      if (receiver === undefined) continue;
      const sinceMs = before.get(name) ?? beginMs(alert, lookedMs, nowMs);
      since.set(name, sinceMs);
      if (nowMs - sinceMs > promisedMs) late.push({ alert, receiver, name, places });
    }
    const untold: UntoldAlert[] = [];
    for (const [namespace, some] of Map.groupBy(late, ({ alert }) => alert.namespace)) {
      const named = some.flatMap(({ places }) => places.map(({ route, key }) => ({ routeId: route.id, groupKey: key })));
      const groups = new Map(
        (await reads.groups(namespace, named)).map((group) => [`${group.routeId} ${group.groupKey}`, group]),
      );
      for (const { alert, receiver, name, places } of some) {
        const told = places.some(({ route, key }) =>
          [...(groups.get(`${route.id} ${key}`)?.notified ?? [])].some(
            ([by, { firing }]) => isSeenByPeople(by.slice(by.lastIndexOf(' ') + 1)) && firing.includes(alert.fingerprint),
          ),
        );
        if (told) toldOf.add(name);
        else untold.push({ alert, receiver });
      }
    }
    return untold;
  };

  function* hurried(nowMs: number): Iterable<StoredAlert> {
    const matchers = urgent();
    for (const namespace of board.namespaces()) {
      for (const alert of board.alerts(namespace)) {
        if (alert.told !== 'firing' || alert.acknowledged !== undefined || isResolved(alert, nowMs)) continue;
        if (!isUrgent(alert.labels, matchers) || isAboutDelivery(alert.labels)) continue;
        if (dampedBy(alert, nowMs) === undefined) yield alert;
      }
    }
  }

  /** Where people are told of it, and nothing mutes it now. */
  function heardPlaces(alert: StoredAlert, nowMs: number): Placement[] {
    const by = { silences: board.silencesFor(alert.namespace, alert.labels), inhibition: board.inhibition(alert.namespace) };
    return board
      .placements(alert)
      .filter(
        ({ route }) =>
          integrationsOf(route.options.receiver).some(({ name }) => isSeenByPeople(name)) &&
          alertStatus(alert, { ...by, mutedBy: routeMutes(route, intervals(), nowMs) }, nowMs).state === 'active',
      );
  }

  /** One that was there at the last look and was not to be told then is to be told from now on. */
  function beginMs(alert: StoredAlert, lookedMs: number | undefined, nowMs: number): number {
    const fromMs = happenedMs(alert.startsAtMs, alert.toldAtMs);
    if (lookedMs !== undefined && alert.toldAtMs < lookedMs - graceMs) return nowMs;
    return mutedSince(alert, board.silencesFor(alert.namespace, alert.labels), fromMs, nowMs) ? nowMs : fromMs;
  }
}

/** Others store alerts that are known here a moment later. */
const graceMs = 5_000;
