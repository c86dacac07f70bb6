// An alert: one label set that fires from one time to another. What arrives is checked and timed here, and merged with what is known.
import { fingerprintOf } from './fingerprint.ts';
import { parseInstant } from './instant.ts';
import { labelFaults, type LabelLimits, type LabelSet, type NameMode, withoutEmpty } from './label-set.ts';

export interface Alert {
  readonly fingerprint: string;
  readonly labels: LabelSet;
  readonly annotations: LabelSet;
  readonly startsAtMs: number;
  /** Resolved from then on, unless it is sent again. */
  readonly endsAtMs: number;
  /** When it last arrived. */
  readonly updatedAtMs: number;
  /** True if nobody gave an end: `endsAtMs` is then the arrival plus `resolve_timeout`. */
  readonly timeout: boolean;
  readonly generatorUrl: string;
}

/** An alert as a client posts it. Times are RFC 3339; absent, empty and year 1 mean "not given". */
export interface PostedAlert {
  readonly labels: LabelSet;
  readonly annotations?: LabelSet | undefined;
  readonly startsAt?: string | undefined;
  readonly endsAt?: string | undefined;
  readonly generatorURL?: string | undefined;
}

export interface AlertRules {
  readonly resolveTimeoutMs: number;
  readonly names: NameMode;
  readonly limits: LabelLimits;
}

/** A posted alert that cannot be taken: its place in the request, and every reason. */
export interface AlertFault {
  readonly index: number;
  readonly reasons: readonly string[];
}

export const isResolved = (alert: Pick<Alert, 'endsAtMs'>, nowMs: number): boolean => alert.endsAtMs <= nowMs;

/**
 * The valid ones of a request, and what is wrong with the others.
 *
 *   A1  every posted alert is in exactly one of the two
 *   A2  labels of an empty value are removed before anything else; what then has no label is invalid
 *   A3  no start: the end if that is given, else now. No end: now + `resolveTimeoutMs`, and `timeout` is true
 *   A4  a start after the end is invalid
 *
 * Source: the behaviour of Alertmanager's `POST /api/v2/alerts`. It refuses the whole request for a malformed time; here only that alert.
 */
export function acceptAlerts(
  posted: readonly PostedAlert[],
  rules: AlertRules,
  nowMs: number,
): { alerts: Alert[]; faults: AlertFault[] } {
  const alerts: Alert[] = [];
  const faults: AlertFault[] = [];
  posted.forEach((each, index) => {
    const accepted = acceptAlert(each, rules, nowMs);
    if (Array.isArray(accepted)) faults.push({ index, reasons: accepted });
    else alerts.push(accepted);
  });
  return { alerts, faults };
}

function acceptAlert(posted: PostedAlert, rules: AlertRules, nowMs: number): Alert | string[] {
  const labels = withoutEmpty(posted.labels);
  const annotations = posted.annotations ?? {};
  const [start, end] = [parseInstant(posted.startsAt ?? ''), parseInstant(posted.endsAt ?? '')];
  const reasons = [
    ...(Object.keys(labels).length === 0 ? ['at least one label pair required: an alert is known by its labels'] : []),
    ...labelFaults(labels, 'label', rules.names, rules.limits),
    ...labelFaults(annotations, 'annotation', rules.names, rules.limits),
    ...timeFault('startsAt', posted.startsAt, start),
    ...timeFault('endsAt', posted.endsAt, end),
  ];
  const timeout = end === 'absent';
  const endsAtMs = typeof end === 'number' ? end : nowMs + rules.resolveTimeoutMs;
  const startsAtMs = typeof start === 'number' ? start : typeof end === 'number' ? end : nowMs;
  if (reasons.length === 0 && startsAtMs > endsAtMs) {
    reasons.push(
      `start time must be before end time (startsAt ${posted.startsAt ?? 'now'}, endsAt ${posted.endsAt ?? 'not given'})`,
    );
  }
  if (reasons.length > 0) return reasons;
  return {
    fingerprint: fingerprintOf(labels),
    labels,
    annotations,
    startsAtMs,
    endsAtMs,
    updatedAtMs: nowMs,
    timeout,
    generatorUrl: posted.generatorURL ?? '',
  };
}

const timeFault = (field: string, text: string | undefined, read: number | 'absent' | undefined): string[] =>
  read === undefined
    ? [`${field} must be RFC 3339 of the years 1 to 9999, like "2026-01-31T12:00:00Z" (got "${(text ?? '').slice(0, 64)}")`]
    : [];

/** What arrived amounts to, beside what was known of the label set. */
export interface Merged {
  readonly alert: Alert;
  /** `new`: another interval than the known one, so another occurrence; `same`: the known one goes on, or is told again. */
  readonly occurrence: 'new' | 'same';
}

/**
 * What is known of a label set once `next` has arrived. Both have the same fingerprint.
 *
 *   M1  intervals that overlap are one: it starts at the earlier start; annotations and generator are those that arrived last
 *   M2  both resolved by `nowMs`: the later end holds
 *   M3  an end somebody gave beats an earlier one; one made by a timeout does not
 *   M4  intervals that do not overlap: `next` stands alone, as a new occurrence
 *
 * Source: the behaviours of Alertmanager's acceptance tests MergeAlerts and MergeAlertsWithEndsAt.
 */
export function mergeAlert(known: Alert | undefined, next: Alert, nowMs: number): Merged {
  if (known === undefined) return { alert: next, occurrence: 'new' };
  if (!overlaps(known, next)) return { alert: next, occurrence: 'new' };
  const [older, younger] = next.updatedAtMs < known.updatedAtMs ? [next, known] : [known, next];
  const startsAtMs = Math.min(older.startsAtMs, younger.startsAtMs);
  const keepsOlderEnd =
    older.endsAtMs > younger.endsAtMs && (isResolved(younger, nowMs) ? isResolved(older, nowMs) : !older.timeout);
  const end = keepsOlderEnd ? older : younger;
  return { alert: { ...younger, startsAtMs, endsAtMs: end.endsAtMs, timeout: end.timeout }, occurrence: 'same' };
}

/** Instants in common; an interval without length overlaps one it lies in or at the end of. */
const overlaps = (a: Alert, b: Alert): boolean =>
  (a.startsAtMs < b.endsAtMs && b.startsAtMs < a.endsAtMs) || touches(a, b) || touches(b, a);

const touches = (point: Alert, span: Alert): boolean =>
  point.startsAtMs === point.endsAtMs && span.startsAtMs <= point.startsAtMs && point.endsAtMs <= span.endsAtMs;
