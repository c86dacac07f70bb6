import type { JsonValue } from '@bufbuild/protobuf';
import { type Attributes, limits } from '../spans/span.ts';
import { isObject, type JsonObject, listOf, wrong } from './json.ts';

/** Typed tags as attributes: `{key, type, value}`, the type one of string, bool, int64, float64, binary. The last of a key counts. */
export function tagsOf(of: JsonObject, name: string, at: string): Map<string, JsonValue> {
  const tags = new Map<string, JsonValue>();
  listOf(of, name, at).forEach((tag, i) => {
    if (!isObject(tag) || typeof tag.key !== 'string') throw wrong(`${at}.${name}[${i}]`, 'a tag with a key', tag);
    if (tags.size < limits.attributes) tags.set(tag.key, valueOf(tag));
  });
  return tags;
}

function valueOf({ type, value }: JsonObject): JsonValue {
  if (typeof value === 'string') {
    if (type === 'int64' && /^-?\d{1,19}$/.test(value)) return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    if (type === 'float64' && value !== '' && Number.isFinite(Number(value))) return Number(value);
    if (type === 'bool' && (value === 'true' || value === 'false')) return value === 'true';
    return value;
  }
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return value === undefined || value === null ? null : JSON.stringify(value);
}

/** Without what only says how to read the span. */
export function withoutNotes(tags: Attributes): Attributes {
  const notes = new Set(['span.kind', 'otel.status_code', 'otel.status_description', 'w3c.tracestate', 'internal.span.format']);
  return new Map([...tags].filter(([key]) => !notes.has(key)));
}
