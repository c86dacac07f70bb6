import type { JsonValue } from '@bufbuild/protobuf';
import { limits } from '../spans/span.ts';
import type { WireReader } from './wire-reader.ts';

/** Attributes as they are gathered; `dropped` counts what was beyond the limit. */
export interface Gathering {
  readonly map: Map<string, JsonValue>;
  dropped: number;
}

export function gathering(): Gathering {
  return { map: new Map(), dropped: 0 };
}

/** A KeyValue into the attributes. */
export function readKeyValue(reader: WireReader, into: Gathering): void {
  const end = reader.length();
  if (into.map.size >= limits.attributes) {
    into.dropped++;
    reader.at = end;
    return;
  }
  let key = '';
  let value: JsonValue = null;
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag === 0x0a) key = reader.text();
    else if (tag === 0x12) value = readAnyValue(reader, 0);
    else reader.skip(tag);
  }
  reader.leave(end);
  into.map.set(key, value);
}

/** An AnyValue as JSON: deeper than the limit it is a note instead, and of a long list the beginning is read. */
export function readAnyValue(reader: WireReader, depth: number): JsonValue {
  const end = reader.length();
  let value: JsonValue = null;
  while (reader.at < end) {
    const tag = reader.tag();
    switch (tag) {
      case 0x0a:
        value = reader.text();
        break;
      case 0x10:
        value = reader.uint() !== 0;
        break;
      case 0x18: {
        const whole = reader.int64();
        value = typeof whole === 'number' ? whole : String(whole);
        break;
      }
      case 0x21:
        value = jsonNumber(reader.double());
        break;
      case 0x2a:
      case 0x32:
        if (depth >= limits.depth) {
          value = '[too deep]';
          reader.skip(tag);
        } else value = tag === 0x2a ? readList(reader, depth) : readObject(reader, depth);
        break;
      case 0x3a:
        value = reader.base64();
        break;
      default:
        reader.skip(tag);
    }
  }
  reader.leave(end);
  return value;
}

/** JSON has no words for these. */
function jsonNumber(value: number): JsonValue {
  return Number.isFinite(value) ? value : String(value);
}

function readList(reader: WireReader, depth: number): JsonValue {
  const end = reader.length();
  const list: JsonValue[] = [];
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag === 0x0a && list.length < limits.listItems) list.push(readAnyValue(reader, depth + 1));
    else reader.skip(tag);
  }
  reader.leave(end);
  return list;
}

function readObject(reader: WireReader, depth: number): JsonValue {
  const end = reader.length();
  const members: [string, JsonValue][] = [];
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag !== 0x0a || members.length >= limits.listItems) {
      reader.skip(tag);
      continue;
    }
    const memberEnd = reader.length();
    let key = '';
    let value: JsonValue = null;
    while (reader.at < memberEnd) {
      const inner = reader.tag();
      if (inner === 0x0a) key = reader.text();
      else if (inner === 0x12) value = readAnyValue(reader, depth + 1);
      else reader.skip(inner);
    }
    reader.leave(memberEnd);
    members.push([key, value]);
  }
  reader.leave(end);
  return Object.fromEntries(members);
}
