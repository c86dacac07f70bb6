// Recorded events beside rules: SigmaHQ's regression data (info.yml with rule_metadata and regression_tests_info, events as JSON).
import { isMap } from '../sigma/detection.ts';
import { readDocuments } from '../sigma/documents.ts';
import { jsonValues } from './json-values.ts';
import type { RuleCase } from './rule-case.ts';

/** A file, by the path people know it by, with slashes. */
export interface CaseFile {
  readonly source: string;
  readonly text: string;
}

export interface RegressionCase extends RuleCase {
  /** The rule's id; absent if it is the rule that lies beside. */
  readonly ruleId?: string | undefined;
  readonly folder: string;
}

/** Events that are no case. */
export interface CaseFault {
  /** `unreadable`: an info.yml says that they are cases; `unclaimed`: nothing says so, they may be none. */
  readonly kind: 'unreadable' | 'unclaimed';
  readonly source: string;
  readonly message: string;
}

/** What recorded events among files of whatever kind say: `*.json` and `*.jsonl`, and each `info.yml` that says whose they are. */
export function recordedCases(files: readonly CaseFile[]): ReturnType<typeof regressionCases> {
  const infos = files.filter(({ source }) => isInfo(source));
  return regressionCases(
    new Map(infos.map(({ source, text }) => [folderOf(source), readDocuments(text)[0]?.value])),
    files.filter(({ source }) => isEvents(source)),
  );
}

export const isInfo = (source: string): boolean => /(^|\/)info\.ya?ml$/i.test(source);
export const isEvents = (source: string): boolean => /\.jsonl?$/i.test(source);

/**
 * What recorded events under folders of rules say.
 *   K1  an info.yml names its rules by id and says how often at least they match the events of its folder, as SigmaHQ's own runner
 *       has it; without a count, once; 0 = never
 *   K2  events in a folder without one belong to its rule, if it has only one; names like no-match-1.json say that it does not match
 *
 * @param infos  the parsed info.yml by folder
 */
export function regressionCases(
  infos: ReadonlyMap<string, unknown>,
  events: readonly CaseFile[],
): { cases: RegressionCase[]; faults: CaseFault[] } {
  const cases: RegressionCase[] = [];
  const faults: CaseFault[] = [];
  const byFolder = Map.groupBy(events, ({ source }) => folderOf(source));
  for (const [folder, files] of byFolder) {
    const read = files.flatMap((file) => {
      try {
        return [{ ...file, values: jsonValues(file.text) }];
      } catch (error) {
        faults.push({
          kind: infos.has(folder) ? 'unreadable' : 'unclaimed',
          source: file.source,
          message: `the events cannot be read: ${Error.isError(error) ? error.message : ''}`,
        });
        return [];
      }
    });
    const not = read.filter(({ source }) => /^(no|non|not)[-_]?match|^negative/i.test(nameOf(source)));
    const found = read.filter((file) => !not.includes(file));
    const info = infos.get(folder);
    const ids = idsIn(info);
    const told: Omit<RegressionCase, 'ruleId'>[] = [
      ...testsOf(info, found).map(({ name, values, expected }) => ({
        folder,
        name,
        events: placed(values),
        ...atLeast(expected),
      })),
      ...not.map(({ source, values }) => ({ folder, name: nameOf(source), events: placed(values), expected: false })),
    ];
    for (const each of told) for (const ruleId of ids) cases.push({ ...each, ruleId });
  }
  return { cases, faults };
}

interface Told {
  readonly name: string;
  readonly values: readonly unknown[];
  /** Undefined: some. */
  readonly expected: number | undefined;
}

function atLeast(count: number | undefined): Pick<RuleCase, 'expected' | 'orMore'> {
  return count === undefined || count === 0 ? { expected: count === undefined } : { expected: count, orMore: true };
}

function testsOf(info: unknown, files: readonly (CaseFile & { values: readonly unknown[] })[]): Told[] {
  if (files.length === 0) return [];
  const tests: unknown[] = isMap(info) && Array.isArray(info.regression_tests_info) ? info.regression_tests_info : [];
  const named = tests.filter(isMap).map((test) => ({
    name: typeof test.name === 'string' ? test.name : 'recorded events',
    count: typeof test.match_count === 'number' ? test.match_count : undefined,
    stem: typeof test.path === 'string' ? stemOf(test.path) : undefined,
  }));
  const own = named.map(({ stem }) => files.filter(({ source }) => stemOf(source) === stem));
  // A recording of its own for each test; else all that lies there is for all tests together.
  if (named.length > 0 && own.every((each) => each.length > 0))
    return named.map(({ name, count }, i) => ({
      name,
      values: (own[i] ?? []).flatMap(({ values }) => values),
      expected: count,
    }));
  const counts = named.map(({ count }) => count);
  const counted = counts.length > 0 && counts.every((count) => count !== undefined);
  return [
    {
      name: named[0]?.name ?? files.map(({ source }) => nameOf(source)).join(', '),
      values: files.flatMap(({ values }) => values),
      expected: counted ? counts.reduce((sum, count) => sum + count, 0) : undefined,
    },
  ];
}

function idsIn(info: unknown): (string | undefined)[] {
  const metadata: unknown[] = isMap(info) && Array.isArray(info.rule_metadata) ? info.rule_metadata : [];
  const ids = metadata.flatMap((each) => (isMap(each) && typeof each.id === 'string' ? [each.id] : []));
  return ids.length > 0 ? ids : [undefined];
}

function placed(values: readonly unknown[]): RuleCase['events'] {
  return values.map((event, i) => ({ event, timeMs: i }));
}

export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function stemOf(path: string): string {
  return nameOf(path).replace(/\.[^.]+$/, '');
}
