// One line of a search identifier: a field with its modifiers and its value or values; or keywords, without a field.
import type { EventView, FieldValue } from '../event/event-view.ts';
import { isScalar } from '../event/scalars.ts';
import { RuleFault } from '../fault.ts';
import { anything, type Requirement } from '../literals/requirement.ts';
import { compileRegex } from '../regex/compile.ts';
import { cidrMatcher } from './cidr.ts';
import { type Modified, type Placeholders, readModifiers } from './modifiers.ts';
import { anyRun, patternMatcher, type Token } from './pattern.ts';
import { allOf, not, oneOf, type Predicate } from './predicate.ts';
import { timePart } from './time-part.ts';

/** One value of the rule against one of the event. */
interface ValueTest {
  readonly test: (value: FieldValue) => boolean;
  readonly required: Requirement;
}

/**
 * `field|modifier|…: value or list`. Values of a list are alternatives, unless `all` says that each must be met. Of an array in
 * the event, any element may meet a value.
 *
 * @param field  the name, or '' for keywords: any value of the event
 * @throws RuleFault
 */
export function itemPredicate(
  field: string,
  modifiers: readonly string[],
  value: unknown,
  placeholders: Placeholders,
): Predicate {
  const modified = readModifiers(modifiers, placeholders);
  const values = Array.isArray(value) ? (value as unknown[]) : [value];
  if (values.length === 0) throw new RuleFault('the list of values is empty; give at least one value');
  if (field === '' && ['exists', 'fieldref'].includes(modified.how))
    throw new RuleFault(`${modified.how} needs a field before it`);
  const tests = values.map((each) => valuePredicate(field, modified, each));
  const linked = modified.all ? allOf(tests) : oneOf(tests);
  return modified.not ? not(linked) : linked;
}

function valuePredicate(field: string, modified: Modified, value: unknown): Predicate {
  if (!isScalar(value)) {
    throw new RuleFault(
      `a value is a string, a number, true, false or null (got ${Array.isArray(value) ? 'a list' : 'a map'} inside the list)`,
    );
  }
  if (modified.how === 'exists') return exists(field, value);
  if (modified.how === 'fieldref') return refersTo(field, modified, value);
  if (value === null) return isNull(field, modified);
  const { test, required } = valueTest(modified, value, field === '');
  return { test: (event) => valuesOf(event, field)?.some(test) ?? false, required };
}

function valuesOf(event: EventView, field: string): readonly FieldValue[] | undefined {
  return field === '' ? event.values() : event.field(field);
}

const truths: Readonly<Record<string, boolean>> = { true: true, yes: true, on: true, false: false, no: false, off: false };

function exists(field: string, value: unknown): Predicate {
  // YAML 1.1, which rules are written for, has these words for truth values.
  const wanted = typeof value === 'string' ? truths[value.toLowerCase()] : value;
  if (typeof wanted !== 'boolean') throw new RuleFault(`exists is true or false (got ${JSON.stringify(value)})`);
  return { test: (event) => (event.field(field) !== undefined) === wanted, required: anything };
}

/** Null is met by a field that is not there or has no value. */
function isNull(field: string, { how }: Modified): Predicate {
  if (field === '') throw new RuleFault('null is no keyword; give the words to look for');
  if (how !== 'pattern') throw new RuleFault(`null does not go with ${how}; use a selection of its own`);
  return { test: (event) => event.field(field)?.every(({ raw }) => raw === null) ?? true, required: anything };
}

function refersTo(field: string, { where, cased }: Modified, other: unknown): Predicate {
  if (typeof other !== 'string' || other === '')
    throw new RuleFault(`fieldref is the name of a field (got ${JSON.stringify(other)})`);
  const compare = (a: string, b: string): boolean =>
    where === 'contains'
      ? a.includes(b)
      : where === 'startswith'
        ? a.startsWith(b)
        : where === 'endswith'
          ? a.endsWith(b)
          : a === b;
  return {
    test: (event) => {
      const [mine, theirs] = [event.field(field), event.field(other)];
      if (mine === undefined || theirs === undefined) return false;
      return mine.some((a) =>
        theirs.some((b) => a.raw !== null && b.raw !== null && (cased ? compare(a.text, b.text) : compare(a.folded, b.folded))),
      );
    },
    required: anything,
  };
}

function valueTest(modified: Modified, value: string | number | bigint | boolean, keyword: boolean): ValueTest {
  switch (modified.how) {
    case 're':
      return regexTest(modified, value);
    case 'cidr': {
      if (typeof value !== 'string') throw new RuleFault(`cidr wants a network like 10.0.0.0/8 (got ${String(value)})`);
      const inside = cidrMatcher(value);
      return { test: ({ text }) => inside(text.trim()), required: anything };
    }
    case 'compare':
      return comparison(modified, value);
    default:
      return patternTest(modified, value, keyword);
  }
}

function regexTest({ flags, cased, where }: Modified, value: unknown): ValueTest {
  if (typeof value !== 'string') throw new RuleFault(`re wants a regular expression in quotes (got ${String(value)})`);
  if (cased) throw new RuleFault('cased does not go with re, which heeds case unless |re|i says otherwise');
  const source = where === 'startswith' ? `\\A(?:${value})` : where === 'endswith' ? `(?:${value})\\z` : value;
  const on = (flag: string): boolean => flags.includes(flag);
  const regex = compileRegex(source, { ignoreCase: on('i'), multiline: on('m'), dotAll: on('s') }, 'pcre');
  return { test: ({ text, raw }) => raw !== null && regex.test(text), required: regex.required };
}

function comparison({ comparison: how, part }: Modified, value: unknown): ValueTest {
  if (typeof value !== 'number' && typeof value !== 'bigint')
    throw new RuleFault(`${how ?? part ?? ''} wants a number without quotes (got ${JSON.stringify(value)})`);
  const holds = {
    gt: (found: number) => found > value,
    gte: (found: number) => found >= value,
    lt: (found: number) => found < value,
    lte: (found: number) => found <= value,
    eq: (found: number) => found === Number(value),
  }[how ?? 'eq'];
  return {
    test: (found) => {
      const number = part === undefined ? numberOf(found) : timePart(found.text, part);
      return number !== undefined && holds(number);
    },
    required: anything,
  };
}

/** A number, or a text that is written like one. */
function numberOf({ raw, text }: FieldValue): number | undefined {
  if (typeof raw === 'number') return raw;
  return typeof raw !== 'boolean' && /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : undefined;
}

function patternTest({ patterns, cased }: Modified, value: string | number | bigint | boolean, keyword: boolean): ValueTest {
  const matchers = patterns(String(value)).map((tokens) => patternMatcher(keyword ? anywhere(tokens) : tokens, cased));
  const { test, required } = oneOfTests(matchers);
  // The empty string is not null.
  return { test: (found) => found.raw !== null && test(found), required };
}

function oneOfTests(tests: readonly ValueTest[]): ValueTest {
  const { required } = oneOf(tests.map((each) => ({ test: () => false, required: each.required })));
  return { test: (value) => tests.some((each) => each.test(value)), required };
}

/** A keyword is looked for inside of values. */
function anywhere(tokens: readonly Token[]): readonly Token[] {
  return [anyRun, ...tokens, anyRun];
}
