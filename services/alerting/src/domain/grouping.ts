// Grouping: alerts of one route that agree on its labels are told together, and when.
import { formatLabels, type LabelSet, pickLabels } from './label-set.ts';
import { type Matcher, matchesAll } from './matcher.ts';
import type { Route } from './route-tree.ts';

/** The labels a group of that route is known by; a label the alert lacks is not among them. */
export const groupLabels = (route: Route, labels: LabelSet): LabelSet =>
  route.options.groupBy === 'all' ? labels : pickLabels(labels, route.options.groupBy);

/** `{}/{team="db"}:{alertname="Down"}`: as Alertmanager's webhooks say it, so a receiver's memory of groups stays good. */
export const groupKey = (route: Pick<Route, 'key'>, labels: LabelSet): string => `${route.key}:${formatLabels(labels)}`;

/** When a group is told for the first time, and why then. */
export interface FirstFlush {
  readonly atMs: number;
  readonly reason: 'group wait' | 'the wait is over' | 'bypass';
}

/**
 * When the group of an alert that arrives is to be flushed, if it has not been flushed yet. The earlier of this and what was known holds.
 *
 *   G1  never later than now + group_wait, and never before now
 *   G2  an alert that started at least group_wait ago waits no more: it was on its way that long
 *   G3  an alert that matches `bypass` (critical ones, by a setting) waits not at all; without matchers nothing bypasses
 */
export function firstFlush(
  alert: { readonly labels: LabelSet; readonly startsAtMs: number },
  groupWaitMs: number,
  bypass: readonly Matcher[],
  nowMs: number,
): FirstFlush {
  if (bypass.length > 0 && matchesAll(bypass, alert.labels)) return { atMs: nowMs, reason: 'bypass' };
  if (alert.startsAtMs + groupWaitMs < nowMs) return { atMs: nowMs, reason: 'the wait is over' };
  return { atMs: nowMs + groupWaitMs, reason: 'group wait' };
}

/**
 * When a group that was due at `dueMs` and flushed at `nowMs` is next flushed.
 *
 *   G4  after now, and at most one group_interval after it
 *   G5  on the beat: a whole number of intervals after it was due, so that lateness does not add up, and a pause is not made up for
 */
export function nextFlush(dueMs: number, groupIntervalMs: number, nowMs: number): number {
  const beats = Math.floor(Math.max(0, nowMs - dueMs) / groupIntervalMs) + 1;
  return Math.min(dueMs + beats * groupIntervalMs, nowMs + groupIntervalMs);
}
