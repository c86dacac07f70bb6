// Reading fields of a JSON value whose shape nobody promised. What is wrong is named by its place: `$.workflow.tasks[3].id`.
import { redactText } from '@tmws/events';
import { Problem } from '@tmws/problems';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A file whose value at a place is not what the format has there. */
export function wrong(at: string, allowed: string, value: unknown): Problem {
  return new Problem('invalid', `${at} must be ${allowed} (got ${shown(value)})`, { field: at });
}

export function missing(at: string, what: string): Problem {
  return new Problem('invalid', `${at} is missing; it must be ${what}`, { field: at });
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field; null counts as absent. */
export function fieldOf(of: JsonObject, name: string): unknown {
  return of[name] ?? undefined;
}

export function objectOf(of: JsonObject, name: string, at: string): JsonObject | undefined {
  const value = fieldOf(of, name);
  if (value === undefined || isObject(value)) return value;
  throw wrong(`${at}.${name}`, 'an object', value);
}

export function asObject(value: unknown, at: string): JsonObject {
  if (isObject(value)) return value;
  throw wrong(at, 'an object', value);
}

/** Empty if absent. */
export function listOf(of: JsonObject, name: string, at: string): readonly unknown[] {
  const value = fieldOf(of, name) ?? [];
  if (Array.isArray(value)) return value as readonly unknown[];
  throw wrong(`${at}.${name}`, 'a list', value);
}

/** Empty if absent. */
export function textOf(of: JsonObject, name: string, at: string): string {
  const value = fieldOf(of, name) ?? '';
  if (typeof value === 'string') return value;
  throw wrong(`${at}.${name}`, 'a text', value);
}

/** A number from 0 to `max`, or undefined. */
export function numberOf(of: JsonObject, name: string, at: string, max = Number.MAX_SAFE_INTEGER): number | undefined {
  const value = fieldOf(of, name);
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value >= 0 && value <= max) return value;
  throw wrong(`${at}.${name}`, `a number from 0 to ${max}`, value);
}

const maxIdBytes = 512;

/** A text that may be an id here. @throws Problem `invalid` */
export function asId(value: unknown, at: string): string {
  if (typeof value === 'string' && isId(value)) return value;
  if (value === undefined || value === null) throw missing(at, `a text of 1 to ${maxIdBytes} bytes`);
  throw wrong(at, `a text of 1 to ${maxIdBytes} bytes without NUL`, value);
}

export function isId(text: string): boolean {
  return text !== '' && Buffer.byteLength(text) <= maxIdBytes && !text.includes('\0') && text.isWellFormed();
}

/** A value for a message: short, and without credentials. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(redactText(value.slice(0, 200)).slice(0, 80));
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}
