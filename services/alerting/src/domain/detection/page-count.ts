// How many messages alerts would have made: groups of the route tree, their waits and beats, without repeats and ends.
import { firstFlush, groupKey, groupLabels, nextFlush } from '../grouping.ts';
import type { LabelSet } from '../label-set.ts';
import type { Matcher } from '../matcher.ts';
import { type Route, routesFor } from '../route-tree.ts';

export interface PageCount {
  /**
   * An alert begins to fire. Alerts come in the order of their times.
   *
   * @returns how many messages that are not made already it makes
   */
  begins(alert: BeginningAlert): number;
}

export interface BeginningAlert {
  readonly namespace: string;
  readonly labels: LabelSet;
  readonly atMs: number;
  readonly untilMs: number;
}

interface Group {
  /** When its last message goes. */
  flushMs: number;
  /** When the last of its alerts ends. */
  untilMs: number;
}

/** @param bypass  alerts that match are told at once */
export function pageCount(root: Route, bypass: readonly Matcher[]): PageCount {
  const groups = new Map<string, Group>();
  return {
    begins({ namespace, labels, atMs, untilMs }) {
      let made = 0;
      for (const route of routesFor(root, labels)) {
        const { groupWaitMs, groupIntervalMs } = route.options;
        const name = JSON.stringify([namespace, route.id, groupKey(route, groupLabels(route, labels))]);
        const group = groups.get(name);
        if (group === undefined || (group.flushMs < atMs && group.untilMs <= atMs)) {
          const { atMs: flushMs } = firstFlush({ labels, startsAtMs: atMs }, groupWaitMs, bypass, atMs);
          groups.set(name, { flushMs, untilMs });
          made += 1;
          continue;
        }
        group.untilMs = Math.max(group.untilMs, untilMs);
        // What waits to be told takes it along.
        if (group.flushMs >= atMs) continue;
        group.flushMs = nextFlush(group.flushMs, groupIntervalMs, atMs);
        made += 1;
      }
      return made;
    },
  };
}
