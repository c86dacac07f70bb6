// Traces as Jaeger's API and its UI's download write them.
import type { JsonValue } from '@bufbuild/protobuf';
import { Problem } from '@tmws/problems';
import { reportsOf } from '../spans/reports-of-spans.ts';
import type { Attributes, ResourceSpans, Span } from '../spans/span.ts';
import type { Content } from './content.ts';
import type { ImportedExecution } from './imported.ts';
import { asSecond, type JaegerSpan, jaegerSpanOf, traceIdOf } from './jaeger-span.ts';
import { tagsOf } from './jaeger-tags.ts';
import { asObject, fieldOf, isObject, type JsonObject, listOf, objectOf, textOf, wrong } from './json.ts';
import type { Reader } from './reader.ts';
import { recordedFacts } from './recorded-facts.ts';

export const jaeger: Reader = {
  format: 'jaeger',
  knownBy: 'a trace with traceID and spans, a list of such, or an object with them as data',
  recognizes: (value) => {
    const [first] = tracesOf(value) ?? [];
    return isObject(first) && 'spans' in first && ('traceID' in first || 'processes' in first);
  },
  read,
};

function tracesOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value as readonly unknown[];
  if (!isObject(value)) return undefined;
  return Array.isArray(value.data) ? (value.data as readonly unknown[]) : [value];
}

interface Trace {
  /** As the file has it, in lower case. */
  readonly id: string;
  readonly spans: JaegerSpan[];
  readonly resources: Map<string, Attributes>;
  readonly warnings: string[];
}

/** Every trace is an execution of its id; what the attributes say beyond that is read as from OTLP. */
function read({ value }: Content): ImportedExecution[] {
  const traces = new Map<string, Trace>();
  const list = tracesOf(value) ?? [];
  const single = isObject(value) && !Array.isArray(value.data);
  list.forEach((item, i) => {
    const at = single ? '$' : Array.isArray(value) ? `$[${i}]` : `$.data[${i}]`;
    addTrace(traces, asObject(item, at), at, i);
  });
  return [...traces.values()].filter(({ spans }) => spans.length > 0).map(executionOf);
}

function addTrace(traces: Map<string, Trace>, given: JsonObject, at: string, number: number): void {
  const processes = objectOf(given, 'processes', at) ?? {};
  const resources = new Map(
    Object.keys(processes).map((id) => [`${number}/${id}`, resourceOf(processes[id], `${at}.processes.${id}`)]),
  );
  const told = fieldOf(given, 'traceID');
  if (told !== undefined) traceIdOf(told, `${at}.traceID`);
  listOf(given, 'spans', at).forEach((item, i) => {
    const one = jaegerSpanOf(item, `${at}.spans[${i}]`);
    const id = textOf(asObject(item, at), 'traceID', at).toLowerCase();
    const trace = traces.get(one.span.traceId) ?? { id, spans: [], resources: new Map<string, Attributes>(), warnings: [] };
    traces.set(one.span.traceId, trace);
    const processId = `${number}/${one.processId}`;
    const resource = resources.get(processId);
    if (resource === undefined && one.processId !== '')
      throw wrong(`${at}.spans[${i}].processID`, `one of the trace's processes`, one.processId);
    if (resource !== undefined) trace.resources.set(processId, resource);
    trace.spans.push({ ...one, processId });
    if (i === 0) trace.warnings.push(...listOf(given, 'warnings', at).filter((text) => typeof text === 'string'));
  });
}

function resourceOf(value: unknown, at: string): Attributes {
  const given = asObject(value, at);
  const tags: Map<string, JsonValue> = tagsOf(given, 'tags', at);
  const hostname = tags.get('hostname');
  if (hostname !== undefined && !tags.has('host.name')) tags.set('host.name', hostname);
  const service = textOf(given, 'serviceName', at);
  if (service !== '') tags.set('service.name', service);
  return tags;
}

function executionOf(trace: Trace): ImportedExecution {
  const { spans, dropped } = distinct(trace.spans);
  const byId = new Map(spans.map((one) => [one.span.spanId, one]));
  const traced = [...Map.groupBy(spans, ({ processId }) => processId)].map(([processId, some]): ResourceSpans => ({
    resource: trace.resources.get(processId) ?? new Map<string, JsonValue>(),
    spans: some.map((one) => placed(one, byId)),
  }));
  const facts = reportsOf(traced, () => '', refuse).flatMap(({ reported }) => reported.facts);
  for (const fact of facts) {
    const time = fact.data.value?.finishedAt ?? fact.data.value?.startedAt;
    if (time !== undefined) fact.time = time;
  }
  const notes = [
    ...trace.warnings,
    ...(dropped > 0 ? [`${dropped} spans stand in it twice and are shown once.`] : []),
    ...(spans.some((one) => one.childOf === '' && one.followsFrom === '') ? [] : ['The span around all others is not in it.']),
  ];
  const origin = { reconstructed: false, note: notes.join(' ').slice(0, 2000) };
  return recordedFacts({ format: 'jaeger', executionId: trace.id, facts, origin });
}

function refuse(span: Span, reason: string): never {
  throw new Problem('invalid', `the span ${span.spanId} cannot be taken: ${reason}`);
}

/** A span written twice is one; two of one id that differ are both kept. */
function distinct(spans: readonly JaegerSpan[]): { spans: JaegerSpan[]; dropped: number } {
  const kept: JaegerSpan[] = [];
  let dropped = 0;
  for (const same of Map.groupBy(spans, ({ span }) => span.spanId).values()) {
    const seen = new Set<string>();
    for (const one of same) {
      const content = contentOf(one);
      if (seen.has(content)) dropped++;
      else kept.push(seen.size === 0 ? one : asSecond(one, seen.size));
      seen.add(content);
    }
  }
  return { spans: kept, dropped };
}

function contentOf({ span, ...rest }: JaegerSpan): string {
  return JSON.stringify([span, rest], (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value instanceof Map ? [...(value as Attributes)] : value,
  );
}

/** A span that only follows another lies where that one lies, and comes after it. */
function placed(one: JaegerSpan, byId: ReadonlyMap<string, JaegerSpan>): Span {
  const attributes = one.warnings.length === 0 ? one.span.attributes : withWarnings(one);
  return { ...one.span, attributes, parentSpanId: parentOf(one, byId) };
}

function parentOf(one: JaegerSpan, byId: ReadonlyMap<string, JaegerSpan>): string {
  if (one.childOf !== '') return one.childOf;
  const seen = new Set<string>([one.span.spanId]);
  let last = '';
  for (let at = one.followsFrom; at !== '' && !seen.has(at);) {
    seen.add(at);
    last = at;
    const followed = byId.get(at);
    if (followed === undefined) return at;
    if (followed.childOf !== '') return followed.childOf;
    at = followed.followsFrom;
  }
  return last;
}

function withWarnings({ span, warnings }: JaegerSpan): Attributes {
  return new Map<string, JsonValue>([
    ...span.attributes,
    ['jaeger.warnings', warnings.slice(0, 20).map((text) => text.slice(0, 500))],
  ]);
}
