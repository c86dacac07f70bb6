import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { rfc3339 } from '@tmws/events';
import type { Attributes, Span, SpanEvent, SpanLink } from './span.ts';
import type { Told } from './told.ts';

// What the model has a place for and nobody looks for among the attributes.
const placed: ReadonlySet<string> = new Set([
  'tmws.namespace',
  'tmws.execution.id',
  'tmws.execution.parent_id',
  'tmws.step.id',
  'tmws.step.path',
  'tmws.step.iteration',
  'tmws.step.attempt',
  'tmws.step.kind',
]);
const exceptionKeys: ReadonlySet<string> = new Set(['exception.type', 'exception.message', 'exception.stacktrace']);

const maxEventsBytes = 16 * 1024;

/**
 * The attributes a step keeps: the span's own, without what became its payloads and places; what has no place in the model
 * stands beside them under `otel.…`: events, links to other traces, the trace state, how much was dropped.
 */
export function attributesOf(span: Span, { payloadKeys, text }: Told): JsonObject | undefined {
  const kept: JsonObject = {};
  let count = 0;
  const put = (key: string, value: JsonValue): void => {
    count++;
    if (key === '__proto__') Object.defineProperty(kept, key, { value, enumerable: true });
    else kept[key] = value;
  };
  for (const [key, value] of span.attributes) {
    if (key !== payloadKeys.input && key !== payloadKeys.output && !placed.has(key)) put(key, value);
  }
  if (text.provider !== undefined && !span.attributes.has('gen_ai.provider.name')) put('gen_ai.provider.name', text.provider);
  if (span.events.length > 0) put('otel.events', eventsOf(span));
  const others = span.links.filter(({ traceId }) => traceId !== span.traceId);
  if (others.length > 0) put('otel.links', others.slice(0, 100).map(linkOf));
  if (span.traceState !== '') put('otel.trace_state', span.traceState.slice(0, 512));
  const { attributes, events, links } = span.dropped;
  if (attributes > 0) put('otel.dropped_attributes', attributes);
  if (events > 0) put('otel.dropped_events', events);
  if (links > 0) put('otel.dropped_links', links);
  return count > 0 ? kept : undefined;
}

/** A map of attributes as a JSON object. */
export function jsonOf(attributes: Attributes, without: ReadonlySet<string> = new Set()): JsonObject {
  return Object.fromEntries([...attributes].filter(([key]) => !without.has(key)));
}

/** Their names and times, with attributes as long as they are small; the exception of a failed span is its error already. */
function eventsOf({ events, failed }: Span): JsonValue[] {
  let left = maxEventsBytes;
  const last = failed ? events.findLast(({ name }) => name === 'exception') : undefined;
  return events.map((event) => {
    const inner = jsonOf(event.attributes, event === last ? exceptionKeys : undefined);
    const size = Object.keys(inner).length === 0 ? 0 : JSON.stringify(inner).length;
    left -= size;
    return { name: event.name.slice(0, 256), time: timeOf(event), ...(size > 0 && left >= 0 && { attributes: inner }) };
  });
}

const maxNs = 7_258_118_400_000_000_000n;

function timeOf({ timeNs }: SpanEvent): string {
  return timeNs < maxNs ? rfc3339(timeNs) : String(timeNs);
}

function linkOf({ traceId, spanId, attributes }: SpanLink): JsonObject {
  const inner = jsonOf(attributes);
  const small = attributes.size > 0 && JSON.stringify(inner).length <= 1024;
  return { traceId: traceId.slice(0, 64), spanId: spanId.slice(0, 32), ...(small && { attributes: inner }) };
}
