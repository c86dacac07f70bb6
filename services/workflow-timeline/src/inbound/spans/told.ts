import type { JsonValue } from '@bufbuild/protobuf';
import {
  conventions,
  type CountRole,
  type ListRole,
  type NumberRole,
  type PayloadRole,
  type Role,
  type TextRole,
} from './attribute-map.ts';
import type { Attributes } from './span.ts';

/** What some attributes tell, by the table of conventions. A value of the wrong type tells nothing. */
export interface Told {
  readonly text: Partial<Record<TextRole | 'kind', string>>;
  readonly number: Partial<Record<CountRole | NumberRole, number>>;
  readonly list: Partial<Record<ListRole, readonly string[]>>;
  readonly payload: Partial<Record<PayloadRole, JsonValue>>;
  /** The attributes the payloads were read from. */
  readonly payloadKeys: Partial<Record<PayloadRole, string>>;
}

interface Reading {
  readonly role: Role;
  /** Of two that tell the same the lower counts. */
  readonly rank: number;
  readonly kinds?: Readonly<Record<string, string>>;
  readonly onlyWith: string | undefined;
}

const counts: ReadonlySet<Role> = new Set<CountRole>([
  'iteration',
  'attempt',
  'retries',
  'inputTokens',
  'outputTokens',
  'totalTokens',
  'memoryBytes',
]);
const numbers: ReadonlySet<Role> = new Set<NumberRole>(['costUsd', 'cpuSeconds']);

const readings: ReadonlyMap<string, readonly Reading[]> = Map.groupBy(
  conventions.flatMap(({ reads, kinds = {}, onlyWith }, version) => [
    ...Object.entries(reads).flatMap(([role, keys]) =>
      keys.map((key, i) => ({ key, role: role as Role, rank: version * 100 + i, onlyWith })),
    ),
    ...Object.entries(kinds).map(([key, values], i) => ({
      key,
      role: 'kind' as const,
      rank: version * 100 + i,
      kinds: values,
      onlyWith,
    })),
  ]),
  ({ key }) => key,
);

/** Reads attributes of one span, event or resource. */
export function tell(attributes: Attributes): Told {
  const text: Told['text'] = {};
  const number: Told['number'] = {};
  const list: Told['list'] = {};
  const payload: Told['payload'] = {};
  const payloadKeys: Told['payloadKeys'] = {};
  const ranks: Partial<Record<Role, number>> = {};
  for (const [key, value] of attributes) {
    const known = readings.get(key);
    if (known === undefined) continue;
    for (const { role, rank, kinds, onlyWith } of known) {
      if ((ranks[role] ?? Infinity) < rank) continue;
      if (onlyWith !== undefined && !attributes.has(onlyWith)) continue;
      if (role === 'input' || role === 'output') {
        payload[role] = value;
        payloadKeys[role] = key;
      } else if (role === 'path' || role === 'dependsOn') {
        const texts = textsOf(value);
        if (texts === undefined) continue;
        list[role] = texts;
      } else if (counts.has(role) || numbers.has(role)) {
        const told = numberOf(value, counts.has(role));
        if (told === undefined) continue;
        number[role as CountRole | NumberRole] = told;
      } else {
        const told = kinds === undefined ? textOf(value) : kindOf(value, kinds);
        if (told === undefined) continue;
        text[role as TextRole | 'kind'] = told;
      }
      ranks[role] = rank;
    }
  }
  return { text, number, list, payload, payloadKeys };
}

function textOf(value: JsonValue): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function kindOf(value: JsonValue, kinds: Readonly<Record<string, string>>): string | undefined {
  const told = textOf(value);
  if (told === undefined) return undefined;
  // A table without values takes the value as it is.
  return (Object.hasOwn(kinds, told) ? kinds[told] : kinds['*']) ?? told;
}

function numberOf(value: JsonValue, whole: boolean): number | undefined {
  const number = typeof value === 'string' && /^\d{1,15}(\.\d{1,9})?$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !(number >= 0)) return undefined;
  return (whole ? Number.isSafeInteger(number) : Number.isFinite(number)) ? number : undefined;
}

const maxTextOfList = 64 * 1024;

/** A list of texts: an array, or the JSON of one. */
function textsOf(value: JsonValue): readonly string[] | undefined {
  let list: unknown = value;
  if (typeof value === 'string' && value.startsWith('[') && value.length <= maxTextOfList) {
    try {
      list = JSON.parse(value);
    } catch {
      return undefined;
    }
  }
  if (!Array.isArray(list)) return undefined;
  return list.every((item) => typeof item === 'string' && item !== '') ? (list as string[]) : undefined;
}
