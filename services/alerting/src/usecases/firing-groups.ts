// Groups of what fires: alerts of one route that are told together, what needs somebody first.
import { groupIdOf } from '../domain/group-id.ts';
import type { LabelSet } from '../domain/label-set.ts';
import type { Route } from '../domain/route-tree.ts';
import { passesCounted, type ReadFilter } from './alert-filter.ts';
import type { FiringAlert, FiringView } from './firing-alerts.ts';
import { comparePlaces, type Place } from './page.ts';

export interface FiringGroup {
  readonly id: string;
  readonly route: Route;
  readonly key: string;
  readonly labels: LabelSet;
  /** The worst first; as this group has them: what mutes the route mutes them. At least one. */
  readonly alerts: readonly FiringAlert[];
  readonly suppressed: number;
  readonly acknowledged: number;
  readonly flapping: number;
  /** When the first of them began. */
  readonly startsAtMs: number;
  readonly place: Place;
}

/** The groups of the alerts that pass. What is wholly acknowledged or muted comes last; then severity, age and size decide. */
export function firingGroups(view: FiringView, filter: ReadFilter): FiringGroup[] {
  const byRoute = new Map<Route, Map<string, { labels: LabelSet; alerts: FiringAlert[] }>>();
  for (const each of view.alerts) {
    if (!passesCounted(filter, each) || !filter.acknowledged(each.alert.acknowledged !== undefined)) continue;
    for (const { route, key, labels } of each.placements) {
      if (!filter.receiver(route.options.receiver)) continue;
      const mutedBy = view.routeMuted(route);
      const here: FiringAlert =
        mutedBy.length === 0 ? each : { ...each, state: 'suppressed', status: { ...each.status, mutedBy } };
      if (!filter.state(here.state)) continue;
      const groups = byRoute.get(route) ?? new Map<string, { labels: LabelSet; alerts: FiringAlert[] }>();
      byRoute.set(route, groups);
      const group = groups.get(key) ?? { labels, alerts: [] };
      groups.set(key, group);
      group.alerts.push(here);
    }
  }
  const found = [...byRoute].flatMap(([route, groups]) => [...groups].map(([key, group]) => groupOf(route, key, group)));
  return found.sort((a, b) => comparePlaces(a.place, b.place));
}

function groupOf(
  route: Route,
  key: string,
  { labels, alerts }: { labels: LabelSet; alerts: readonly FiringAlert[] },
): FiringGroup {
  const id = groupIdOf(route.id, key);
  let [suppressed, acknowledged, flapping, startsAtMs, needy] = [0, 0, 0, Infinity, false];
  for (const { alert, state } of alerts) {
    if (state === 'suppressed') suppressed++;
    if (alert.acknowledged !== undefined) acknowledged++;
    if (alert.handling?.damping?.flap.flapping === true) flapping++;
    if (state !== 'suppressed' && alert.acknowledged === undefined) needy = true;
    startsAtMs = Math.min(startsAtMs, alert.startsAtMs);
  }
  const place: Place = [needy ? 0 : 1, alerts[0]?.rank ?? 0, startsAtMs, -alerts.length, id];
  return { id, route, key, labels, alerts, suppressed, acknowledged, flapping, startsAtMs, place };
}
