// Values of templates, as Go has them: text, numbers and booleans are JavaScript's own, nil is null.
import { compareText } from '../go-text.ts';

export type Value = string | number | boolean | null | Struct | StringMap | List | Time | Span | Markup;
export type Method = (...args: Value[]) => Value;

/** A thing with fields; a field may be a method. */
export class Struct {
  readonly type: string;
  readonly fields: ReadonlyMap<string, Value | Method>;

  constructor(type: string, fields: Readonly<Record<string, Value | Method>>) {
    this.type = type;
    this.fields = new Map(Object.entries(fields));
  }
}

/** Text by text, as labels are. A key that is not there reads as ''. */
export class StringMap {
  readonly entries: ReadonlyMap<string, string>;

  constructor(entries: Iterable<readonly [string, string]>) {
    this.entries = new Map([...entries].toSorted(([a], [b]) => compareText(a, b)));
  }
}

export class List {
  readonly type: string;
  readonly items: readonly Value[];
  readonly methods: Readonly<Record<string, Method>>;

  constructor(items: readonly Value[], type = '[]string', methods: Readonly<Record<string, Method>> = {}) {
    this.items = items;
    this.type = type;
    this.methods = methods;
  }
}

/** An instant and the zone it is shown in. Go's zero time has no ms. */
export class Time {
  readonly ms: number | undefined;
  readonly zone: string;

  constructor(ms: number | undefined, zone = 'UTC') {
    this.ms = ms;
    this.zone = zone;
  }
}

/** A length of time. */
export class Span {
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }
}

/** Text that is markup already, or an address that is known to be safe: it is not escaped. */
export class Markup {
  readonly kind: 'html' | 'url';
  readonly text: string;

  constructor(kind: 'html' | 'url', text: string) {
    this.kind = kind;
    this.text = text;
  }
}

/** Go's name of a value's type, for messages. */
export function typeOf(value: Value): string {
  if (value === null) return '<nil>';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float64';
  if (value instanceof StringMap) return 'template.KV';
  if (value instanceof Time) return 'time.Time';
  if (value instanceof Span) return 'time.Duration';
  if (value instanceof Markup) return `template.${value.kind.toUpperCase()}`;
  return value.type;
}

/** Whether a condition holds for a value: nothing empty, no zero. */
export function isTrue(value: Value): boolean {
  if (value instanceof StringMap) return value.entries.size > 0;
  if (value instanceof List) return value.items.length > 0;
  if (value instanceof Span) return value.ms !== 0;
  if (value instanceof Markup) return value.text !== '';
  return value instanceof Struct || value instanceof Time || Boolean(value);
}

/** The fields and methods of maps that Alertmanager documents. */
export function mapMethod(map: StringMap, name: string): Method | undefined {
  const { entries } = map;
  switch (name) {
    case 'Names':
      return () => new List([...entries.keys()]);
    case 'Values':
      return () => new List([...entries.values()]);
    case 'SortedPairs':
      return () => sortedPairs(map);
    case 'Remove':
      return (names) => {
        const gone = names instanceof List ? names.items : [];
        return new StringMap([...entries].filter(([key]) => !gone.includes(key)));
      };
    default:
      return undefined;
  }
}

/** By name; `alertname` comes first. */
function sortedPairs({ entries }: StringMap): List {
  const first = entries.get('alertname');
  const rest = [...entries].filter(([name]) => name !== 'alertname');
  const pairs = first === undefined ? rest : [['alertname', first] as const, ...rest];
  return new List(
    pairs.map(([Name, Value]) => new Struct('template.Pair', { Name, Value })),
    'template.Pairs',
    {
      Names: () => new List(pairs.map(([name]) => name)),
      Values: () => new List(pairs.map(([, value]) => value)),
      String: () => pairs.map(([name, value]) => `${name}=${value}`).join(', '),
    },
  );
}
