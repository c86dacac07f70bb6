import type { ResourceSpans, Span, SpanEvent, SpanLink } from '../spans/span.ts';
import { limits } from '../spans/span.ts';
import {
  attributesOf,
  countOf,
  idOf,
  isObject,
  type JsonMembers,
  objectOf,
  objectsOf,
  parseBody,
  textOf,
  timeOf,
} from './json-values.ts';
import { parentOf, type ReadSpans, spanKinds } from './read-spans.ts';

/** ExportTraceServiceRequest in JSON. @throws Problem `invalid` that names the place */
export function readSpansJson(bytes: Buffer): ReadSpans {
  const traced = objectsOf(parseBody(bytes), 'resourceSpans', '').map((item, i): ResourceSpans => {
    const at = `resourceSpans[${i}].`;
    const spans = objectsOf(item, 'scopeSpans', at).flatMap((scope, j) =>
      objectsOf(scope, 'spans', `${at}scopeSpans[${j}].`).map(spanOf),
    );
    return { resource: attributesOf(objectOf(item, 'resource', at).attributes), spans };
  });
  return { traced: traced.filter(({ spans }) => spans.length > 0), tooShort: 0 };
}

function spanOf(span: JsonMembers): Span {
  const events = Array.isArray(span.events) ? span.events : [];
  const links = Array.isArray(span.links) ? span.links : [];
  const attributes = Array.isArray(span.attributes) ? span.attributes.length : 0;
  const status = isObject(span.status) ? span.status : {};
  return {
    traceId: idOf(span.traceId),
    spanId: idOf(span.spanId),
    parentSpanId: parentOf(idOf(span.parentSpanId)),
    traceState: textOf(span.traceState),
    name: textOf(span.name),
    kind: typeof span.kind === 'number' ? (spanKinds[span.kind] ?? '') : '',
    startNs: timeOf(span.startTimeUnixNano),
    endNs: timeOf(span.endTimeUnixNano),
    attributes: attributesOf(span.attributes),
    events: events.slice(0, limits.events).filter(isObject).map(eventOf),
    links: links.slice(0, limits.links).filter(isObject).map(linkOf),
    failed: status.code === 2,
    statusMessage: textOf(status.message),
    dropped: {
      attributes: countOf(span.droppedAttributesCount) + Math.max(0, attributes - limits.attributes),
      events: countOf(span.droppedEventsCount) + Math.max(0, events.length - limits.events),
      links: countOf(span.droppedLinksCount) + Math.max(0, links.length - limits.links),
    },
  };
}

function eventOf(event: JsonMembers): SpanEvent {
  const timeNs = timeOf(event.timeUnixNano);
  return { timeNs: timeNs < 0n ? 0n : timeNs, name: textOf(event.name), attributes: attributesOf(event.attributes) };
}

function linkOf(link: JsonMembers): SpanLink {
  return { traceId: idOf(link.traceId), spanId: idOf(link.spanId), attributes: attributesOf(link.attributes) };
}
