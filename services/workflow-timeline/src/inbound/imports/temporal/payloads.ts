import { NullValue, type Value } from '@bufbuild/protobuf/wkt';
import type { Payload } from '@tmws/contracts';
import { parseJson } from '@tmws/events';
import { isObject, type JsonObject } from '../json.ts';

/**
 * Payloads as a value of ours: one as itself, several as a list. JSON is decoded; of what only its converter can read (binary,
 * encrypted) the encoding and the length are kept. The UI exports payloads that are decoded already; they are taken as they are.
 *
 * @returns undefined for none, and for one that is null
 */
export function payloadOf(payloads: unknown): Payload | undefined {
  const values = valuesOf(payloads);
  const value = values.length > 1 ? values : values[0];
  if (value === undefined || value === null) return undefined;
  return { $typeName: 'tmws.events.v1.Payload', inline: valueOf(value), ref: '', sha256: '', bytes: 0n, truncated: false };
}

/** A JSON value as protobuf's. As deep as JSON is parsed here: 256 levels. */
function valueOf(value: unknown): Value {
  return { $typeName: 'google.protobuf.Value', kind: kindOf(value) };
}

function kindOf(value: unknown): Value['kind'] {
  switch (typeof value) {
    case 'string':
      return { case: 'stringValue', value };
    case 'number':
      // JSON has 1e999, which is no number here.
      return Number.isFinite(value) ? { case: 'numberValue', value } : { case: 'stringValue', value: String(value) };
    case 'boolean':
      return { case: 'boolValue', value };
    default:
  }
  if (Array.isArray(value))
    return { case: 'listValue', value: { $typeName: 'google.protobuf.ListValue', values: value.map(valueOf) } };
  if (!isObject(value)) return { case: 'nullValue', value: NullValue.NULL_VALUE };
  const fields: Record<string, Value> = {};
  for (const [name, inner] of Object.entries(value)) setOwn(fields, name, valueOf(inner));
  return { case: 'structValue', value: { $typeName: 'google.protobuf.Struct', fields } };
}

/** Also for a field called `__proto__`, which an assignment would lose. */
function setOwn(of: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__') Object.defineProperty(of, name, { value, enumerable: true, configurable: true, writable: true });
  else of[name] = value;
}

/** Each payload's value, in order. */
export function valuesOf(payloads: unknown): readonly unknown[] {
  const list = isObject(payloads) ? payloads.payloads : payloads;
  return Array.isArray(list) ? list.map(decoded) : [];
}

function decoded(payload: unknown): unknown {
  if (!isObject(payload) || !isObject(payload.metadata) || typeof payload.metadata.encoding !== 'string') return payload;
  const encoding = textOfBase64(payload.metadata.encoding);
  if (encoding === 'binary/null') return null;
  const data = typeof payload.data === 'string' ? payload.data : '';
  const bytes = Buffer.from(data, 'base64');
  if (!encoding.startsWith('json/')) return opaque(encoding, bytes);
  try {
    return parseJson(bytes, 'a payload');
  } catch {
    return opaque(encoding, bytes);
  }
}

function textOfBase64(text: string): string {
  switch (text) {
    case 'anNvbi9wbGFpbg==':
      return 'json/plain';
    case 'YmluYXJ5L251bGw=':
      return 'binary/null';
    default:
      return Buffer.from(text.slice(0, 200), 'base64').toString('utf8');
  }
}

function opaque(encoding: string, bytes: Buffer): JsonObject {
  return { encoding, bytes: bytes.length };
}
