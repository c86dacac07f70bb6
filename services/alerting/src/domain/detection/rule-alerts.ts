// Hits become alerts: one for each rule and whom it hit, however many events that were.
import { formatInstant } from '../instant.ts';
import { cut, leastFiringMs, type HitSeen, type Rule, type Said, worthSaying } from '../rules/rule.ts';
import { alertNameOf } from './alert-name.ts';
import type { Hit } from './hit.ts';
import { severityOf } from './severity-policy.ts';

/** While it fires. */
export interface RuleAlertState {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly count: number;
  readonly said: Said;
  /** The latest events, so that one that comes again counts once. */
  readonly events: readonly string[];
}

export const ruleAlertsName = 'detection';
const mostEvents = 32;
const mostLabel = 256;

/**
 * The rule that makes alerts of hits.
 *
 *   A1  hits of one rule that are about the same are one alert, which fires for `firesForMs` after the last of them
 *   A2  its severity is that of `severityOf`, and says why if it is less than the rule says
 *   A3  an event that comes again counts once, as long as it is among the last of them
 *   A4  a rule that is there only for correlations, and one that makes alerts of its own, make none here
 */
export function ruleAlerts({ firesForMs }: { firesForMs: number }): Rule<RuleAlertState> {
  const holdMs = Math.max(firesForMs, leastFiringMs);
  return {
    name: ruleAlertsName,
    keepsMs: holdMs,
    keysOf: (event) => (event.about === 'hit' && isAlert(event.hit) && event.hit.rule.kind !== 'built_in' ? [keyOf(event)] : []),
    see(before, _key, event, nowMs) {
      const goesOn = before !== undefined && nowMs < before.untilMs;
      if (event.about !== 'hit') return { state: before ?? nothing, alerts: [] };
      const own = event.hit.events.at(-1) ?? '';
      if (before?.events.includes(own) === true) return { state: before, alerts: [] };
      const count = (goesOn ? before.count : 0) + 1;
      const events = [...(before?.events ?? []), own].slice(-mostEvents);
      const say = worthSaying(goesOn ? before.said : undefined, count, nowMs);
      if (!say && goesOn) return { state: { ...before, count, events }, alerts: [] };
      const state = {
        sinceMs: goesOn ? before.sinceMs : nowMs,
        untilMs: nowMs + Math.max(event.hit.firesForMs ?? holdMs, leastFiringMs),
        count,
        said: { count, atMs: nowMs },
        events,
      };
      const posted = {
        labels: labelsOf(event),
        annotations: annotationsOf(event, count),
        startsAt: formatInstant(state.sinceMs),
        endsAt: formatInstant(state.untilMs),
      };
      return { state, alerts: [{ namespace: event.namespace, posted }] };
    },
  };
}

/** Whether it is told of by itself. */
export const isAlert = ({ rule, candidate = false }: Hit): boolean => rule.raises && !candidate;

const nothing: RuleAlertState = { sinceMs: 0, untilMs: 0, count: 0, said: { count: 0, atMs: 0 }, events: [] };

const isDisputed = ({ hit, disputed }: HitSeen): boolean => disputed?.has(hit.rule.id) === true;

function keyOf(event: HitSeen): string {
  const { namespace, hit } = event;
  const { rule, entities } = hit;
  const { severity } = severityOf(rule, isDisputed(event));
  return [namespace, rule.id, severity, JSON.stringify(Object.entries(entities).toSorted(([a], [b]) => (a < b ? -1 : 1)))].join(
    ' ',
  );
}

const ownLabels = new Set(['alertname', 'tmws_source', 'severity', 'rule_id', 'rule_kind']);
const mostEntities = 6;

function labelsOf(event: HitSeen): Record<string, string> {
  const { rule, entities } = event.hit;
  const about = Object.entries(entities)
    .map(([name, value]) => [labelName(name), cut(value, mostLabel)] as const)
    .slice(0, mostEntities);
  return {
    ...Object.fromEntries(about),
    alertname: alertNameOf(rule.title),
    tmws_source: 'detection',
    severity: severityOf(rule, isDisputed(event)).severity,
    rule_id: cut(rule.id, mostLabel),
    rule_kind: rule.kind,
  };
}

/** Fields of events may be called anything; labels that receivers write templates for are names of one word. */
function labelName(field: string): string {
  const name = field.replace(/[^\p{L}\p{N}_]+/gu, '_').slice(0, 64);
  return ownLabels.has(name) || !/^[\p{L}_]/u.test(name) ? `by_${name}` : name;
}

function annotationsOf(event: HitSeen, count: number): Record<string, string> {
  const { hit, source, id, type, atMs } = event;
  const { rule, entities, fields, counted } = hit;
  const { reason } = severityOf(rule, isDisputed(event));
  const who = whoText(entities);
  const times = count === 1 ? '' : `, ${count} times`;
  const what = counted === undefined ? '' : `: ${counted}`;
  const matched = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  return {
    summary: cut(`${rule.title}${what}${who === '' ? '' : ` (${who})`}${times}`, 1000),
    ...texts({
      description: rule.description,
      level: rule.level,
      severity_reason: reason,
      tags: rule.tags.join(', '),
      false_positives: rule.falsePositives.join('; '),
      fields: matched.join('\n'),
    }),
    count: String(count),
    event_id: cut(id, 256),
    event_source: cut(source, 256),
    event_type: cut(type, 256),
    event_time: formatInstant(atMs),
    rule_file: cut(rule.source, 500),
  };
}

const texts = (given: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(given).flatMap(([name, text]) => (text === '' ? [] : [[name, cut(text, 4000)]])));

/** `user ann, host web-1` */
export const whoText = (entities: Readonly<Record<string, string>>): string =>
  Object.entries(entities)
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${value}`)
    .join(', ');
