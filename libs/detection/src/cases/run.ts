// Cases of a rule, run: by the rule alone, or for a correlation by all rules it is about.
import { correlatorOf } from '../correlation/correlator.ts';
import type { CorrelationRule } from '../correlation/rule.ts';
import type { EventView } from '../event/event-view.ts';
import type { PresetRule } from '../presets/rule.ts';
import type { PresetState } from '../presets/state.ts';
import { presetSteps } from '../presets/steps.ts';
import { takePreset, tickPreset } from '../presets/take.ts';
import type { RuleSet } from '../sigma/collection.ts';
import { sigmaDetector, sigmaView } from '../sigma/detector.ts';
import { isNamed } from '../sigma/filter.ts';
import type { RuleHeader, SigmaRule } from '../sigma/rule.ts';
import type { RuleCase } from './rule-case.ts';

export interface CaseResult {
  readonly name: string;
  readonly passed: boolean;
  readonly expected: boolean | number;
  /** How often the rule matched. */
  readonly got: number;
  /** Which of the events it matched at, from 1; 0 = silence. */
  readonly at: readonly number[];
}

export type RunnableRule = SigmaRule | CorrelationRule | PresetRule;

export interface CaseOptions {
  /** How events are seen; as Sigma rules see them unless told otherwise. */
  readonly view?: (event: unknown) => EventView;
}

/** What comes of each case. A state begins anew with each. */
export function runCases(
  set: Pick<RuleSet, 'rules' | 'correlations' | 'presets'>,
  rule: RunnableRule,
  cases: readonly RuleCase[],
  { view = sigmaView }: CaseOptions = {},
): CaseResult[] {
  const about = neededBy(set, rule);
  const detector = sigmaDetector([...about.rules, ...about.presets]);
  return cases.map(({ name, events, expected, orMore = false, untilMs }) => {
    const correlator = correlatorOf(about.correlations);
    const watched = presetsOf(about.presets);
    const at: number[] = [];
    const found = (met: RuleHeader, event: EventView, timeMs: number, index: number): void => {
      if (met === rule) at.push(index);
      for (const completed of correlator.observe(met, event, timeMs)) if (completed.rule === rule) at.push(index);
    };
    watched.tick(events[0]?.timeMs ?? untilMs ?? 0);
    for (const [index, { event, timeMs }] of events.entries()) {
      const seen = view(event);
      for (const met of detector.detect(seen)) {
        if (met.kind === 'rule') found(met, seen, timeMs, index + 1);
        else for (const hit of watched.see(met, seen, timeMs)) found(hit, seen, timeMs, index + 1);
      }
    }
    if (untilMs !== undefined) for (const hit of watched.tick(untilMs)) if (hit === rule) at.push(0);
    const got = at.length;
    const right = typeof expected === 'boolean' ? got > 0 === expected : orMore ? got >= expected : got === expected;
    return { name, expected, got, at, passed: right };
  });
}

/** The presets and their groups, in memory. */
function presetsOf(presets: readonly PresetRule[]) {
  const states = new Map(presets.map((preset) => [preset, new Map<string, PresetState>()]));
  const keep = (groups: Map<string, PresetState>, key: string, state: PresetState | undefined): void => {
    if (state === undefined) groups.delete(key);
    else groups.set(key, state);
  };
  return {
    see(preset: PresetRule, event: EventView, timeMs: number): PresetRule[] {
      const groups = states.get(preset) ?? new Map<string, PresetState>();
      return presetSteps(preset, event).flatMap((step) => {
        const { state, hit } = takePreset(step, groups.get(step.key), timeMs);
        keep(groups, step.key, state);
        return hit === undefined ? [] : [preset];
      });
    },
    tick: (nowMs: number): PresetRule[] =>
      presets.flatMap((preset) => {
        const groups = states.get(preset) ?? new Map<string, PresetState>();
        const keys = new Set([...groups.keys(), ...(preset.ticks && preset.queryKey.length === 0 ? ['[]'] : [])]);
        return [...keys].flatMap((key) => {
          const { state, hit } = tickPreset(preset, groups.get(key), nowMs);
          keep(groups, key, state);
          return hit === undefined ? [] : [preset];
        });
      }),
  };
}

/** The rule, and those it refers to by whatever way. */
function neededBy(
  { rules, correlations, presets }: Pick<RuleSet, 'rules' | 'correlations' | 'presets'>,
  rule: RunnableRule,
): { rules: SigmaRule[]; correlations: CorrelationRule[]; presets: PresetRule[] } {
  const needed = new Set<RunnableRule>();
  const add = (each: RunnableRule): void => {
    if (needed.has(each)) return;
    needed.add(each);
    if (each.kind !== 'correlation') return;
    for (const other of [...rules, ...correlations, ...presets])
      if (each.rules.some((reference) => isNamed(other, reference))) add(other);
  };
  add(rule);
  return {
    rules: rules.filter((each) => needed.has(each)),
    correlations: correlations.filter((each) => needed.has(each)),
    presets: presets.filter((each) => needed.has(each)),
  };
}
