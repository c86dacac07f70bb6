// The functions templates may call: those of Go's text/template, and Alertmanager's.
import { compilePattern } from '../pattern.ts';
import { escapeHtml, escapeQuery } from './escape.ts';
import { formatTime } from './go-time.ts';
import { goExpand } from './go-expand.ts';
import { humanizeDuration } from './humanize.ts';
import { toJson } from './json.ts';
import { printed, sprint, sprintf } from './print.ts';
import { zoneOf } from '../time-interval.ts';
import { isTrue, List, Markup, Span, StringMap, Time, typeOf, type Value } from './values.ts';

/** Asks the budget before work that grows with its input; throws if that is spent. */
export type Charge = (work: number) => void;

export type TemplateFunction = (args: readonly Value[], charge: Charge) => Value;

/** A call that cannot be. The evaluator adds the place. */
export class CallFault extends Error {
  override readonly name = 'CallFault';
}

function textOf(value: Value | undefined, of: string): string {
  if (typeof value === 'string') return value;
  if (value instanceof Markup) return value.text;
  throw new CallFault(`${of} needs text (got ${value === undefined ? 'nothing' : typeOf(value)})`);
}

const onText =
  (name: string, arity: number, work: (...args: string[]) => Value): TemplateFunction =>
  (args) => {
    if (args.length !== arity)
      throw new CallFault(`${name} takes ${arity} argument${arity === 1 ? '' : 's'} (got ${args.length})`);
    return work(...args.map((each) => textOf(each, name)));
  };

const timeOf = (value: Value | undefined, of: string): Time => {
  if (value instanceof Time) return value;
  throw new CallFault(`${of} needs a time (got ${value === undefined ? 'nothing' : typeOf(value)})`);
};

function pattern(text: string, over: string, charge: Charge) {
  const compiled = compilePattern(text);
  charge((compiled.programSize() * over.length) / 10);
  return compiled;
}

