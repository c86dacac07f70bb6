import { firstFlush } from '../domain/grouping.ts';
import type { Matcher } from '../domain/matcher.ts';
import type { GroupPlace, KnownAlert } from '../ports.ts';
import type { Board } from './board.ts';

/** The groups of alerts that begin to count, and when each is told. Alerts that match `bypass` are told at once, with their whole group. */
export function placesOf(
  board: Pick<Board, 'placements'>,
  alerts: readonly KnownAlert[],
  bypass: readonly Matcher[],
  nowMs: number,
): GroupPlace[] {
  const places = new Map<string, GroupPlace>();
  for (const alert of alerts) {
    for (const { route, key, labels } of board.placements({ ...alert, revision: 0n })) {
      const { atMs, reason } = firstFlush(alert, route.options.groupWaitMs, bypass, nowMs);
      const name = JSON.stringify([alert.namespace, route.id, key]);
      const known = places.get(name);
      const hurryAtMs = reason === 'bypass' ? nowMs : known?.hurryAtMs;
      const flushAtMs = Math.min(atMs, known?.flushAtMs ?? Infinity);
      places.set(name, { namespace: alert.namespace, routeId: route.id, groupKey: key, labels, flushAtMs, hurryAtMs });
    }
  }
  return [...places.values()];
}
