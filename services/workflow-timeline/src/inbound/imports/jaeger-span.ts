import { createHash } from 'node:crypto';
import type { JsonValue } from '@bufbuild/protobuf';
import { isSpanId, limits, type Span, type SpanEvent, type SpanKind, type SpanLink, wrongWith } from '../spans/span.ts';
import { tagsOf, withoutNotes } from './jaeger-tags.ts';
import { asObject, fieldOf, type JsonObject, listOf, textOf, wrong } from './json.ts';

/** A span of Jaeger's with what it says of others. */
export interface JaegerSpan {
  readonly span: Span;
  readonly processId: string;
  /** The span it lies in. */
  readonly childOf: string;
  /** The span it comes after, without being waited for. */
  readonly followsFrom: string;
  readonly warnings: readonly string[];
}

const kinds: ReadonlySet<string> = new Set(['internal', 'server', 'client', 'producer', 'consumer']);

/** A trace's id as OTLP has it: 64-bit ones are filled up with zeros. @throws Problem `invalid` */
export function traceIdOf(value: unknown, at: string): string {
  return idOf(value, 32, at);
}

function idOf(value: unknown, digits: 16 | 32, at: string): string {
  const id = typeof value === 'string' ? value.toLowerCase().padStart(digits, '0') : '';
  if (isSpanId(id, digits)) return id;
  throw wrong(at, `1 to ${digits} hex digits that are not all zero`, value);
}

/** @throws Problem `invalid` that names the place */
export function jaegerSpanOf(value: unknown, at: string): JaegerSpan {
  const given = asObject(value, at);
  const traceId = traceIdOf(given.traceID, `${at}.traceID`);
  const spanId = idOf(given.spanID, 16, `${at}.spanID`);
  const tags = tagsOf(given, 'tags', at);
  const startNs = microsOf(given, 'startTime', at);
  const references = listOf(given, 'references', at).map((item, i) => referenceOf(item, `${at}.references[${i}]`));
  const own = references.filter((reference) => reference.traceId === traceId && reference.spanId !== spanId);
  const parent = fieldOf(given, 'parentSpanID');
  const childOf =
    own.find(({ type }) => type === 'CHILD_OF')?.spanId ?? (parent === undefined ? '' : idOf(parent, 16, `${at}.parentSpanID`));
  const span: Span = {
    traceId,
    spanId,
    parentSpanId: '',
    traceState: textTag(tags, 'w3c.tracestate'),
    name: textOf(given, 'operationName', at),
    kind: kinds.has(textTag(tags, 'span.kind')) ? (textTag(tags, 'span.kind') as SpanKind) : '',
    startNs,
    endNs: startNs + microsOf(given, 'duration', at),
    attributes: withoutNotes(tags),
    events: listOf(given, 'logs', at)
      .slice(0, limits.events)
      .map((log, i) => eventOf(log, `${at}.logs[${i}]`)),
    links: references
      .filter((reference) => reference.type === 'FOLLOWS_FROM' || reference.traceId !== traceId)
      .slice(0, limits.links),
    failed: failedOf(tags),
    statusMessage: textTag(tags, 'otel.status_description'),
    dropped: { attributes: 0, events: Math.max(0, listOf(given, 'logs', at).length - limits.events), links: 0 },
  };
  const reason = wrongWith(span);
  if (reason !== undefined) throw wrong(at, `a span that can be drawn: ${reason}`, given.spanID);
  return {
    span,
    processId: textOf(given, 'processID', at),
    childOf,
    followsFrom: own.find(({ type }) => type === 'FOLLOWS_FROM')?.spanId ?? '',
    warnings: listOf(given, 'warnings', at).filter((item) => typeof item === 'string'),
  };
}

/** The same span under another id, for the second half of a call that both sides tell under one id, as Zipkin does. */
export function asSecond({ span, ...rest }: JaegerSpan, number: number): JaegerSpan {
  const spanId = createHash('sha256').update(`${span.traceId}/${span.spanId}#${number}`).digest('hex').slice(0, 16);
  return { ...rest, span: { ...span, spanId }, childOf: span.spanId };
}

function failedOf(tags: ReadonlyMap<string, JsonValue>): boolean {
  const code = textTag(tags, 'otel.status_code').toUpperCase();
  const error = tags.get('error');
  return code === '' ? error === true || error === 'true' : code === 'ERROR';
}

function textTag(tags: ReadonlyMap<string, JsonValue>, key: string): string {
  const value = tags.get(key);
  return typeof value === 'string' ? value : '';
}

function referenceOf(value: unknown, at: string): SpanLink & { readonly type: string } {
  const given = asObject(value, at);
  return {
    type: textOf(given, 'refType', at),
    traceId: traceIdOf(given.traceID, `${at}.traceID`),
    spanId: idOf(given.spanID, 16, `${at}.spanID`),
    attributes: new Map(),
  };
}

function eventOf(value: unknown, at: string): SpanEvent {
  const given = asObject(value, at);
  const fields = tagsOf(given, 'fields', at);
  const name = textTag(fields, 'event') || 'log';
  fields.delete('event');
  // What OpenTracing says of an error, as OpenTelemetry would.
  const failed = name === 'error' && (fields.has('error.kind') || fields.has('stack') || fields.has('message'));
  const renamed = { 'error.kind': 'exception.type', message: 'exception.message', stack: 'exception.stacktrace' };
  if (failed) {
    for (const [from, to] of Object.entries(renamed)) {
      const said = fields.get(from);
      if (said !== undefined) fields.set(to, said);
      fields.delete(from);
    }
  }
  return { timeNs: microsOf(given, 'timestamp', at), name: failed ? 'exception' : name, attributes: fields };
}

const maxMicros = 7_258_118_400_000_000;

/** A time or duration in µs, as ns. */
function microsOf(of: JsonObject, name: string, at: string): bigint {
  const value = of[name];
  if (typeof value === 'number' && value >= 0 && value < maxMicros) {
    // A double holds microseconds exactly, nanoseconds not.
    const whole = Math.floor(value);
    return BigInt(whole) * 1000n + BigInt(Math.round((value - whole) * 1000));
  }
  throw wrong(`${at}.${name}`, 'a number of microseconds before the year 2200', value);
}
