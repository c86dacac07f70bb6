// Records of mapped topics as events that rules see: CloudEvents in either mode, and plain JSON.
import { isUtf8 } from 'node:buffer';
import { toJson } from '@bufbuild/protobuf';
import { parseNamespace } from '@tmws/contracts';
import {
  accept,
  type CloudEvent,
  eventTypes,
  fromRecord,
  fromStructured,
  type IncomingRecord,
  parseJson,
  parseTime,
  redactText,
  rfc3339,
} from '@tmws/events';
import { Problem } from '@tmws/problems';
import type { ObservedEvent } from '../domain/detection/observed-event.ts';
import type { SourceMapping } from '../domain/detection/source-mapping.ts';

/**
 * What rules see of a record: a CloudEvent, or a JSON object, or several after one another or in an array.
 *
 * @throws Problem `invalid` or `unsupported` for what is none of these
 */
export function observedRecord(record: IncomingRecord, mapping: SourceMapping, nowMs: number): ObservedEvent[] {
  if (isCloudEvent(record)) return [observedEvent(fromRecord(record), mapping)];
  const values = valuesOf(record.value ?? Buffer.alloc(0));
  return values.map((body, i) => plainEvent(record, body, values.length === 1 ? '' : `#${i}`, mapping, nowMs));
}

const mostValues = 10_000;

function valuesOf(value: Buffer): unknown[] {
  try {
    return [parseJson(value, 'the record')].flat();
  } catch (error) {
    // Several objects are no JSON, and what many tools write. Each is checked as one is.
    const separate = isUtf8(value) ? separated(value.toString('utf8')) : [];
    if (separate.length < 2 || separate.length > mostValues) throw error;
    return separate.map((each) => parseJson(Buffer.from(each), 'the record'));
  }
}

/** The texts of values that follow one another; of what is none of it, any. */
function separated(text: string): string[] {
  const found: string[] = [];
  let [depth, start] = [0, 0];
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}]/gs)) {
    if (token === '{' && depth++ === 0) start = index;
    else if (token === '}' && --depth === 0) found.push(text.slice(start, index + 1));
  }
  return found;
}

function plainEvent(record: IncomingRecord, body: unknown, suffix: string, mapping: SourceMapping, nowMs: number): ObservedEvent {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Problem('invalid', 'the record must be a CloudEvent, a JSON object, or several of them');
  const map = body as Record<string, unknown>;
  if (map.specversion === '1.0' && typeof map.type === 'string' && typeof map.source === 'string')
    return observedEvent(fromStructured(body, BigInt(Math.max(0, record.timestampMs)) * 1_000_000n), mapping);
  const { topic, partition, offset, timestampMs } = record;
  return {
    namespace: namespaceOf(body, mapping, undefined),
    source: `/kafka/${topic}`,
    id: `${topic}/${partition}/${offset}${suffix}`,
    type: 'record',
    atMs: timeAt(body, mapping.time) ?? (timestampMs > 0 ? timestampMs : nowMs),
    mapping,
    body,
  };
}

/** The same of an event that was read already. */
export function observedEvent(event: CloudEvent, mapping: SourceMapping): ObservedEvent {
  const { id, source, type, subject, timeNs } = event;
  const time = rfc3339(timeNs);
  const body = { id, source, type, ...(subject !== undefined && { subject }), time, data: dataOf(event) };
  return {
    namespace: namespaceOf(body, mapping, event.namespace),
    source: redactText(source),
    id,
    type,
    atMs: Number(timeNs / 1_000_000n),
    mapping,
    body,
  };
}

const isCloudEvent = ({ headers }: IncomingRecord): boolean =>
  headers.ce_specversion !== undefined ||
  headers['content-type']?.toLowerCase().startsWith('application/cloudevents') === true ||
  headers['tmws-unreadable'] !== undefined;

/** JSON as it came; a message of ours as its JSON; else a text. */
function dataOf(event: CloudEvent): unknown {
  const mediaType = event.dataContentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (event.data.length === 0) return undefined;
  if (mediaType === 'application/json' || mediaType.endsWith('+json')) return parseJson(event.data, 'data', 'data');
  const schema = eventTypes.get(event.type)?.schema;
  if (/^application\/(?:x-)?protobuf$/.test(mediaType) && schema !== undefined)
    return toJson(schema, accept(event).payload.value as never);
  return event.data.toString('utf8');
}

/** What the event says beats what lies at the path, that what the file says. */
function namespaceOf(body: unknown, { namespace, namespacePath }: SourceMapping, own: string | undefined): string {
  if (own !== undefined) return own;
  const found = namespacePath === '' ? undefined : valueAt(body, namespacePath);
  return typeof found === 'string' && found !== '' ? parseNamespace(found, namespacePath) : namespace;
}

/** RFC 3339, or a number: seconds, or milliseconds where seconds would be beyond the year 5138. */
function timeAt(body: unknown, path: string): number | undefined {
  const value = path === '' ? undefined : valueAt(body, path);
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value < 1e11 ? value * 1000 : value;
  if (typeof value !== 'string') return undefined;
  return Number(parseTime(value, path) / 1_000_000n);
}

/** A key that holds dots itself wins over a path of the same spelling. */
function valueAt(value: unknown, path: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const map = value as Record<string, unknown>;
  if (Object.hasOwn(map, path)) return map[path];
  for (let dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
    const found = Object.hasOwn(map, path.slice(0, dot)) ? valueAt(map[path.slice(0, dot)], path.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
