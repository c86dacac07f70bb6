import { formatMatchers } from '../domain/matcher.ts';
import type { Route } from '../domain/route-tree.ts';
import type { FiringView } from './firing-alerts.ts';

export interface RouteNode {
  readonly id: string;
  readonly depth: number;
  readonly matchers: string;
  readonly receiver: string;
  readonly continue: boolean;
  /** `...`: all labels. */
  readonly groupBy: readonly string[];
  readonly groupWaitMs: number;
  readonly groupIntervalMs: number;
  readonly repeatIntervalMs: number;
  /** That fire and that it takes. */
  readonly alertCount: number;
}

export interface Routing {
  /** Without secrets. */
  readonly config: string;
  readonly policy: string;
  readonly loadedAtMs: number;
  /** Why the file was not taken when it was last read; empty: it was. */
  readonly refused: string;
  readonly routes: readonly RouteNode[];
}

interface Looking {
  readonly firing: (namespace: string) => FiringView;
  readonly root: () => Route;
  readonly inForce: () => Pick<Routing, 'config' | 'policy' | 'loadedAtMs' | 'refused'>;
}

/** The configuration in force and its tree, with how much each route takes now. */
export function lookAtRouting({ firing, root, inForce }: Looking) {
  return (namespace: string): Routing => {
    const counts = new Map<string, number>();
    for (const { placements } of firing(namespace).alerts)
      for (const { route } of placements) counts.set(route.id, (counts.get(route.id) ?? 0) + 1);
    const nodesOf = (route: Route, depth: number): RouteNode[] => [
      {
        id: route.id,
        depth,
        matchers: formatMatchers(route.matchers),
        receiver: route.options.receiver,
        continue: route.continues,
        groupBy: route.options.groupBy === 'all' ? ['...'] : route.options.groupBy,
        groupWaitMs: route.options.groupWaitMs,
        groupIntervalMs: route.options.groupIntervalMs,
        repeatIntervalMs: route.options.repeatIntervalMs,
        alertCount: counts.get(route.id) ?? 0,
      },
      ...route.routes.flatMap((child) => nodesOf(child, depth + 1)),
    ];
    return { ...inForce(), routes: nodesOf(root(), 0) };
  };
}
