import { create, fromJson, type JsonValue } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import { type Payload, PayloadSchema } from '@tmws/contracts';
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
  return create(PayloadSchema, { inline: fromJson(ValueSchema, value as JsonValue) });
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
