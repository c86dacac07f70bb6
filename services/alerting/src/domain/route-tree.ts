// The route tree: for each alert, the routes that take it, with the options in force there.
import { type LabelSet, labelValue } from './label-set.ts';
import { formatMatcher, formatMatchers, type Matcher, matchesAll, sortMatchers } from './matcher.ts';

/** A route as it is written; what is absent is its parent's. */
export interface RouteDefinition {
  readonly receiver?: string | undefined;
  readonly groupBy?: readonly string[] | 'all' | undefined;
  readonly groupWaitMs?: number | undefined;
  readonly groupIntervalMs?: number | undefined;
  readonly repeatIntervalMs?: number | undefined;
  readonly continues: boolean;
  readonly matchers: readonly Matcher[];
  readonly muteTimeIntervals: readonly string[];
  readonly activeTimeIntervals: readonly string[];
  readonly routes: readonly RouteDefinition[];
}

/** The options in force at a route. */
export interface RouteOptions {
  readonly receiver: string;
  readonly groupBy: readonly string[] | 'all';
  readonly groupWaitMs: number;
  readonly groupIntervalMs: number;
  readonly repeatIntervalMs: number;
  /** Names of intervals; a route's own, never its parent's. */
  readonly muteTimeIntervals: readonly string[];
  readonly activeTimeIntervals: readonly string[];
}

export interface Route {
  /** `{}/{a="b"}/0`: unique in the tree. */
  readonly id: string;
  /** `{}/{a="b"}`: the first half of a group key. Two routes of the same matchers have the same. */
  readonly key: string;
  readonly matchers: readonly Matcher[];
  readonly continues: boolean;
  readonly options: RouteOptions;
  readonly routes: readonly Route[];
}

/** Alertmanager's defaults. */
export const defaultRouteOptions: RouteOptions = {
  receiver: '',
  groupBy: [],
  groupWaitMs: 30_000,
  groupIntervalMs: 5 * 60_000,
  repeatIntervalMs: 4 * 3_600_000,
  muteTimeIntervals: [],
  activeTimeIntervals: [],
};

/** The tree a definition means: ids, keys and options in force. */
export const routeOf = (definition: RouteDefinition): Route => build(definition, defaultRouteOptions, '', '', '');

function build(own: RouteDefinition, parent: RouteOptions, parentId: string, parentKey: string, index: string): Route {
  const matchers = sortMatchers(own.matchers);
  const written = formatMatchers(matchers);
  const key = parentKey === '' ? written : `${parentKey}/${written}`;
  const id = parentId === '' ? written : `${parentId}/${written}${index}`;
  const options: RouteOptions = {
    receiver: own.receiver === undefined || own.receiver === '' ? parent.receiver : own.receiver,
    groupBy: own.groupBy ?? parent.groupBy,
    groupWaitMs: own.groupWaitMs ?? parent.groupWaitMs,
    groupIntervalMs: own.groupIntervalMs ?? parent.groupIntervalMs,
    repeatIntervalMs: own.repeatIntervalMs ?? parent.repeatIntervalMs,
    muteTimeIntervals: own.muteTimeIntervals,
    activeTimeIntervals: own.activeTimeIntervals,
  };
  const routes = own.routes.map((child, at) => build(child, options, id, key, `/${at}`));
  return { id, key, matchers, continues: own.continues, options, routes };
}

/**
 * The routes that take an alert, in the order of the tree.
 *
 *   R1  a route takes an alert that matches it unless one of its children does: the deepest take it
 *   R2  among siblings the first that matches ends the search, unless it continues
 *   R3  the root takes what nobody else does, so the answer is never empty
 */
export function routesFor(root: Route, labels: LabelSet): Route[] {
  if (!matchesAll(root.matchers, labels)) return [];
  const found: Route[] = [];
  for (const child of root.routes) {
    const below = routesFor(child, labels);
    found.push(...below);
    if (below.length > 0 && !child.continues) break;
  }
  return found.length === 0 ? [root] : found;
}

/** A route that was looked at on an alert's way, and what came of it. */
export interface Visit {
  readonly route: Route;
  /** 0 = the root. */
  readonly depth: number;
  /** `takes`: the alert is told here. `passes`: it matched, and a child takes it. `skipped`: a sibling before it took the alert. */
  readonly outcome: 'takes' | 'passes' | 'does not match' | 'skipped';
  /** A sentence with the matcher and value that decided. */
  readonly reason: string;
}

/**
 * Every route of the tree's visited part and why it was taken or not: what `tmws alert explain` shows.
 *
 *   E1  the visits that take are the routes of `routesFor`, in the same order
 */
export function explainRoutes(root: Route, labels: LabelSet): Visit[] {
  const visits: Visit[] = [];
  const look = (route: Route, depth: number): boolean => {
    const failing = route.matchers.find((each) => !each.matches(labelValue(labels, each.name)));
    if (failing !== undefined) {
      const value = labelValue(labels, failing.name);
      const has = value === '' ? `has no label ${failing.name}` : `has ${failing.name}=${JSON.stringify(value)}`;
      visits.push({
        route,
        depth,
        outcome: 'does not match',
        reason: `${formatMatcher(failing)} does not hold: the alert ${has}`,
      });
      return false;
    }
    const at = visits.length;
    let takenBelow = 0;
    let endedBy: Route | undefined;
    for (const child of route.routes) {
      if (endedBy !== undefined) {
        const reason = `${endedBy.key} came before it, took the alert, and does not continue`;
        visits.push({ route: child, depth: depth + 1, outcome: 'skipped', reason });
        continue;
      }
      if (!look(child, depth + 1)) continue;
      takenBelow++;
      if (!child.continues) endedBy = child;
    }
    const matched =
      route.matchers.length === 0 ? 'it has no matchers, so everything matches' : `${formatMatchers(route.matchers)} holds`;
    visits.splice(at, 0, {
      route,
      depth,
      outcome: takenBelow > 0 ? 'passes' : 'takes',
      reason: takenBelow > 0 ? `${matched}; ${takenBelow} below it took the alert` : `${matched}, and none below it`,
    });
    return true;
  };
  look(root, 0);
  return visits;
}
