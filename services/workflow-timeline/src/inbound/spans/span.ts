// What is known of a span, whoever told it: OTLP in protobuf or JSON, or a file of Jaeger's.
import type { JsonValue } from '@bufbuild/protobuf';

/** By key, the last of a key told twice. Values are JSON: 64-bit numbers beyond 2^53 are decimal texts, bytes are base64. */
export type Attributes = ReadonlyMap<string, JsonValue>;

export type SpanKind = '' | 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/** Times are ns since the epoch, 0 if not told. Ids are as they came, in lower case; `wrongWith` judges them. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for a root. */
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly failed: boolean;
  readonly statusMessage: string;
  /** What its sender or the reader left out of it. */
  readonly dropped: { readonly attributes: number; readonly events: number; readonly links: number };
}

export interface SpanEvent {
  readonly timeNs: bigint;
  readonly name: string;
  readonly attributes: Attributes;
}

export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Attributes;
}

/** What one service, process or library told. */
export interface ResourceSpans {
  readonly resource: Attributes;
  readonly spans: readonly Span[];
}

/** Of one span so much is read; the rest is counted as dropped. */
export const limits = { attributes: 1000, events: 128, links: 1000, listItems: 1000, depth: 16 } as const;

export const noAttributes: Attributes = new Map();

const maxNs = 7_258_118_400_000_000_000n; // 2200-01-01
const hex = /^[0-9a-f]+$/;

/** A trace's or span's id: hex of so many digits, not all zeros (OTLP, "Span.trace_id"). */
export function isSpanId(id: string, digits: 16 | 32): boolean {
  return id.length === digits && hex.test(id) && !/^0+$/.test(id);
}

/** Why a span cannot be taken, or undefined. */
export function wrongWith({ traceId, spanId, parentSpanId, startNs, endNs }: Span): string | undefined {
  if (!isSpanId(traceId, 32)) return `its trace id must be 16 bytes that are not all zero (got ${shown(traceId)})`;
  if (!isSpanId(spanId, 16)) return `its span id must be 8 bytes that are not all zero (got ${shown(spanId)})`;
  if (parentSpanId !== '' && !isSpanId(parentSpanId, 16))
    return `its parent's span id must be 8 bytes that are not all zero, or none (got ${shown(parentSpanId)})`;
  if (startNs === 0n && endNs === 0n) return 'it has neither a start nor an end time';
  if (startNs < 0n || startNs >= maxNs) return `its start time must lie between 1970 and 2200 (got ${startNs} ns)`;
  if (endNs < 0n || endNs >= maxNs) return `its end time must lie between 1970 and 2200 (got ${endNs} ns)`;
  return undefined;
}

function shown(id: string): string {
  return id === '' ? 'none' : JSON.stringify(id.slice(0, 40));
}
