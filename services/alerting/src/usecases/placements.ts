import { groupKey, groupLabels } from '../domain/grouping.ts';
import type { LabelSet } from '../domain/label-set.ts';
import { type Route, routesFor } from '../domain/route-tree.ts';
import type { Placement } from './board.ts';

/** The groups an alert of these labels belongs to. */
export const placementsOf = (root: Route, labels: LabelSet): Placement[] =>
  routesFor(root, labels).map((route) => {
    const own = groupLabels(route, labels);
    return { route, labels: own, key: groupKey(route, own) };
  });
