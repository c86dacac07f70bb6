// The cases a rule ships under `tests:`: events, and whether the rule matches.
import { type Faults, RuleFault } from '../fault.ts';
import { isMap } from '../sigma/detection.ts';

export interface CaseEvent {
  readonly event: unknown;
  readonly timeMs: number;
}

export interface RuleCase {
  readonly name: string;
  /** In the order they come. */
  readonly events: readonly CaseEvent[];
  /** Whether anything is found, or how often. */
  readonly expected: boolean | number;
  /** Whether it may be found more often than expected. */
  readonly orMore?: boolean;
  /** When time is asked last, of presets that fire by silence. */
  readonly untilMs?: number | undefined;
}

/** What times without a beginning count from. */
const startMs = Date.UTC(2020, 0, 1);
const known = ['name', 'event', 'events', 'match', 'until'];
const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * `tests: [{name, event or events, match: true, false or a count, until}]`. An event may have a `time`: RFC 3339, or `+30s` since
 * the first; without, it comes a millisecond after the one before.
 */
export function readTests(value: unknown, faults: Faults): readonly RuleCase[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    faults.add(['tests'], 'tests is a list of cases, each with event or events and match');
    return [];
  }
  return value.flatMap((each: unknown, i) => faults.at(['tests', i], () => readCase(each, i)) ?? []);
}

function readCase(value: unknown, index: number): RuleCase {
  if (!isMap(value)) throw new RuleFault('a case is a map with event or events and match');
  const strange = Object.keys(value).find((key) => !known.includes(key));
  if (strange !== undefined) throw new RuleFault(`a case has no ${JSON.stringify(strange)}; it has ${known.join(', ')}`);
  const { name, event, events, match, until } = value;
  if (name !== undefined && typeof name !== 'string') throw new RuleFault(`name is a text (got ${JSON.stringify(name)})`);
  const given = events === undefined && event !== undefined ? [event] : events;
  if (!Array.isArray(given) || (event !== undefined && events !== undefined))
    throw new RuleFault('a case has either event, a map, or events, a list of maps');
  if (given.length === 0 && until === undefined) throw new RuleFault('events is empty; give at least one');
  const counted = typeof match === 'number' && Number.isInteger(match) && match >= 0;
  if (typeof match !== 'boolean' && !counted)
    throw new RuleFault(`match is true, false or how often the rule matches (got ${JSON.stringify(match)})`);
  const placed: CaseEvent[] = [];
  let originMs: number | undefined;
  for (const each of given as unknown[]) {
    if (!isMap(each)) throw new RuleFault(`an event is a map (got ${JSON.stringify(each)})`);
    const before = placed.at(-1);
    const timeMs = timeOf(each.time, originMs ?? startMs) ?? (before === undefined ? startMs : before.timeMs + 1);
    originMs ??= timeMs;
    placed.push({ event: each, timeMs });
  }
  const untilMs = until === undefined ? undefined : timeOf(until, originMs ?? startMs);
  if (until !== undefined && untilMs === undefined)
    throw new RuleFault(`until is a time like +10m or one of RFC 3339 (got ${JSON.stringify(until)})`);
  return { name: name ?? `case ${index + 1}`, events: placed, expected: match, untilMs };
}

/** A time, if it is one that can be read. */
function timeOf(value: unknown, originMs: number): number | undefined {
  if (typeof value !== 'string') return undefined;
  const [, sign, count = '', unit = ''] = /^([+-])(\d{1,9}(?:\.\d+)?)(ms|s|m|h|d)$/.exec(value) ?? [];
  if (sign !== undefined) return originMs + (sign === '-' ? -1 : 1) * Number(count) * (unitMs[unit] ?? NaN);
  const ms = /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
