// OTLP in JSON (OTLP 1.x, "JSON Protobuf Encoding"): ids in hex of either case, enums as integers, 64-bit numbers as texts or numbers,
// names in lowerCamelCase; what is not known is passed over.
import type { JsonValue } from '@bufbuild/protobuf';
import { parseJson } from '@tmws/events';
import { Problem } from '@tmws/problems';
import { type Attributes, limits, noAttributes } from '../spans/span.ts';

export type JsonMembers = Readonly<Record<string, unknown>>;

// A number of nanoseconds does not fit into a double: where one is not in quotes, it is read as the text it is.
const bareTime = /"(?:startT|endT|t|observedT)imeUnixNano"\s*:\s*\d/;

/** The body as a JSON object. @throws Problem `invalid` */
export function parseBody(bytes: Buffer): JsonMembers {
  const value = bareTime.test(bytes.toString('latin1')) ? withExactTimes(bytes) : parseJson(bytes, 'the body');
  if (isObject(value)) return value;
  throw new Problem('invalid', 'the body must be a JSON object');
}

type WithSource = (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown;

function withExactTimes(bytes: Buffer): unknown {
  // The same checks; then again with the numbers as they are written.
  parseJson(bytes, 'the body');
  const exact: WithSource = (key, value, { source }) => (typeof value === 'number' && key.endsWith('UnixNano') ? source : value);
  return JSON.parse(bytes.toString('utf8'), exact as (key: string, value: unknown) => unknown) as unknown;
}

export function isObject(value: unknown): value is JsonMembers {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list of objects; absent and null are the empty one. @throws Problem `invalid` that names the place */
export function objectsOf(of: JsonMembers, name: string, at: string): readonly JsonMembers[] {
  const value = of[name] ?? [];
  if (!Array.isArray(value)) throw wrong(`${at}${name}`, 'a list');
  value.forEach((item, i) => {
    if (!isObject(item)) throw wrong(`${at}${name}[${i}]`, 'an object');
  });
  return value as JsonMembers[];
}

/** An object, or none. @throws Problem `invalid` that names the place */
export function objectOf(of: JsonMembers, name: string, at: string): JsonMembers {
  const value = of[name] ?? {};
  if (isObject(value)) return value;
  throw wrong(`${at}${name}`, 'an object');
}

function wrong(at: string, what: string): Problem {
  return new Problem('invalid', `${at} must be ${what}`, { field: at });
}

/** A text; what is none is empty. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** An id as it is judged later: lower case. What is no text cannot be right. */
export function idOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value.toLowerCase().slice(0, 40) : 'no text';
}

/** A 64-bit time, 0 if absent; -1 for what is none, which is judged later. */
export function timeOf(value: unknown): bigint {
  if (value === undefined || value === null || value === '') return 0n;
  if (typeof value === 'string' && /^\d{1,20}$/.test(value)) return BigInt(value);
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : -1n;
}

/** A count of what was dropped. */
export function countOf(value: unknown): number {
  return typeof value === 'number' && value >= 0 && value <= 0xffffffff ? Math.floor(value) : 0;
}

/** A list of KeyValues. What is none of them is passed over. */
export function attributesOf(value: unknown): Attributes {
  if (!Array.isArray(value) || value.length === 0) return noAttributes;
  const attributes = new Map<string, JsonValue>();
  for (const item of value.slice(0, limits.attributes)) {
    if (isObject(item) && typeof item.key === 'string') attributes.set(item.key, anyValueOf(item.value, 0));
  }
  return attributes;
}

/** An AnyValue as JSON, as deep and as long as the limits allow. */
export function anyValueOf(value: unknown, depth: number): JsonValue {
  if (!isObject(value)) return null;
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue } = value;
  if (typeof stringValue === 'string') return stringValue;
  if (typeof boolValue === 'boolean') return boolValue;
  if (intValue !== undefined) return intOf(intValue);
  if (doubleValue !== undefined) return doubleOf(doubleValue);
  if (typeof bytesValue === 'string') return bytesValue;
  if ((isObject(arrayValue) || isObject(kvlistValue)) && depth >= limits.depth) return '[too deep]';
  if (isObject(arrayValue)) return listOf(arrayValue.values).map((item) => anyValueOf(item, depth + 1));
  if (isObject(kvlistValue)) {
    const members = listOf(kvlistValue.values).filter(isObject);
    return Object.fromEntries(members.map((member) => [textOf(member.key), anyValueOf(member.value, depth + 1)]));
  }
  return null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, limits.listItems) : [];
}

function intOf(value: unknown): JsonValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string' || !/^-?\d{1,20}$/.test(value)) return null;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function doubleOf(value: unknown): JsonValue {
  if (typeof value === 'number') return value;
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return value;
  return typeof value === 'string' && /^-?[\d.eE+-]{1,30}$/.test(value) && Number.isFinite(Number(value)) ? Number(value) : null;
}
