// The cases that rules ship, run once a set of rules is in force: slowly, beside everything else.
import { atrCases, runAtrCases, runCases, type CaseResult } from '@tmws/detection';
import type { AtrPart, DetectionRules } from '../domain/detection/rule-set.ts';

export interface RuleCases {
  readonly count: number;
  /** Those that did not come out as they say. */
  readonly failed: readonly string[];
}

/** By rule. Cases of agents' rules that were run already are not run again. */
export interface RanCases {
  readonly atr: AtrPart;
  readonly atrCases: ReadonlyMap<string, RuleCases>;
  readonly cases: ReadonlyMap<string, RuleCases>;
}

/**
 * Runs all cases of a set.
 *
 * @param pause  awaited after each rule
 * @param over   whether the set is no longer in force: what is left is not run
 */
export async function runRuleCases(
  { set, atr }: { readonly set: DetectionRules; readonly atr: AtrPart },
  before: RanCases | undefined,
  pause: () => Promise<void>,
  over: () => boolean,
): Promise<RanCases> {
  const cases = new Map<string, RuleCases>();
  const of = {
    rules: set.sigmaRules.filter((rule) => rule.kind === 'rule'),
    correlations: set.correlations,
    presets: set.presets,
  };
  for (const rule of [...of.rules, ...of.correlations, ...of.presets]) {
    if (over()) break;
    if (rule.tests.length === 0) continue;
    await pause();
    cases.set(set.runningOf(rule).id, { count: rule.tests.length, failed: failedOf(() => runCases(of, rule, rule.tests)) });
  }
  if (before?.atr === atr) return { ...before, cases };
  const ofAgents = new Map<string, RuleCases>();
  for (const rule of atr.rules) {
    if (over()) break;
    const given = atrCases(atr.documents.get(rule.source));
    if (given.length === 0) continue;
    await pause();
    ofAgents.set(set.runningOf(rule).id, { count: given.length, failed: failedOf(() => runAtrCases(rule, given)) });
  }
  return { atr, atrCases: ofAgents, cases };
}

function failedOf(run: () => readonly CaseResult[]): string[] {
  try {
    return run().flatMap(({ name, passed, expected, got }) =>
      passed ? [] : [`${name}: matched ${got} times, and it says ${String(expected)}`],
    );
  } catch (error) {
    return [`the cases cannot be run: ${Error.isError(error) ? error.message : String(error)}`];
  }
}
