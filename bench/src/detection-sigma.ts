import { strict as assert } from 'node:assert';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { faultText, readRules, recordedCases, type RuleText, sigmaDetector, sigmaView } from '@tmws/detection';
import { perCpuSecond } from './detection-cpu.ts';

interface Recorded {
  /** The rule beside which it lies. */
  readonly source: string;
  readonly event: unknown;
}

/** Every rule under the folder is read; those with recorded events beside them must match one of these. */
export async function sigmaFigures(data: string): Promise<Record<string, number>> {
  const entries = await readdir(data, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts: RuleText[] = [];
  const cases: RuleText[] = [];
  for (const file of files.filter((each) => /\.(ya?ml|jsonl?)$/i.test(each)).sort()) {
    const into = /(^info\.ya?ml|\.jsonl?)$/i.test(basename(file)) ? cases : texts;
    into.push({ source: relative(data, file), text: await readFile(file, 'utf8') });
  }

  const { rules, correlations, refused } = readRules(texts);
  const told = recordedCases(cases);
  for (const { source, message } of told.faults) console.log(`no events  ${source}: ${message}`);
  // Events are of the rules that an info.yml names by id; without one, of the rule beside which they lie.
  const recorded = told.cases
    .filter(({ expected }) => expected !== false)
    .flatMap(({ ruleId, folder, events }): Recorded[] => {
      const rule = rules.find(({ id, source }) => (ruleId === undefined ? dirname(source) === (folder || '.') : id === ruleId));
      return rule === undefined ? [] : events.map(({ event }) => ({ source: rule.source, event }));
    });
  for (const { source, faults } of refused) for (const fault of faults) console.log(`refused  ${faultText(source, fault)}`);
  const detector = sigmaDetector(rules);
  const withEvents = new Set(recorded.map(({ source }) => source));
  const matched = new Set<string>();
  const others = new Map<string, Set<string>>();
  for (const { source, event } of recorded) {
    const view = sigmaView(event);
    const found = detector.detect(view).map((rule) => rule.source);
    // The automaton keeps nothing away that would match.
    const asked = rules.filter(
      ({ logsource, predicate }) =>
        predicate.test(view) && sigmaDetector([{ ...rules[0]!, logsource, predicate }]).detect(view).length > 0,
    );
    assert.deepEqual(
      found,
      asked.map((rule) => rule.source),
    );
    for (const rule of found) {
      if (rule === source) matched.add(rule);
      else (others.get(rule) ?? others.set(rule, new Set()).get(rule))?.add(source);
    }
  }
  for (const source of withEvents) if (!matched.has(source)) console.log(`no match of its own event  ${source}`);
  for (const [rule, events] of others) console.log(`also     ${rule} matches the events of ${[...events].join(', ')}`);
  assert.ok(refused.every(({ faults }) => faults.length > 0 && faults.every(({ message }) => message !== '')));

  const steps = recorded.map(
    ({ event }) =>
      () =>
        void detector.detect(sigmaView(event)),
  );
  perCpuSecond(steps, 0.5);
  return {
    sigma_rules: texts.length,
    sigma_loaded: rules.length + correlations.length,
    sigma_refused: refused.length,
    sigma_rules_with_events: withEvents.size,
    sigma_rules_matching_their_event: matched.size,
    sigma_events: recorded.length,
    sigma_matches_of_others_events: [...others.values()].reduce((sum, events) => sum + events.size, 0),
    sigma_events_per_cpu_second: perCpuSecond(steps, 3),
  };
}
