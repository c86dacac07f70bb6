// The detection of a rule: search identifiers, each a list or a map, and the condition over them.
import { isScalar } from '../event/scalars.ts';
import { type Faults, type PathPart, RuleFault } from '../fault.ts';
import { type Condition, parseCondition } from './condition.ts';
import { itemPredicate } from './item.ts';
import type { Placeholders } from './modifiers.ts';
import { allOf, not, oneOf, type Predicate } from './predicate.ts';

/** Keys of a detection that are no search identifiers; `timeframe` belonged to the aggregations of Sigma 1. */
const reserved = ['condition', 'timeframe'];

/** What a detection asks, or undefined with the faults noted. */
export function readDetection(
  value: unknown,
  path: readonly PathPart[],
  faults: Faults,
  placeholders: Placeholders,
): Predicate | undefined {
  if (!isMap(value)) {
    faults.add(path, 'detection is a map of search identifiers and a condition');
    return undefined;
  }
  const names = Object.keys(value).filter((name) => !reserved.includes(name));
  const identifiers = new Map<string, Predicate>();
  for (const name of names) {
    const read = readIdentifier(value[name], [...path, name], faults, placeholders);
    if (read !== undefined) identifiers.set(name, read);
  }
  const conditions = readConditions(value.condition, names, [...path, 'condition'], faults);
  if (names.length === 0) faults.add(path, 'detection has no search identifier; give at least one, like selection');
  if (faults.any) return undefined;
  return oneOf(conditions.map((condition) => asked(condition, identifiers)));
}

/** The conditions as trees; several are alternatives. */
export function readConditions(value: unknown, names: readonly string[], path: readonly PathPart[], faults: Faults): Condition[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (value === undefined || value === null || list.length === 0) {
    faults.add(path, 'there is no condition; name the search identifiers that must be met, like "selection and not filter"');
    return [];
  }
  return list.flatMap((text, i) => {
    const place = Array.isArray(value) ? [...path, i] : path;
    // A condition that is the name of a number is one for YAML only.
    if (typeof text !== 'string' && typeof text !== 'number') {
      faults.add(place, `a condition is a text (got ${JSON.stringify(text)})`);
      return [];
    }
    return faults.at(place, () => parseCondition(String(text), names)) ?? [];
  });
}

export function asked(condition: Condition, identifiers: ReadonlyMap<string, Predicate>): Predicate {
  if (condition.op === 'not') return not(asked(condition.part, identifiers));
  if (condition.op === 'and') return allOf(condition.parts.map((part) => asked(part, identifiers)));
  if (condition.op === 'or') return oneOf(condition.parts.map((part) => asked(part, identifiers)));
  const found = identifiers.get(condition.name);
  if (found === undefined) throw new RuleFault(`there is no search identifier ${condition.name}`);
  return found;
}

/** A map (all of it), a list of maps (one of them), or words that are looked for anywhere. */
export function readIdentifier(
  value: unknown,
  path: readonly PathPart[],
  faults: Faults,
  placeholders: Placeholders,
): Predicate | undefined {
  if (isMap(value)) return readMap(value, path, faults, placeholders);
  if (value === null || value === undefined) {
    faults.add(path, 'the search identifier is empty; give fields with values, or words to look for');
    return undefined;
  }
  if (!Array.isArray(value)) return faults.at(path, () => itemPredicate('', [], value, placeholders));
  if (value.length === 0) faults.add(path, 'the list is empty; give words to look for, or maps of fields');
  const parts = value.map((each: unknown, i) =>
    isMap(each) ? readMap(each, [...path, i], faults, placeholders) : faults.at([...path, i], () => keyword(each, placeholders)),
  );
  const read = parts.filter((part) => part !== undefined);
  return read.length === 0 ? undefined : oneOf(read);
}

function keyword(value: unknown, placeholders: Placeholders): Predicate {
  if (!isScalar(value)) throw new RuleFault('a list holds words to look for, or maps of fields; not lists');
  return itemPredicate('', [], value, placeholders);
}

function readMap(
  map: Readonly<Record<string, unknown>>,
  path: readonly PathPart[],
  faults: Faults,
  placeholders: Placeholders,
): Predicate | undefined {
  const entries = Object.entries(map);
  if (entries.length === 0) faults.add(path, 'the map is empty; give at least one field with a value');
  const parts = entries.map(([key, value]) => {
    const [field = '', ...modifiers] = key.split('|');
    return faults.at([...path, key], () =>
      itemPredicate(
        field.trim(),
        modifiers.map((name) => name.trim()),
        value,
        placeholders,
      ),
    );
  });
  const read = parts.filter((part) => part !== undefined);
  return read.length === 0 ? undefined : allOf(read);
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
