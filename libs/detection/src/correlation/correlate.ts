// One correlation and one group as a state machine whose state is data: it may be kept anywhere, and goes on wherever it is read
// again. No clock: time is that of the events.
import type { EventView } from '../event/event-view.ts';
import type { RuleHeader } from '../sigma/rule.ts';
import { isNamed } from '../sigma/filter.ts';
import { type Bounds, type CorrelationRule, meets } from './rule.ts';
import { shortKey } from './short-key.ts';
import { thinned } from './thin.ts';
import { type Entry, insert, orderedAround, placeAt, windowWith } from './windows.ts';

/** What is kept of a group; JSON. */
export interface CorrelationState {
  /** Of the latest event, forgotten ones too. */
  readonly latestMs: number;
  /** By time. */
  readonly entries: readonly Entry[];
}

export interface CorrelationLimits {
  /** Groups kept for one correlation; the one that was not touched for longest goes first. */
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
  /** The count or value that kept the bounds. Where there are only lower bounds it may be less than all there were, not than the bound. */
  readonly count: number;
  /** The window's first and last event. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** What an event that met a rule means to a correlation. */
export interface CorrelationStep {
  readonly correlation: CorrelationRule;
  /** The group among those of the correlation; at most 200 characters. */
  readonly key: string;
  readonly group: Readonly<Record<string, string>>;
  readonly entry: Omit<Entry, 'timeMs'>;
  /** What completing it means to the correlations above. */
  readonly feeds: readonly CorrelationStep[];
}

/**
 * What an event that met a rule means to which correlations: all keys that may be read or written are known before any is.
 *   C3  an event without a field of group-by, or of value_count, is of no group and not counted
 */
export function correlationSteps(
  correlations: readonly CorrelationRule[],
  met: RuleHeader,
  event: EventView,
): readonly CorrelationStep[] {
  return correlations.flatMap((correlation) => {
    const index = correlation.rules.findIndex((reference) => isNamed(met, reference));
    const step = index < 0 ? undefined : stepOf(correlation, index, event);
    return step === undefined ? [] : [{ ...step, feeds: correlationSteps(correlations, correlation, event) }];
  });
}

export interface CorrelationTaken {
  readonly state: CorrelationState;
  readonly completed?: Correlated | undefined;
  /** What was not counted: the event itself because it came too late, or so many of the oldest. */
  readonly lost?: { readonly late: number; readonly events: number };
  /** No event at or before this time, and none that comes after it, is looked at together with what the state holds. */
  readonly keepUntilMs: number;
}

/**
 * Takes an event into a group, and says whether that completes the correlation.
 *   C1  a window is any stretch of the timespan (both ends in it); it counts if it holds the event and keeps the bounds
 *   C2  events may come late, up to the lateness; what they complete is the same as if they had come in time
 *   C4  with only lower bounds the state of event_count, value_count and temporal keeps a few times the bound at most, and decides the same
 */
export function correlate(
  { correlation: rule, entry: met, group }: Pick<CorrelationStep, 'correlation' | 'entry' | 'group'>,
  state: CorrelationState | undefined,
  timeMs: number,
  limits: CorrelationLimits = correlationLimits,
): CorrelationTaken {
  const { timespanMs } = rule;
  const latestMs = Math.max(timeMs, state?.latestMs ?? timeMs);
  const oldestMs = latestMs - limits.lateness * timespanMs;
  const keepUntilMs = latestMs + (1 + limits.lateness) * timespanMs;
  if (state !== undefined && timeMs < oldestMs) return { state, lost: { late: 1, events: 0 }, keepUntilMs };
  const entry: Entry = { ...met, timeMs };
  const past = state?.entries ?? [];
  const entries = past.slice(placeAt(past, oldestMs - timespanMs));
  insert(entries, entry);
  const completed = judged(rule, entries, entry, group);
  const kept = forgetting(rule, entries, oldestMs);
  const over = Math.max(0, kept.length - limits.events);
  return {
    state: { latestMs, entries: kept.slice(over) },
    completed,
    ...(over === 0 ? {} : { lost: { late: 0, events: over } }),
    keepUntilMs,
  };
}

/** Without what decides nothing. */
function forgetting(rule: CorrelationRule, entries: readonly Entry[], oldestMs: number): readonly Entry[] {
  const atLeast = leastCount(rule.bounds);
  const thins = rule.type === 'event_count' || rule.type === 'value_count' || rule.type === 'temporal';
  if (!thins || atLeast === undefined) return entries;
  const each = rule.type === 'event_count';
  // The next event is one more: so much must be there beside it. One that counts nothing anew needs all others there.
  const left = Math.max(0, each ? atLeast - 1 : atLeast);
  if (entries.length % Math.max(1, Math.ceil(left / 4)) !== 0) return entries;
  const same = each ? undefined : rule.type === 'temporal' ? (entry: Entry) => entry.rule : (entry: Entry) => entry.value;
  return thinned(entries, { spanMs: rule.timespanMs, oldestMs, left, same });
}

/** The least count that keeps the bounds, if a greater one always keeps them too. */
function leastCount({ gt, gte, ...others }: Bounds): number | undefined {
  if (Object.values(others).some((bound) => (bound as number | undefined) !== undefined)) return undefined;
  return Math.max(gt === undefined ? -Infinity : Math.floor(gt) + 1, gte === undefined ? -Infinity : Math.ceil(gte));
}

function stepOf(correlation: CorrelationRule, index: number, event: EventView): Omit<CorrelationStep, 'feeds'> | undefined {
  const reference = correlation.rules[index] ?? '';
  const read = (name: string): string | undefined => firstText(event, correlation.aliases[name]?.[reference] ?? name);
  const shared = correlation.groupBy.map(read);
  const values = correlation.valueFields.map(read);
  if (!areAll(shared) || !areAll(values)) return undefined;
  const group = Object.fromEntries(correlation.groupBy.map((name, i) => [name, shared[i] ?? '']));
  const step = { correlation, key: shortKey(shared), group };
  if (values.length === 0) return { ...step, entry: { rule: index } };
  if (correlation.type === 'value_count') return { ...step, entry: { rule: index, value: shortKey(values) } };
  const value = values[0]?.trim() === '' ? NaN : Number(values[0]);
  return Number.isFinite(value) ? { ...step, entry: { rule: index, value } } : undefined;
}

/** The first value of a field, as a text. */
export function firstText(event: EventView, field: string): string | undefined {
  return event.field(field)?.find(({ raw }) => raw !== null)?.text;
}

function areAll(texts: readonly (string | undefined)[]): texts is readonly string[] {
  return !texts.includes(undefined);
}

function judged(
  rule: CorrelationRule,
  entries: readonly Entry[],
  entry: Entry,
  group: Readonly<Record<string, string>>,
): Correlated | undefined {
  if (rule.type === 'temporal_ordered') {
    const span = orderedAround(entries, entry, rule.rules.length, rule.timespanMs);
    return span === undefined ? undefined : { rule, group, count: rule.rules.length, ...span };
  }
  let count = 0;
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
