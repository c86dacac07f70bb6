import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type CaseFault, type CaseResult, faultText, type RuleReport, type TestedRules, testRules } from '@tmws/detection';
import type { Context } from '../context.ts';
import { exitCodes, Failure } from '../failure.ts';
import { painter } from '../paint.ts';
import { printable } from '../text-width.ts';

export interface RuleTestOptions {
  /** Rules without a case are no failure. */
  readonly allowUntested?: boolean;
}

const rulesAndEvents = /\.(ya?ml|jsonl?)$/i;

/**
 * `tmws rule test PATH…`: runs the cases that rules ship, here, without a server.
 *
 * @returns failed unless every case passed, no rule was refused, and (unless allowed) every rule has a case
 */
export async function ruleTest(
  context: Context,
  paths: readonly string[],
  { allowUntested = false }: RuleTestOptions,
): Promise<number> {
  const { terminal, format } = context;
  const found = (await Promise.all(paths.map((path) => filesAt(terminal.cwd, path)))).flat();
  const files = found.flatMap(({ text, ...file }) => (text === undefined ? [] : [{ ...file, text }]));
  const ran = testRules([...new Map(files.map((file) => [file.source, file])).values()]);
  const tested = { ...ran, faults: [...found.flatMap(({ fault }) => (fault === undefined ? [] : [fault])), ...ran.faults] };
  if (tested.rules.length === 0)
    throw Failure.of('invalid', `there are no rules in ${paths.join(', ')}`, 'rules are *.yml and *.yaml files', exitCodes.usage);
  const counts = countsOf(tested);
  const unreadable = tested.faults.some(({ kind }) => kind === 'unreadable');
  const passed = counts.failed === 0 && counts.refused === 0 && !unreadable && (allowUntested || counts.untested === 0);
  if (format === 'json') await terminal.print(`${JSON.stringify({ passed, ...counts, ...tested }, null, 2)}\n`);
  else if (format === 'jsonl') await terminal.print(tested.rules.map((rule) => `${JSON.stringify(rule)}\n`).join(''));
  else await printReports(context, tested);
  for (const { source, message } of tested.faults) terminal.tell(`${source}: ${message}\n`);
  if (format !== 'json') terminal.tell(summary(counts, allowUntested));
  return passed ? exitCodes.done : exitCodes.failed;
}

interface FoundFile {
  readonly source: string;
  readonly text?: string;
  readonly fault?: CaseFault;
}

async function filesAt(cwd: string, path: string): Promise<FoundFile[]> {
  const at = resolve(cwd, path);
  let found;
  try {
    found = await stat(at);
  } catch (error) {
    throw Failure.of('not_found', `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
  if (!found.isDirectory()) return fileAt(at, slashed(path));
  const entries = await readdir(at, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && rulesAndEvents.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(at.length + 1))
    .filter((name) => !/(^|[\\/])(node_modules|\.[^\\/]+)([\\/]|$)/.test(name));
  return (await Promise.all(names.sort().map((name) => fileAt(join(at, name), slashed(join(path, name)))))).flat();
}

/** One that cannot be read is a fault, and the others are tested; a link to a folder is nothing. */
async function fileAt(at: string, source: string): Promise<FoundFile[]> {
  try {
    return [{ source, text: await readFile(at, 'utf8') }];
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    if (code === 'EISDIR') return [];
    return [{ source, fault: { kind: 'unreadable', source, message: `the file cannot be read (${code})` } }];
  }
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/').replace(/^\.\//, '');
}

interface Counts {
  readonly ok: number;
  readonly failed: number;
  readonly refused: number;
  readonly untested: number;
  readonly cases: number;
}

function countsOf({ rules }: TestedRules): Counts {
  const of = (outcome: RuleReport['outcome']): number => rules.filter((rule) => rule.outcome === outcome).length;
  const cases = rules.reduce((sum, rule) => sum + rule.cases.length, 0);
  return { ok: of('ok'), failed: of('failed'), refused: of('refused'), untested: of('untested'), cases };
}

async function printReports({ terminal }: Context, { rules }: TestedRules): Promise<void> {
  const paint = painter(terminal.color);
  const words = {
    ok: paint('ok', 'green'),
    failed: paint('FAILED', 'red'),
    refused: paint('refused', 'red'),
    untested: 'no cases',
  };
  for (const rule of rules) {
    const word = words[rule.outcome];
    if (rule.outcome === 'refused') {
      for (const fault of rule.faults) await terminal.print(`${word}  ${printable(faultText(rule.source, fault))}\n`);
      continue;
    }
    const many = rule.testedBy === undefined ? '' : `  (by the cases of ${rule.testedBy})`;
    const count = rule.cases.length === 0 ? many : `  (${rule.cases.length} ${rule.cases.length === 1 ? 'case' : 'cases'})`;
    await terminal.print(`${word}  ${printable(`${rule.source}  ${rule.title ?? ''}${count}`)}\n`);
    for (const each of rule.cases) if (!each.passed) await terminal.print(`    ${printable(failedText(each))}\n`);
  }
}

function failedText({ name, expected, got, at }: CaseResult): string {
  const wanted = typeof expected === 'number' ? times(expected) : expected ? 'a match' : 'no match';
  const places = at.slice(0, 5).map((event) => (event === 0 ? 'in silence' : `event ${event}`));
  const where = places.length === 0 ? '' : ` (${places.join(', ')}${at.length > places.length ? ', …' : ''})`;
  return `${name}: expected ${wanted}, got ${got === 0 ? 'none' : times(got)}${where}`;
}

function times(count: number): string {
  return `${count} ${count === 1 ? 'match' : 'matches'}`;
}

function summary({ ok, failed, refused, untested, cases }: Counts, allowUntested: boolean): string {
  const rules = ok + failed + refused + untested;
  const line = `${rules} rules, ${cases} cases: ${ok} ok, ${failed} failed, ${refused} refused, ${untested} without cases\n`;
  return untested === 0 || allowUntested ? line : `${line}  hint: every rule ships a case; --allow-untested lets them pass\n`;
}
