import { fromJson, type JsonValue } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import type { Payload } from '@tmws/contracts';
import { limits } from './span.ts';

// A text that is JSON is shown as such, unless it is so large that only its beginning will be kept.
const maxParsed = 64 * 1024;

/** An attribute's value as a payload. */
export function payloadOf(value: JsonValue | undefined): Payload | undefined {
  if (value === undefined || value === '') return undefined;
  const inline = fromJson(ValueSchema, typeof value === 'string' ? parsed(value) : value);
  return { $typeName: 'tmws.events.v1.Payload', inline, ref: '', sha256: '', bytes: 0n, truncated: false };
}

function parsed(text: string): JsonValue {
  const [first] = text;
  if ((first !== '{' && first !== '[') || text.length > maxParsed) return text;
  try {
    const value = JSON.parse(text) as JsonValue;
    return isDeeper(value, limits.depth) ? text : value;
  } catch {
    return text;
  }
}

function isDeeper(value: JsonValue, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
