// Correlation rules as a state machine: events that met a rule go in, correlations that they complete come out. No clock: time is
// that of the events.
import type { EventView } from '../event/event-view.ts';
import type { RuleHeader } from '../sigma/rule.ts';
import { isNamed } from '../sigma/filter.ts';
import { type CorrelationRule, meets } from './rule.ts';
import { type Entry, insert, orderedAround, placeAfter, windowWith } from './windows.ts';

export interface CorrelationLimits {
  /** Groups kept for one correlation; the one whose latest event is the oldest goes first. */
  readonly groups: number;
  /** Events kept for one group; the oldest go first. */
  readonly events: number;
  /** How much later than its followers an event may come and still count, as a share of the timespan. */
  readonly lateness: number;
}

export const correlationLimits: CorrelationLimits = { groups: 100_000, events: 10_000, lateness: 1 };

/** A correlation that an event completed. */
export interface Correlated {
  readonly rule: CorrelationRule;
  /** What the events share, by the names of `group-by`. */
  readonly group: Readonly<Record<string, string>>;
  /** The count or value that kept the bounds. */
  readonly count: number;
  /** The window's first and last event. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** What was not counted, and why. */
export interface CorrelatorLosses {
  late: number;
  groups: number;
  events: number;
}

export interface Correlator {
  /**
   * Takes an event that met a rule, and gives what it completes, chained correlations too.
   *   C1  a window is any stretch of the timespan (both ends in it); it counts if it holds the event and keeps the bounds
   *   C2  events may come late, up to the lateness; what they complete is the same as if they had come in time
   *   C3  an event without a field of group-by, or of value_count, is of no group and not counted
   */
  readonly observe: (rule: RuleHeader, event: EventView, timeMs: number) => Correlated[];
  /** Whether the rule is there only for correlations, and raises nothing itself. */
  readonly onlyCorrelated: (rule: RuleHeader) => boolean;
  readonly losses: Readonly<CorrelatorLosses>;
}

/** @param rules those they refer to before them, as `readRules` gives them */
export function correlatorOf(rules: readonly CorrelationRule[], limits: CorrelationLimits = correlationLimits): Correlator {
  const losses: CorrelatorLosses = { late: 0, groups: 0, events: 0 };
  const states = rules.map((rule) => ({ rule, groups: new Map<string, Entry[]>() }));
  const observe = (met: RuleHeader, event: EventView, timeMs: number): Correlated[] =>
    states.flatMap(({ rule, groups }) => {
      const index = rule.rules.findIndex((reference) => isNamed(met, reference));
      if (index < 0) return [];
      const completed = take(rule, groups, index, event, timeMs, limits, losses);
      // Whatever it completes is an event for the correlations above.
      return completed === undefined ? [] : [completed, ...observe(rule, event, timeMs)];
    });
  return {
    observe,
    onlyCorrelated: (met) => {
      const about = rules.filter((rule) => rule.rules.some((reference) => isNamed(met, reference)));
      return about.length > 0 && about.every(({ generate }) => !generate);
    },
    losses,
  };
}

function take(
  rule: CorrelationRule,
  groups: Map<string, Entry[]>,
  index: number,
  event: EventView,
  timeMs: number,
  limits: CorrelationLimits,
  losses: CorrelatorLosses,
): Correlated | undefined {
  const reference = rule.rules[index] ?? '';
  const shared = rule.groupBy.map((name) => textOf(event, rule.aliases[name]?.[reference] ?? name));
  const values = rule.valueFields.map((name) => textOf(event, rule.aliases[name]?.[reference] ?? name));
  if (shared.includes(undefined) || values.includes(undefined)) return undefined;
  const number = Number(values[0]);
  if (/^value_(sum|avg|min|max)$/.test(rule.type) && (values[0]?.trim() === '' || !Number.isFinite(number))) return undefined;
  const entry: Entry = { timeMs, rule: index, value: rule.type === 'value_count' ? JSON.stringify(values) : number };

  const key = JSON.stringify(shared);
  const entries = groups.get(key) ?? [];
  const latestMs = Math.max(timeMs, entries.at(-1)?.timeMs ?? timeMs);
  const latenessMs = limits.lateness * rule.timespanMs;
  if (timeMs < latestMs - latenessMs) {
    losses.late += 1;
    return undefined;
  }
  insert(entries, entry);
  entries.splice(0, placeAfter(entries, latestMs - latenessMs - rule.timespanMs - 1));
  if (entries.length > limits.events) losses.events += entries.splice(0, entries.length - limits.events).length;
  groups.delete(key);
  groups.set(key, entries);
  if (groups.size > limits.groups) {
    groups.delete(groups.keys().next().value ?? '');
    losses.groups += 1;
  }
  return judged(rule, entries, entry, Object.fromEntries(rule.groupBy.map((name, i) => [name, shared[i] ?? ''])));
}

/** The first value of a field, as a text. */
function textOf(event: EventView, field: string): string | undefined {
  return event.field(field)?.find(({ raw }) => raw !== null)?.text;
}

function judged(
  rule: CorrelationRule,
  entries: readonly Entry[],
  entry: Entry,
  group: Readonly<Record<string, string>>,
): Correlated | undefined {
  let count = 0;
  if (rule.type === 'temporal_ordered') {
    if (!orderedAround(entries, entry, rule.rules.length, rule.timespanMs)) return undefined;
    return { rule, group, count: rule.rules.length, fromMs: entry.timeMs, toMs: entry.timeMs };
  }
  const found = windowWith(entries, entry.timeMs, rule.timespanMs, (from, to) => {
    count = countOf(rule, entries, from, to);
    return meets(count, rule.bounds);
  });
  if (found === undefined) return undefined;
  return { rule, group, count, fromMs: entries[found.from]?.timeMs ?? 0, toMs: entries[found.to - 1]?.timeMs ?? 0 };
}

function countOf({ type }: CorrelationRule, entries: readonly Entry[], from: number, to: number): number {
  if (type === 'event_count') return to - from;
  const window = entries.slice(from, to);
  if (type === 'value_count') return new Set(window.map(({ value }) => value)).size;
  if (type === 'temporal') return new Set(window.map(({ rule }) => rule)).size;
  const numbers = window.map(({ value }) => Number(value));
  if (type === 'value_min') return Math.min(...numbers);
  if (type === 'value_max') return Math.max(...numbers);
  const sum = numbers.reduce((all, each) => all + each, 0);
  return type === 'value_avg' ? sum / numbers.length : sum;
}
