// Groups of what fires: alerts of one route that are told together, what needs somebody first.
import { groupIdOf } from '../domain/group-id.ts';
import type { LabelSet } from '../domain/label-set.ts';
import type { Route } from '../domain/route-tree.ts';
import { passesCounted, type ReadFilter } from './alert-filter.ts';
import type { Placement } from './board.ts';
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

/** Names of the groups of placements, each made once. */
export function groupIds(): (placement: Placement) => string {
  const known = new WeakMap<Placement, string>();
  return (placement) => {
    const id = known.get(placement) ?? groupIdOf(placement.route.id, placement.key);
    known.set(placement, id);
    return id;
  };
}

interface Gathered {
  readonly placement: Placement;
  readonly alerts: FiringAlert[];
  suppressed: number;
  acknowledged: number;
  flapping: number;
  startsAtMs: number;
  needy: boolean;
}

/** The groups of the alerts that pass. What is wholly acknowledged or muted comes last; then severity, age and size decide. */
export function firingGroups(view: FiringView, filter: ReadFilter, idOf = groupIds()): FiringGroup[] {
  const byRoute = new Map<Route, Map<string, Gathered>>();
  for (const each of view.alerts) {
    if (!passesCounted(filter, each) || !filter.acknowledged(each.alert.acknowledged !== undefined)) continue;
    for (const placement of each.placements) {
      const { route, key } = placement;
      if (!filter.receiver(route.options.receiver)) continue;
      const mutedBy = view.routeMuted(route);
      const here: FiringAlert =
        mutedBy.length === 0 ? each : { ...each, state: 'suppressed', status: { ...each.status, mutedBy } };
      if (!filter.state(here.state)) continue;
      let groups = byRoute.get(route);
      if (groups === undefined) byRoute.set(route, (groups = new Map<string, Gathered>()));
      let group = groups.get(key);
      if (group === undefined) groups.set(key, (group = gathered(placement)));
      gather(group, here);
    }
  }
  const found: FiringGroup[] = [];
  for (const groups of byRoute.values()) for (const group of groups.values()) found.push(groupOf(group, idOf));
  return found.sort((a, b) => comparePlaces(a.place, b.place));
}

const gathered = (placement: Placement): Gathered => ({
  ...{ placement, alerts: [], suppressed: 0, acknowledged: 0, flapping: 0, startsAtMs: Infinity, needy: false },
});

function gather(group: Gathered, one: FiringAlert): void {
  const { alert, state } = one;
  group.alerts.push(one);
  if (state === 'suppressed') group.suppressed++;
  if (alert.acknowledged !== undefined) group.acknowledged++;
  if (alert.handling?.damping?.flap.flapping === true) group.flapping++;
  if (state !== 'suppressed' && alert.acknowledged === undefined) group.needy = true;
  if (alert.startsAtMs < group.startsAtMs) group.startsAtMs = alert.startsAtMs;
}

function groupOf({ placement, needy, ...counted }: Gathered, idOf: (placement: Placement) => string): FiringGroup {
  const { route, key, labels } = placement;
  const id = idOf(placement);
  const { alerts, startsAtMs, suppressed, acknowledged, flapping } = counted;
  const place: Place = [needy ? 0 : 1, alerts[0]?.rank ?? 0, startsAtMs, -alerts.length, id];
  return { id, route, key, labels, alerts, suppressed, acknowledged, flapping, startsAtMs, place };
}
