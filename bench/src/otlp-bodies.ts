// Requests of OTLP made once and changed in place, so that sending them costs little: 500 spans each, with seven attributes.
import { randomBytes } from 'node:crypto';
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { ExportTraceServiceRequestSchema } from '@tmws/contracts/otlp';

export const spansPerRequest = 500;

export interface Body {
  readonly bytes: Buffer;
  /** Gives its traces ids that no request had. */
  renew(): void;
}

// Deeper than the compiler follows: nested parts are given as plain objects.
type Request = Extract<MessageInitShape<typeof ExportTraceServiceRequestSchema>, { $typeName?: never }>;

const text = (key: string, value: string) => ({ key, value: { value: { case: 'stringValue' as const, value } } });
const whole = (key: string, value: number) => ({ key, value: { value: { case: 'intValue' as const, value: BigInt(value) } } });
const t0 = 1_770_000_000_000_000_000n;

/** @param namespace  of the resource, by which a run is told from others */
export function bodyOf(namespace: string, spansPerTrace: number): Body {
  const traces = Array.from({ length: Math.ceil(spansPerRequest / spansPerTrace) }, () => randomBytes(16));
  const spans = Array.from({ length: spansPerRequest }, (_, i) => {
    const first = i % spansPerTrace === 0;
    const startTimeUnixNano = t0 + BigInt(i) * 1_000_000n;
    return {
      traceId: traces[Math.floor(i / spansPerTrace)] ?? new Uint8Array(),
      spanId: spanId(i),
      parentSpanId: first ? new Uint8Array() : spanId(i - (i % spansPerTrace)),
      name: first ? 'invoke_agent planner' : `chat model-${i % 5}`,
      kind: 3,
      startTimeUnixNano,
      endTimeUnixNano: startTimeUnixNano + 900_000n,
      attributes: [
        text('gen_ai.operation.name', first ? 'invoke_agent' : 'chat'),
        text('gen_ai.provider.name', 'example-ai'),
        text('gen_ai.request.model', 'model-4o-mini'),
        whole('gen_ai.usage.input_tokens', 1200 + i),
        whole('gen_ai.usage.output_tokens', 300),
        text('http.route', '/v1/messages'),
        text('user.tier', 'pro'),
      ],
    };
  });
  const resource = {
    attributes: [text('service.name', 'bench'), text('service.instance.id', 'w-1'), text('tmws.namespace', namespace)],
  };
  const resourceSpans = [{ resource, scopeSpans: [{ scope: { name: 'bench' }, spans }] }] as Request['resourceSpans'];
  const bytes = Buffer.from(
    toBinary(ExportTraceServiceRequestSchema, create(ExportTraceServiceRequestSchema, { resourceSpans })),
  );
  const places = traces.map((trace) => placesOf(bytes, trace));
  return {
    bytes,
    renew() {
      for (const trace of places) {
        const id = randomBytes(16);
        for (const at of trace) id.copy(bytes, at);
      }
    },
  };
}

function spanId(number: number): Buffer {
  const id = Buffer.alloc(8, 1);
  id.writeUInt32BE(number + 1, 4);
  return id;
}

function placesOf(bytes: Buffer, wanted: Buffer): number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, at + wanted.length)) places.push(at);
  return places;
}
