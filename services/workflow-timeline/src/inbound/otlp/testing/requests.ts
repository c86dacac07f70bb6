// OTLP requests for tests: one description, in protobuf and in JSON.
import { randomBytes } from 'node:crypto';
import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { ExportTraceServiceRequestSchema } from '@tmws/contracts/otlp';

export type Request = MessageInitShape<typeof ExportTraceServiceRequestSchema>;
type Value = string | number | boolean | readonly Value[];

export interface SpanInit {
  readonly trace: string;
  readonly id: string;
  readonly parent?: string;
  readonly name?: string;
  readonly kind?: number;
  readonly start?: bigint;
  readonly end?: bigint;
  readonly error?: string;
  readonly attributes?: Readonly<Record<string, Value>>;
  readonly links?: readonly { trace: string; id: string }[];
}

export const t0 = 1_770_000_000_000_000_000n;

const anyValue = (value: Value): Record<string, unknown> => {
  if (typeof value === 'string') return { value: { case: 'stringValue', value } };
  if (typeof value === 'boolean') return { value: { case: 'boolValue', value } };
  if (typeof value === 'number')
    return { value: Number.isInteger(value) ? { case: 'intValue', value: BigInt(value) } : { case: 'doubleValue', value } };
  return { value: { case: 'arrayValue', value: { values: value.map(anyValue) } } };
};
const keyValues = (attributes: Readonly<Record<string, Value>> = {}): unknown[] =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
const hex = (id: string): Uint8Array => Buffer.from(id, 'hex');

/** A request of one service. */
export function requestOf(spans: readonly SpanInit[], resource: Readonly<Record<string, Value>> = {}): Request {
  const scopeSpans = [{ scope: { name: 'tests' }, spans: spans.map(spanOf) }];
  return { resourceSpans: [{ resource: { attributes: keyValues(resource) }, scopeSpans }] } as Request;
}

function spanOf({ trace, id, parent = '', name = 'a span', kind = 1, start = t0, end = t0 + 1000n, ...more }: SpanInit): unknown {
  return {
    traceId: hex(trace),
    spanId: hex(id),
    parentSpanId: hex(parent),
    name,
    kind,
    startTimeUnixNano: start,
    endTimeUnixNano: end,
    attributes: keyValues(more.attributes),
    links: (more.links ?? []).map((link) => ({ traceId: hex(link.trace), spanId: hex(link.id) })),
    ...(more.error !== undefined && { status: { code: 2, message: more.error } }),
  };
}

export function protobufOf(request: Request): Buffer {
  return Buffer.from(toBinary(ExportTraceServiceRequestSchema, create(ExportTraceServiceRequestSchema, request)));
}

/** By the JSON rules of OTLP, which are not those of protobuf: ids in hex, enums as numbers. */
export function jsonOf(request: Request): Record<string, unknown> {
  return plain(create(ExportTraceServiceRequestSchema, request)) as Record<string, unknown>;
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  const any = value as { $typeName?: string; value?: { case?: string; value?: unknown } };
  if (any.$typeName === 'opentelemetry.proto.common.v1.AnyValue') {
    const inner = any.value?.value;
    if (any.value?.case === undefined) return {};
    return {
      [any.value.case]: any.value.case === 'bytesValue' ? Buffer.from(inner as Uint8Array).toString('base64') : plain(inner),
    };
  }
  const members = Object.entries(value).filter(([key, inner]) => key !== '$typeName' && inner !== undefined);
  return Object.fromEntries(members.map(([key, inner]) => [key, plain(inner)]));
}

/** An id nobody else has. */
export function traceId(): string {
  return randomBytes(16).toString('hex');
}

/** The span of a number. */
export function spanId(number: number): string {
  return number.toString(16).padStart(16, '0');
}
