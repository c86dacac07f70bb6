// ExportTraceServiceRequest (OTLP 1.x, trace_service.proto) into spans, straight from the wire: a generic decoder makes a message of
// each attribute and its value, which costs three times as much. A test holds it to the generic one.
import {
  limits,
  noAttributes,
  type Attributes,
  type ResourceSpans,
  type Span,
  type SpanEvent,
  type SpanKind,
  type SpanLink,
} from '../spans/span.ts';
import { gathering, type Gathering, readKeyValue } from './read-values.ts';
import { WireReader } from './wire-reader.ts';

/** What a request holds. Spans that are no more than a few bytes cannot be right; they are only counted. */
export interface ReadSpans {
  readonly traced: readonly ResourceSpans[];
  readonly tooShort: number;
}

// Ids and a time take more.
const minSpanBytes = 30;

export const spanKinds: readonly SpanKind[] = ['', 'internal', 'server', 'client', 'producer', 'consumer'];

/** @throws Problem `invalid` for what is no protobuf */
export function readSpans(bytes: Buffer): ReadSpans {
  const reader = new WireReader(bytes);
  const traced: ResourceSpans[] = [];
  let tooShort = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag !== 0x0a) {
      reader.skip(tag);
      continue;
    }
    const { tooShort: short, ...read } = readResourceSpans(reader.part());
    tooShort += short;
    if (read.spans.length > 0) traced.push(read);
  }
  return { traced, tooShort };
}

function readResourceSpans(reader: WireReader): ResourceSpans & { tooShort: number } {
  const spans: Span[] = [];
  const resource = gathering();
  let tooShort = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) readResource(reader, resource);
    else if (tag === 0x12) tooShort += readScopeSpans(reader, spans);
    else reader.skip(tag);
  }
  return { resource: attributesOf(resource), spans, tooShort };
}

export function readResource(reader: WireReader, into: Gathering): void {
  const end = reader.length();
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag === 0x0a) readKeyValue(reader, into);
    else reader.skip(tag);
  }
  reader.leave(end);
}

function readScopeSpans(reader: WireReader, spans: Span[]): number {
  const end = reader.length();
  let tooShort = 0;
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag !== 0x12) {
      reader.skip(tag);
      continue;
    }
    const spanEnd = reader.length();
    if (spanEnd - reader.at >= minSpanBytes) spans.push(readSpan(reader, spanEnd));
    else {
      tooShort++;
      reader.at = spanEnd;
    }
  }
  reader.leave(end);
  return tooShort;
}

function readSpan(reader: WireReader, end: number): Span {
  let traceId = '';
  let spanId = '';
  let parentSpanId = '';
  let traceState = '';
  let name = '';
  let kind: SpanKind = '';
  let startNs = 0n;
  let endNs = 0n;
  let failed = false;
  let statusMessage = '';
  const attributes = gathering();
  let events: SpanEvent[] | undefined;
  let links: SpanLink[] | undefined;
  let [droppedEvents, droppedLinks] = [0, 0];
  while (reader.at < end) {
    const tag = reader.tag();
    switch (tag) {
      case 0x0a:
        traceId = reader.hex();
        break;
      case 0x12:
        spanId = reader.hex();
        break;
      case 0x1a:
        traceState = reader.text();
        break;
      case 0x22:
        parentSpanId = parentOf(reader.hex());
        break;
      case 0x2a:
        name = reader.text();
        break;
      case 0x30:
        kind = spanKinds[reader.uint()] ?? '';
        break;
      case 0x39:
        startNs = reader.fixed64();
        break;
      case 0x41:
        endNs = reader.fixed64();
        break;
      case 0x4a:
        readKeyValue(reader, attributes);
        break;
      case 0x50:
        attributes.dropped += reader.uint();
        break;
      case 0x5a:
        if ((events ??= []).length < limits.events) events.push(readEvent(reader));
        else {
          droppedEvents++;
          reader.skip(tag);
        }
        break;
      case 0x60:
        droppedEvents += reader.uint();
        break;
      case 0x6a:
        if ((links ??= []).length < limits.links) links.push(readLink(reader));
        else {
          droppedLinks++;
          reader.skip(tag);
        }
        break;
      case 0x70:
        droppedLinks += reader.uint();
        break;
      case 0x7a: {
        const statusEnd = reader.length();
        while (reader.at < statusEnd) {
          const inner = reader.tag();
          if (inner === 0x12) statusMessage = reader.text();
          else if (inner === 0x18) failed = reader.uint() === 2;
          else reader.skip(inner);
        }
        reader.leave(statusEnd);
        break;
      }
      default:
        reader.skip(tag);
    }
  }
  reader.leave(end);
  return {
    traceId,
    spanId,
    parentSpanId,
    traceState,
    name,
    kind,
    startNs,
    endNs,
    attributes: attributesOf(attributes),
    events: events ?? none,
    links: links ?? none,
    failed,
    statusMessage,
    dropped: { attributes: attributes.dropped, events: droppedEvents, links: droppedLinks },
  };
}

const none: readonly never[] = [];

/** No parent is written as nothing or, by some, as zeros. */
export function parentOf(id: string): string {
  return id === '0000000000000000' ? '' : id;
}

function readEvent(reader: WireReader): SpanEvent {
  const end = reader.length();
  let timeNs = 0n;
  let name = '';
  const attributes = gathering();
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag === 0x09) timeNs = reader.fixed64();
    else if (tag === 0x12) name = reader.text();
    else if (tag === 0x1a) readKeyValue(reader, attributes);
    else reader.skip(tag);
  }
  reader.leave(end);
  return { timeNs, name, attributes: attributesOf(attributes) };
}

function readLink(reader: WireReader): SpanLink {
  const end = reader.length();
  let traceId = '';
  let spanId = '';
  const attributes = gathering();
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag === 0x0a) traceId = reader.hex();
    else if (tag === 0x12) spanId = reader.hex();
    else if (tag === 0x22) readKeyValue(reader, attributes);
    else reader.skip(tag);
  }
  reader.leave(end);
  return { traceId, spanId, attributes: attributesOf(attributes) };
}

function attributesOf({ map }: Gathering): Attributes {
  return map.size === 0 ? noAttributes : map;
}
