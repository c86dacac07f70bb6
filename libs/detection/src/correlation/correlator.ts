// All correlations and their groups, in memory: events that met a rule go in, correlations that they complete come out.
import type { EventView } from '../event/event-view.ts';
import type { RuleHeader } from '../sigma/rule.ts';
import { isNamed } from '../sigma/filter.ts';
import {
  correlate,
  type Correlated,
  type CorrelationLimits,
  correlationLimits,
  type CorrelationState,
  type CorrelationStep,
  correlationSteps,
} from './correlate.ts';
import type { CorrelationRule } from './rule.ts';

/** What was not counted, and why. */
export interface CorrelatorLosses {
  late: number;
  groups: number;
  events: number;
}

export interface Correlator {
  /** Takes an event that met a rule, and gives what it completes, chained correlations too. C1 to C4 hold. */
  readonly observe: (rule: RuleHeader, event: EventView, timeMs: number) => Correlated[];
  /** Whether the rule is there only for correlations, and raises nothing itself. */
  readonly onlyCorrelated: (rule: RuleHeader) => boolean;
  readonly losses: Readonly<CorrelatorLosses>;
}

/** @param rules those they refer to before them, as `readRules` gives them */
export function correlatorOf(rules: readonly CorrelationRule[], limits: CorrelationLimits = correlationLimits): Correlator {
  const losses: CorrelatorLosses = { late: 0, groups: 0, events: 0 };
  const states = new Map<CorrelationRule, Map<string, CorrelationState>>(rules.map((rule) => [rule, new Map()]));
  const take = (step: CorrelationStep, timeMs: number): Correlated[] => {
    const groups = states.get(step.correlation) as Map<string, CorrelationState>;
    const { state, completed, lost } = correlate(step, groups.get(step.key), timeMs, limits);
    losses.late += lost?.late ?? 0;
    losses.events += lost?.events ?? 0;
    groups.delete(step.key);
    groups.set(step.key, state);
    if (groups.size > limits.groups) {
      groups.delete(groups.keys().next().value ?? '');
      losses.groups += 1;
    }
    // Whatever it completes is an event for the correlations above.
    return completed === undefined ? [] : [completed, ...step.feeds.flatMap((each) => take(each, timeMs))];
  };
  return {
    observe: (met, event, timeMs) => correlationSteps(rules, met, event).flatMap((step) => take(step, timeMs)),
    onlyCorrelated: (met) => onlyCorrelated(rules, met),
    losses,
  };
}

/** Whether a rule is there only for correlations, and raises nothing itself. */
export function onlyCorrelated(correlations: readonly CorrelationRule[], met: RuleHeader): boolean {
  const about = correlations.filter((rule) => rule.rules.some((reference) => isNamed(met, reference)));
  return about.length > 0 && about.every(({ generate }) => !generate);
}
