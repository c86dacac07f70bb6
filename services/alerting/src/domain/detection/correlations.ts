// Correlations as rules with state by key: what an event that met a rule completes is a hit of the correlation.
import { correlate, type CorrelationRule, type CorrelationState, correlationLimits, correlationSteps } from '@tmws/detection';
import { createHash } from 'node:crypto';
import { formatPrometheusDuration } from '../prometheus-duration.ts';
import type { HitSeen, Rule } from '../rules/rule.ts';
import type { Hit, RunningRule } from './hit.ts';
import { entitiesIn } from './observed-event.ts';

/** What is kept of a group: the correlation's own, and the names of its latest events. */
interface GroupState {
  readonly state: CorrelationState;
  readonly seen: readonly string[];
}

export const correlationPrefix = 'correlation ';
const mostEvents = 32;
/** Events kept for a group whose bounds do not let any be forgotten. */
const limits = { ...correlationLimits, events: 2_000 };

/**
 * A correlation as a rule. Its name changes with what it counts, so that a changed correlation counts anew and any other goes on.
 *
 * @param all  every correlation of the set
 */
export function correlating(rule: CorrelationRule, running: RunningRule): Rule<GroupState> {
  const stepsOf = ({ hit: { met, candidate } }: HitSeen) =>
    met === undefined || candidate === true ? [] : correlationSteps([rule], met.rule, met.view);
  return {
    name: `${correlationPrefix}${running.id} ${digestOf(rule)}`,
    keepsMs: (1 + limits.lateness) * rule.timespanMs + 60_000,
    keysOf: (event) => (event.about === 'hit' ? stepsOf(event).map(({ key }) => keyIn(event.namespace, key)) : []),
    see(before, key, event) {
      if (event.about !== 'hit') return { state: before ?? empty, alerts: [] };
      const { hit, namespace, atMs } = event;
      const step = stepsOf(event).find((each) => keyIn(namespace, each.key) === key);
      if (step === undefined) return { state: before ?? empty, alerts: [] };
      const own = countedAs(step.entry.rule, hit.events.at(-1) ?? '');
      // An event that is on the log twice counts once.
      if (before?.seen.includes(own) === true) return { state: before, alerts: [] };
      const { state, completed, lost } = correlate(step, before?.state, atMs, limits);
      const seen = [...(before?.seen ?? []), own].slice(-mostEvents);
      const kept = { state, seen };
      const missed = lost === undefined ? {} : { lost: lost.late + lost.events };
      if (completed === undefined) return { state: kept, alerts: [], ...missed };
      const correlated: Hit = {
        rule: running,
        entities: entitiesIn(completed.group),
        fields: completed.group,
        events: [...new Set(seen.map((each) => each.slice(each.indexOf(' ') + 1)))],
        counted: wordsOf(rule, completed.count),
        ...(hit.met !== undefined && { met: { rule, view: hit.met.view } }),
      };
      return { state: kept, alerts: [], then: [{ ...event, hit: correlated }], ...missed };
    },
  };
}

const empty: GroupState = { state: { latestMs: 0, entries: [] }, seen: [] };

const keyIn = (namespace: string, key: string): string => `${namespace} ${key}`;

/** Which of its rules an event met: one event may count for several, for each once. */
const countedAs = (rule: number, event: string): string => `${rule} ${event}`;

function wordsOf({ type, timespanMs, rules }: CorrelationRule, count: number): string {
  const within = `within ${formatPrometheusDuration(timespanMs)}`;
  if (type === 'event_count') return `${count} events ${within}`;
  if (type === 'value_count') return `${count} different values ${within}`;
  if (type === 'temporal') return `${count} of ${rules.length} rules ${within}`;
  if (type === 'temporal_ordered') return `${rules.length} rules one after the other ${within}`;
  return `${type.slice('value_'.length)} ${count} ${within}`;
}

function digestOf({ type, rules, groupBy, timespanMs, bounds, valueFields, aliases }: CorrelationRule): string {
  const counted = JSON.stringify([type, rules, groupBy, timespanMs, bounds, valueFields, aliases]);
  return createHash('sha256').update(counted).digest('hex').slice(0, 12);
}
