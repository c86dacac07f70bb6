// What a span says of its step, as the message our events have.
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { Dependency, StepError, StepEvent } from '@tmws/contracts';
import { redactText } from '@tmws/events';
import { attributesOf } from './attributes-of-span.ts';
import { payloadOf } from './payload.ts';
import type { Attributes, Span } from './span.ts';
import { tell, type Told } from './told.ts';

export interface SpanStep {
  readonly type: 'tmws.step.started' | 'tmws.step.completed' | 'tmws.step.failed';
  readonly step: StepEvent;
  readonly told: Told;
}

/**
 * Maps a span that `wrongWith` found right. Nothing it holds makes it throw.
 *
 * With `tmws.step.id` it is the step of that path, id and iteration; else its own span is its key.
 */
export function stepOfSpan(span: Span, told: Told, resource: Told): SpanStep {
  const type = span.endNs === 0n ? 'tmws.step.started' : span.failed ? 'tmws.step.failed' : 'tmws.step.completed';
  const named = told.text.stepId === undefined ? undefined : idText(told.text.stepId);
  const name = span.name === '' ? 'unknown' : span.name;
  const inner = innerPayloads(span, told);
  const input = payloadOf(told.payload.input ?? inner.input);
  const output = payloadOf(told.payload.output ?? inner.output);
  const error = span.failed ? errorOf(span, told) : undefined;
  const usage = usageOf(told);
  return {
    type,
    told,
    step: {
      $typeName: 'tmws.events.v1.StepEvent',
      executionId: '',
      parentExecutionId: '',
      stepId: named ?? idText(told.text.label ?? name),
      name,
      kind: told.text.kind ?? (span.kind === 'internal' || span.kind === '' ? 'task' : span.kind),
      path: named === undefined ? [] : (told.list.path ?? []).slice(0, 64).map(idText),
      iteration: named === undefined ? 0 : (countOf(told.number.iteration) ?? 0),
      attempt: countOf(told.number.attempt ?? (told.number.retries ?? 0) + 1) ?? 1,
      dependsOn: dependenciesOf(span, told),
      ...(span.startNs !== 0n && { startedAt: timestamp(span.startNs) }),
      ...(span.endNs !== 0n && { finishedAt: timestamp(span.endNs) }),
      waits: [],
      ...resourceOf(told, resource),
      ...(usage !== undefined && { usage }),
      reads: [],
      writes: [],
      ...(input !== undefined && { input }),
      ...(output !== undefined && { output }),
      ...(error !== undefined && { error }),
      ...attributesField(attributesOf(span, told)),
      spanId: span.spanId,
      parentSpanId: span.parentSpanId,
      keyedBySpan: named === undefined,
      spanKind: span.kind,
    },
  };
}

const maxIdBytes = 512;

/** A text as an id may be: Unicode without NUL and without credentials, at most 512 bytes, its end cut off. */
export function idText(text: string): string {
  const kept = redactText(text.length <= 4 * maxIdBytes ? text : text.slice(0, 4 * maxIdBytes));
  return kept.length <= maxIdBytes / 3 ? kept : cut(kept);
}

function cut(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxIdBytes) return text;
  let end = maxIdBytes;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}

export function timestamp(ns: bigint): Timestamp {
  return { $typeName: 'google.protobuf.Timestamp', seconds: ns / 1_000_000_000n, nanos: Number(ns % 1_000_000_000n) };
}

function countOf(count: number | undefined): number | undefined {
  return count === undefined || count > 1_000_000 ? undefined : count;
}

function attributesField(attributes: JsonObject | undefined): { attributes?: JsonObject } {
  return attributes === undefined ? {} : { attributes };
}

/** Links to spans of its own trace; others stay among the attributes. */
function dependenciesOf({ traceId, spanId, links }: Span, { list }: Told): Dependency[] {
  if (links.length === 0 && list.dependsOn === undefined) return [];
  const told: Dependency[] = (list.dependsOn ?? [])
    .slice(0, 1000)
    .map((stepId) => ({ $typeName: 'tmws.events.v1.Dependency', stepId: idText(stepId), kind: 'data', path: [], spanId: '' }));
  const linked = new Set(links.filter((link) => link.traceId === traceId && link.spanId !== spanId).map((link) => link.spanId));
  for (const id of linked) told.push({ $typeName: 'tmws.events.v1.Dependency', stepId: '', kind: 'link', path: [], spanId: id });
  return told;
}

function resourceOf({ text }: Told, { text: of }: Told): Pick<StepEvent, 'resource'> {
  const pool = text.pool ?? of.pool ?? '';
  const worker = text.worker ?? of.worker ?? text.thread ?? of.thread ?? '';
  return pool === '' && worker === '' ? {} : { resource: { $typeName: 'tmws.events.v1.Resource', pool, worker, cores: 0 } };
}

function usageOf({ number }: Told): StepEvent['usage'] {
  const { inputTokens, outputTokens, totalTokens, memoryBytes = 0, cpuSeconds = 0, costUsd = 0 } = number;
  // Cached input is part of the input, reasoning part of the output (GenAI conventions).
  const tokens = totalTokens ?? (inputTokens ?? 0) + (outputTokens ?? 0);
  if (tokens === 0 && memoryBytes === 0 && cpuSeconds === 0 && costUsd === 0) return undefined;
  return {
    $typeName: 'tmws.events.v1.Usage',
    cpuSeconds,
    memoryBytes: BigInt(memoryBytes),
    tokens: BigInt(Math.min(tokens, Number.MAX_SAFE_INTEGER)),
    costUsd,
  };
}

/** What its exception says, else its status (semantic conventions, "Exceptions on spans"). The last exception is the one that ended it. */
export function errorOf({ events, statusMessage, attributes }: Span, { text }: Told): StepError {
  const exception = events.findLast(({ name }) => name === 'exception')?.attributes;
  const said = (key: string): string => {
    const value = exception?.get(key);
    return typeof value === 'string' ? value : '';
  };
  return {
    $typeName: 'tmws.events.v1.StepError',
    type: said('exception.type') || (text.errorType ?? httpError(attributes)),
    message: said('exception.message') || statusMessage,
    detail: said('exception.stacktrace'),
  };
}

function httpError(attributes: Attributes): string {
  const status = attributes.get('http.response.status_code') ?? attributes.get('http.status_code');
  return typeof status === 'number' && status >= 400 ? `HTTP ${status}` : 'error';
}

/** What older conventions tell of inputs and outputs by events within the span. */
function innerPayloads({ events }: Span, { payload }: Told): Partial<Record<'input' | 'output', JsonValue>> {
  if (payload.input !== undefined && payload.output !== undefined) return {};
  const found: Partial<Record<'input' | 'output', JsonValue>> = {};
  for (const { name, attributes } of events) {
    if (!name.startsWith('gen_ai.')) continue;
    const inner = tell(attributes).payload;
    found.input ??= inner.input;
    found.output = inner.output ?? found.output;
  }
  return found;
}
