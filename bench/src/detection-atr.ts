import { strict as assert } from 'node:assert';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { atrDetector, type AtrEvent, readAtrRules } from '@tmws/detection';
import { type AtrCase, casesOf, type RawRule } from './detection-cases.ts';
import { cpuSeconds, perCpuSecond } from './detection-cpu.ts';

/** The engine of the package, as far as it is asked here. */
interface TheirEngine {
  readonly loadRules: () => Promise<number>;
  readonly evaluate: (event: AtrEvent & { timestamp: string }) => readonly { rule: { id: string } }[];
}
type TheirEngineClass = new (config: { rules: readonly unknown[]; rulesDir: string }) => TheirEngine;

/** How many cases are asked of their engine with all rules; it is slow. */
const wholeSample = 150;

/** Every labelled case by its own rule in both engines, a sample by all rules in both, and both speeds. */
export async function atrFigures(folder: string): Promise<Record<string, number>> {
  const { loadRuleFile } = (await theirModule(folder, 'loader')) as { loadRuleFile: (file: string) => RawRule };
  const { ATREngine } = (await theirModule(folder, 'index')) as { ATREngine: TheirEngineClass };
  const raw = await rulesUnder(join(folder, 'rules'), loadRuleFile);
  const { rules, refused } = readAtrRules(raw.map(({ source, rule }) => ({ source, document: rule })));
  for (const { source, faults } of refused) console.log(`refused  ${source}: ${faults.map(({ message }) => message).join('; ')}`);
  const engines = new Map<string, number>();
  for (const { id, conditions } of rules) {
    for (const condition of conditions) {
      if (condition.how !== 'regex') continue;
      engines.set(condition.regex.engine, (engines.get(condition.regex.engine) ?? 0) + 1);
      if (condition.regex.engine === 'v8')
        console.log(`v8       ${id} has a back-reference: JavaScript's engine, on texts up to 4,096 characters`);
    }
  }
  const cases = raw.flatMap(({ rule }) => casesOf(rule));
  const own = await byOwnRule(
    raw.map(({ rule }) => rule),
    cases,
    ATREngine,
  );

  const detector = atrDetector(rules);
  const theirs = new ATREngine({ rules: raw.map(({ rule }) => rule), rulesDir: join(folder, 'none') });
  await theirs.loadRules();
  const whole = { compared: 0, differing: 0 };
  let theirSeconds = 0;
  for (const { event, rule } of cases.filter((_, i) => i % Math.ceil(cases.length / wholeSample) === 0)) {
    const before = cpuSeconds();
    const expected = new Set(theirs.evaluate({ ...event, timestamp: '' }).map((match) => match.rule.id));
    theirSeconds += cpuSeconds() - before;
    const found = new Set(detector.detect(event).map(({ id }) => id));
    const differing = [...expected.symmetricDifference(found)].filter((id) => rules.some((each) => each.id === id));
    whole.compared += 1;
    if (differing.length > 0) whole.differing += 1;
    for (const id of differing)
      console.log(`differs  ${id} on a case of ${rule.id}: theirs ${String(expected.has(id))}, ours ${String(found.has(id))}`);
  }
  const steps = cases.map(
    ({ event }) =>
      () =>
        void detector.detect(event),
  );
  perCpuSecond(steps, 1);
  return {
    atr_rules: raw.length,
    atr_loaded: rules.length,
    atr_refused: refused.length,
    atr_conditions_re2: engines.get('re2') ?? 0,
    atr_conditions_states: engines.get('states') ?? 0,
    atr_conditions_v8: engines.get('v8') ?? 0,
    ...own,
    atr_cases_by_all_rules: whole.compared,
    atr_cases_by_all_rules_differing: whole.differing,
    atr_events_per_cpu_second: perCpuSecond(steps, 5),
    atr_peer_events_per_cpu_second: whole.compared / theirSeconds,
  };
}

async function theirModule(folder: string, name: string): Promise<unknown> {
  return (await import(pathToFileURL(join(folder, 'dist', `${name}.js`)).href)) as unknown;
}

/** As their own loader reads them. */
async function rulesUnder(folder: string, loadRuleFile: (file: string) => RawRule): Promise<{ source: string; rule: RawRule }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  const read: { source: string; rule: RawRule }[] = [];
  for (const file of files.sort()) read.push({ source: relative(folder, file), rule: loadRuleFile(file) });
  assert.ok(read.length > 0, `there are no rules under ${folder}`);
  return read;
}

/** Each case by the rule that it is a case of, drafts and deprecated rules too, as the package's own `atr test` does. */
async function byOwnRule(
  raw: readonly RawRule[],
  cases: readonly AtrCase[],
  Engine: TheirEngineClass,
): Promise<Record<string, number>> {
  const figures = {
    atr_cases: 0,
    atr_cases_differing: 0,
    atr_cases_of_refused_rules: 0,
    atr_recall: 0,
    atr_peer_recall: 0,
    atr_false: 0,
    atr_peer_false: 0,
  };
  const positives = cases.filter(({ positive }) => positive).length;
  for (const rule of raw) {
    const { rules } = readAtrRules([{ source: rule.id, document: rule }], { refuseStatuses: [] });
    const mine = cases.filter((each) => each.rule === rule);
    const theirs = new Engine({ rules: [{ ...rule, status: 'experimental' }], rulesDir: 'none' });
    await theirs.loadRules();
    const detector = atrDetector(rules);
    for (const { event, positive } of mine) {
      const expected = theirs.evaluate({ ...event, timestamp: '' }).length > 0;
      const found = detector.detect(event).length > 0;
      figures.atr_cases += 1;
      if (rules.length === 0) figures.atr_cases_of_refused_rules += 1;
      if (expected !== found) {
        figures.atr_cases_differing += 1;
        console.log(
          `differs  ${rule.id} on a case of its own: theirs ${String(expected)}, ours ${String(found)}${rules.length === 0 ? ' (refused)' : ''}`,
        );
      }
      if (found) figures[positive ? 'atr_recall' : 'atr_false'] += 1;
      if (expected) figures[positive ? 'atr_peer_recall' : 'atr_peer_false'] += 1;
    }
  }
  return { ...figures, atr_recall: figures.atr_recall / positives, atr_peer_recall: figures.atr_peer_recall / positives };
}
