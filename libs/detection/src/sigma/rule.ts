// A Sigma rule read from its document. Sigma rules specification 2.0 and 2.1.
import { readTests, type RuleCase } from '../cases/rule-case.ts';
import type { WantedLogsource } from '../event/logsource.ts';
import type { Faults, PathPart } from '../fault.ts';
import { isMap, readDetection } from './detection.ts';
import type { Placeholders } from './modifiers.ts';
import type { Predicate } from './predicate.ts';

export const levels = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type Level = (typeof levels)[number];
export const statuses = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'] as const;
export type Status = (typeof statuses)[number];

/** What people read of a rule, of whatever kind. */
export interface RuleHeader {
  readonly title: string;
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly status?: Status | undefined;
  readonly level?: Level | undefined;
  readonly description?: string | undefined;
  readonly tags: readonly string[];
  readonly falsePositives: readonly string[];
  /** Fields an analyst wants to see. */
  readonly fields: readonly string[];
  /** The cases it ships under `tests`. */
  readonly tests: readonly RuleCase[];
  readonly source: string;
}

export interface SigmaRule extends RuleHeader {
  readonly kind: 'rule';
  readonly logsource: WantedLogsource;
  readonly predicate: Predicate;
}

export interface ReadOptions {
  /** Values for the placeholders of `expand`. */
  readonly placeholders?: Placeholders;
  /** Statuses whose rules are refused; deprecated and unsupported unless told otherwise. */
  readonly refuseStatuses?: readonly Status[];
}

/** The rule of a document, or undefined with the faults noted. */
export function readRule(
  document: Readonly<Record<string, unknown>>,
  source: string,
  faults: Faults,
  options: ReadOptions,
): SigmaRule | undefined {
  const header = readHeader(document, source, faults, options);
  const logsource = readLogsource(document.logsource, ['logsource'], faults);
  if (document.detection === undefined) {
    faults.add([], 'there is no detection; a rule has one, and a correlation rule has correlation');
    return undefined;
  }
  const predicate = readDetection(document.detection, ['detection'], faults, options.placeholders ?? {});
  return predicate === undefined || faults.any ? undefined : { kind: 'rule', ...header, logsource, predicate };
}

export function readHeader(
  document: Readonly<Record<string, unknown>>,
  source: string,
  faults: Faults,
  options: ReadOptions,
): RuleHeader {
  const { title } = document;
  if (typeof title !== 'string' || title.trim() === '')
    faults.add(['title'], 'there is no title; say in a few words what the rule detects');
  else if (title.length > 256) faults.add(['title'], `a title has at most 256 characters (got ${title.length})`);
  const status = oneOfWords(document.status, statuses, 'status', faults);
  const refused = options.refuseStatuses ?? ['deprecated', 'unsupported'];
  if (status !== undefined && refused.includes(status)) faults.add(['status'], statusReason(status));
  const text = (key: string): string | undefined => {
    const value = document[key];
    if (value === undefined || value === null || typeof value === 'string') return value ?? undefined;
    faults.add([key], `${key} is a text (got ${JSON.stringify(value)})`);
    return undefined;
  };
  return {
    title: typeof title === 'string' ? title : '',
    id: text('id'),
    name: text('name'),
    status,
    level: oneOfWords(document.level, levels, 'level', faults),
    description: text('description'),
    tags: texts(document.tags),
    falsePositives: texts(document.falsepositives),
    fields: texts(document.fields),
    tests: readTests(document.tests, faults),
    source,
  };
}

function statusReason(status: Status): string {
  if (status === 'deprecated')
    return 'the rule is deprecated: another replaces it (see its related); remove it, or allow the status';
  if (status === 'unsupported') return 'the rule says of itself that it cannot be used as it is (status unsupported)';
  return `rules of status ${status} are not run here`;
}

function oneOfWords<T extends string>(value: unknown, words: readonly T[], key: string, faults: Faults): T | undefined {
  if (value === undefined || value === null) return undefined;
  const found = words.find((word) => word === value);
  if (found === undefined) faults.add([key], `${key} is one of ${words.join(', ')} (got ${JSON.stringify(value)})`);
  return found;
}

function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

export function readLogsource(value: unknown, path: readonly PathPart[], faults: Faults): WantedLogsource {
  if (!isMap(value)) {
    faults.add(path, 'there is no logsource; say what events the rule is for, by category, product or service');
    return {};
  }
  const part = (key: string): string | undefined => {
    const found = value[key];
    if (found === undefined || found === null) return undefined;
    if (typeof found !== 'string') faults.add([...path, key], `${key} is a text (got ${JSON.stringify(found)})`);
    return typeof found === 'string' ? found.toLowerCase() : undefined;
  };
  return { category: part('category'), product: part('product'), service: part('service') };
}
