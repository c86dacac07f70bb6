// The fields of a preset's document, each read once; what is left over in the end is named.
import { isScalar } from '../event/scalars.ts';
import { type Faults, type PathPart, RuleFault } from '../fault.ts';
import { anything } from '../literals/requirement.ts';
import { isMap, readDetection, readIdentifier } from '../sigma/detection.ts';
import type { Predicate } from '../sigma/predicate.ts';
import type { ReadOptions } from '../sigma/rule.ts';

const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  seconds: 1000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
  weeks: 604_800_000,
};
/** A year. */
const longestMs = 366 * 86_400_000;

export class PresetFields {
  readonly #document: Readonly<Record<string, unknown>>;
  readonly #faults: Faults;
  readonly #options: ReadOptions;
  readonly #asked: string[] = [];

  constructor(document: Readonly<Record<string, unknown>>, faults: Faults, options: ReadOptions) {
    this.#document = document;
    this.#faults = faults;
    this.#options = options;
  }

  /** The fields that were asked for. */
  get asked(): readonly string[] {
    return this.#asked;
  }

  has(key: string): boolean {
    return this.#given(key) !== undefined;
  }

  /** A number from `least` on; without one and without `otherwise` a fault. */
  number(key: string, least: number, otherwise?: number): number {
    return this.optionalNumber(key, least) ?? otherwise ?? this.#missing(key, 'a number', NaN);
  }

  optionalNumber(key: string, least = -Infinity): number | undefined {
    const value = this.#given(key);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isFinite(value) && value >= least) return value;
    const from = least === -Infinity ? '' : ` from ${least}`;
    return this.#fault(key, `${key} is a number${from} (got ${JSON.stringify(value)})`, undefined);
  }

  flag(key: string): boolean {
    const value = this.#given(key) ?? false;
    if (typeof value === 'boolean') return value;
    return this.#fault(key, `${key} is true or false (got ${JSON.stringify(value)})`, false);
  }

  word<T extends string>(key: string, words: readonly T[]): T {
    const value = this.#given(key);
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    return this.#fault(key, `${key} is one of ${words.join(', ')} (got ${JSON.stringify(value)})`, words[0] as T);
  }

  /** The name of a field. */
  field(key: string): string {
    const value = this.#given(key);
    if (typeof value === 'string' && value !== '') return value;
    if (value === undefined) return this.#missing(key, 'the name of a field', '');
    return this.#fault(key, `${key} is the name of a field (got ${JSON.stringify(value)})`, '');
  }

  /** Names of fields; one may stand alone. */
  fields(key: string, need: boolean): readonly string[] {
    const value = this.#given(key);
    if (value === undefined) return need ? this.#missing(key, 'a list of fields', []) : [];
    const list = Array.isArray(value) ? (value as unknown[]) : [value];
    if (list.length > 0 && list.every((each) => typeof each === 'string' && each !== '')) return list as string[];
    return this.#fault(key, `${key} is a field or a list of fields (got ${JSON.stringify(value)})`, []);
  }

  /** Fields, each alone or several together. */
  terms(key: string): readonly (readonly string[])[] {
    const value = this.#given(key);
    if (value === undefined) return this.#missing(key, 'a list of fields', []);
    const list = Array.isArray(value) ? (value as unknown[]) : [value];
    const terms = list.map((each) => (Array.isArray(each) ? (each as unknown[]) : [each]));
    const named = terms.every((term) => term.length > 0 && term.every((each) => typeof each === 'string' && each !== ''));
    if (named && terms.length > 0) return terms as string[][];
    return this.#fault(key, `${key} is a list of fields, or of lists of fields (got ${JSON.stringify(value)})`, []);
  }

  /** Values as texts. */
  values(key: string): ReadonlySet<string> {
    const value = this.#given(key);
    if (value === undefined) return this.#missing(key, 'a list of values', new Set());
    const list = Array.isArray(value) ? (value as unknown[]) : [value];
    if (list.length > 0 && list.every((each) => isScalar(each) && each !== null)) return new Set(list.map(String));
    return this.#fault(key, `${key} is a list of values: texts, numbers, true or false`, new Set());
  }

  /** A length of time: `5m`, or `minutes: 5` as ElastAlert has it. */
  time(keys: readonly string[], otherwiseMs?: number): number {
    const key = keys.find((each) => this.#given(each) !== undefined);
    if (key === undefined) return otherwiseMs ?? this.#missing(keys[0] ?? '', 'a length of time like 5m, or minutes: 5', NaN);
    return this.#faults.at([key], () => readTime(key, this.#given(key))) ?? NaN;
  }

  optionalTime(key: string): number | undefined {
    return this.has(key) ? this.time([key]) : undefined;
  }

  /** Events: `filter` as the detection of a Sigma rule, or `match` as one of its search identifiers; all where there is neither. */
  events(): Predicate {
    const match = this.#given('match');
    const filter = this.#given('filter');
    if (match !== undefined && filter !== undefined) {
      return this.#fault('match', 'match and filter say the same twice; leave one out', every);
    }
    if (match !== undefined) return this.#identifier('match', match);
    if (filter === undefined) return every;
    if (Array.isArray(filter))
      return this.#fault(
        'filter',
        'filter is the detection of a Sigma rule: search identifiers and a condition. Queries of Elasticsearch are not run; ' +
          'write match: with fields and values',
        every,
      );
    return readDetection(filter, ['filter'], this.#faults, this.#options.placeholders ?? {}) ?? every;
  }

  /** A detection, or fields with values. */
  predicate(key: string): Predicate {
    const value = this.#given(key);
    if (value === undefined) return this.#missing(key, 'fields with values, or the detection of a Sigma rule', every);
    if (isMap(value) && value.condition !== undefined)
      return readDetection(value, [key], this.#faults, this.#options.placeholders ?? {}) ?? every;
    return this.#identifier(key, value);
  }

  fault(path: readonly PathPart[], message: string): void {
    this.#faults.add(path, message);
  }

  #identifier(key: string, value: unknown): Predicate {
    if (!isMap(value))
      return this.#fault(key, `${key} is a map of fields with values, like type: login (got ${JSON.stringify(value)})`, every);
    return readIdentifier(value, [key], this.#faults, this.#options.placeholders ?? {}) ?? every;
  }

  #given(key: string): unknown {
    if (!this.#asked.includes(key)) this.#asked.push(key);
    return this.#document[key] ?? undefined;
  }

  #missing<T>(key: string, what: string, otherwise: T): T {
    return this.#fault('preset', `there is no ${key}; it is ${what}`, otherwise);
  }

  #fault<T>(key: string, message: string, otherwise: T): T {
    this.#faults.add([key], message);
    return otherwise;
  }
}

const every: Predicate = { test: () => true, required: anything };

function readTime(key: string, value: unknown): number {
  let ms = 0;
  if (typeof value === 'string') {
    const [, count = '', unit = ''] = /^(\d{1,9})([smhdw])$/.exec(value) ?? [];
    ms = Number(count) * (unitMs[unit] ?? NaN);
  } else if (isMap(value)) {
    for (const [unit, count] of Object.entries(value))
      ms += typeof count === 'number' && unit.length > 1 ? count * (unitMs[unit] ?? NaN) : NaN;
  } else ms = NaN;
  if (ms > 0 && ms <= longestMs) return ms;
  throw new RuleFault(
    `${key} is a time up to a year: a number with s, m, h, d or w like 5m, or minutes: 5 (got ${JSON.stringify(value)})`,
  );
}