/** Each word with a capital, the rest small. */
const title = (text: string): string =>
  text.replaceAll(/[\p{L}\p{M}\p{N}_]+(?:['’.:][\p{L}\p{M}\p{N}_]+)*/gu, (word) =>
    word.toLowerCase().replace(/\p{L}/u, (letter) => letter.toUpperCase()),
  );

function compare(name: string, a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (a instanceof Span && b instanceof Span) return a.ms - b.ms;
  throw new CallFault(`${name} cannot compare ${typeOf(a)} with ${typeOf(b)}`);
}

function equal(a: Value, b: Value): boolean {
  if (a === null || b === null) return a === b;
  if (a instanceof Time && b instanceof Time) return a.ms === b.ms;
  if (a instanceof Span && b instanceof Span) return a.ms === b.ms;
  if (typeof a === 'object' || typeof a !== typeof b) throw new CallFault(`eq cannot compare ${typeOf(a)} with ${typeOf(b)}`);
  return a === b;
}

function index([from, ...keys]: readonly Value[]): Value {
  let value = from;
  for (const key of keys) {
    if (value instanceof StringMap) value = value.entries.get(textOf(key, 'index')) ?? '';
    else if (value instanceof List && typeof key === 'number') {
      const item = Number.isInteger(key) && key >= 0 ? value.items[key] : undefined;
      if (item === undefined) throw new CallFault(`index out of range: ${key} of ${value.items.length}`);
      value = item;
    } else if (typeof value === 'string' && typeof key === 'number') {
      const byte = new TextEncoder().encode(value)[key];
      if (byte === undefined) throw new CallFault(`index out of range: ${key}`);
      value = byte;
    } else throw new CallFault(`index cannot look into ${value === undefined ? 'nothing' : typeOf(value)}`);
  }
  return value ?? null;
}

function slice([from, ...ends]: readonly Value[]): Value {
  const [start = 0, stop] = ends.map((each) => (typeof each === 'number' ? each : NaN));
  const length =
    typeof from === 'string' ? new TextEncoder().encode(from).length : from instanceof List ? from.items.length : NaN;
  const last = stop ?? length;
  if (!(start >= 0 && start <= last && last <= length))
    throw new CallFault(`slice out of range: ${start} to ${last} of ${length}`);
  if (from instanceof List) return new List(from.items.slice(start, last), from.type, from.methods);
  return new TextDecoder().decode(new TextEncoder().encode(from as string).slice(start, last));
}

function length([value]: readonly Value[]): Value {
  if (typeof value === 'string') return new TextEncoder().encode(value).length;
  if (value instanceof List) return value.items.length;
  if (value instanceof StringMap) return value.entries.size;
  throw new CallFault(`len of ${value === undefined ? 'nothing' : typeOf(value)}`);
}

/**
 * All functions but `and` and `or`, which do not evaluate what they need not. `now` is what `since` counts to.
 *
 * @param escaping  the output is escaped as HTML: `html` and `urlquery` then leave it to that
 */
export function templateFunctions(nowMs: number, escaping: boolean): ReadonlyMap<string, TemplateFunction> {
  const functions: Record<string, TemplateFunction> = {
    not: ([value = null]) => !isTrue(value),
    len: length,
    index,
    slice,
    print: sprint,
    println: (args) => `${args.map(printed).join(' ')}\n`,
    printf: ([format, ...args]) => sprintf(textOf(format, 'printf'), args),
    html: (args) => (escaping ? sprint(args) : escapeHtml(sprint(args))),
    js: (args) =>
      JSON.stringify(sprint(args))
        .slice(1, -1)
        .replaceAll("'", "\\'")
        .replaceAll('<', '\\u003C')
        .replaceAll('>', '\\u003E')
        .replaceAll('&', '\\u0026')
        .replaceAll('=', '\\u003D'),
    urlquery: (args) => escapeQuery(sprint(args)),
    eq: ([first = null, ...others]) => {
      if (others.length === 0) throw new CallFault('eq needs something to compare with');
      return others.some((each) => equal(first, each));
    },
    ne: ([a = null, b = null]) => !equal(a, b),
    lt: ([a = null, b = null]) => compare('lt', a, b) < 0,
    le: ([a = null, b = null]) => compare('le', a, b) <= 0,
    gt: ([a = null, b = null]) => compare('gt', a, b) > 0,
    ge: ([a = null, b = null]) => compare('ge', a, b) >= 0,
    toUpper: onText('toUpper', 1, (text) => text.toUpperCase()),
    toLower: onText('toLower', 1, (text) => text.toLowerCase()),
    title: onText('title', 1, title),
    trimSpace: onText('trimSpace', 1, (text) => text.trim()),
    join: ([separator, list], charge) => {
      if (!(list instanceof List))
        throw new CallFault(`join needs a list of texts (got ${list === undefined ? 'nothing' : typeOf(list)})`);
      const parts = list.items.map((each) => textOf(each, 'join'));
      const between = textOf(separator, 'join');
      charge(parts.reduce((sum, part) => sum + part.length + between.length, 0) / 10);
      return parts.join(between);
    },
    match: ([expression, text], charge) => {
      const over = textOf(text, 'match');
      return pattern(textOf(expression, 'match'), over, charge).matcher(over).find();
    },
    reReplaceAll: ([expression, replacement, text], charge) => {
      const over = textOf(text, 'reReplaceAll');
      return goExpand(
        pattern(textOf(expression, 'reReplaceAll'), over, charge),
        over,
        textOf(replacement, 'reReplaceAll'),
        charge,
      );
    },
    safeHtml: onText('safeHtml', 1, (text) => new Markup('html', text)),
    safeUrl: onText('safeUrl', 1, (text) => new Markup('url', text)),
    stringSlice: (args) => new List(args.map((each) => textOf(each, 'stringSlice'))),
    urlUnescape: onText('urlUnescape', 1, (text) => {
      try {
        return decodeURIComponent(text.replaceAll('+', ' '));
      } catch {
        throw new CallFault(`urlUnescape cannot read ${JSON.stringify(text.slice(0, 100))}`);
      }
    }),
    date: ([format, time]) => formatTime(timeOf(time, 'date'), textOf(format, 'date')),
    tz: ([name, time]) => {
      const zone = textOf(name, 'tz');
      const shown = zone === '' || zone === 'UTC' ? 'UTC' : zoneOf(zone)?.name;
      if (shown === undefined)
        throw new CallFault(`tz needs an IANA time zone, like "Europe/Berlin" (got ${JSON.stringify(zone)})`);
      return new Time(timeOf(time, 'tz').ms, shown);
    },
    since: ([time]) => new Span(nowMs - (timeOf(time, 'since').ms ?? 0)),
    humanizeDuration: ([value = null]) => {
      const text = humanizeDuration(value);
      if (text === undefined)
        throw new CallFault(`humanizeDuration needs a number of seconds (got ${typeOf(value)} ${printed(value).slice(0, 50)})`);
      return text;
    },
    toJson: ([value = null], charge) => {
      const json = toJson(value);
      charge(json.length / 10);
      return json;
    },
  };
  return new Map(Object.entries(functions));
}

/** Names that may be called. */
export const functionNames: ReadonlySet<string> = new Set(['and', 'or', ...templateFunctions(0, false).keys()]);
