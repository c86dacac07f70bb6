import { createHash } from 'node:crypto';
import type { StepFact } from './fact.ts';
import { compareFacts } from './rank.ts';

/** What was told of an attempt beside its times: kept and shown, never interpreted. */
export interface StepData {
  readonly input: PayloadFact | undefined;
  readonly output: PayloadFact | undefined;
  readonly attributes: KeptValue | undefined;
  readonly reads: readonly unknown[];
  readonly writes: readonly unknown[];
}

/** A value that is kept, and the SHA-256 of its JSON text, by which it is asked for. */
export interface KeptValue {
  readonly value: unknown;
  readonly json: string;
  readonly sha256: string;
}

/** A payload: what is kept of it, and what is known of the whole. */
export interface PayloadFact {
  readonly kept: KeptValue | undefined;
  readonly truncated: boolean;
  readonly wholeRef: string;
  readonly wholeSha256: string;
  readonly wholeBytes: bigint | undefined;
}

/** Each value as the fact with the most say tells it (M4 of attempt.ts). @param facts  of one attempt */
export function stepDataOf(facts: readonly StepFact[]): StepData {
  const ranked = facts.toSorted((a, b) => compareFacts(b, a));
  const told = (field: string): unknown => ranked.find(({ data }) => data?.[field] !== undefined)?.data?.[field];
  const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
  const attributes = told('attributes');
  return {
    input: payloadOf(told('input')),
    output: payloadOf(told('output')),
    attributes: attributes === undefined ? undefined : keptValue(attributes),
    reads: list(told('reads')),
    writes: list(told('writes')),
  };
}

/** The value of a step with this hash; undefined if no fact tells it. */
export function valueByHash(facts: readonly StepFact[], sha256: string): KeptValue | undefined {
  for (const { data } of facts) {
    const values = [payloadOf(data?.input)?.kept, payloadOf(data?.output)?.kept];
    if (data?.attributes !== undefined) values.push(keptValue(data.attributes));
    const found = values.find((value) => value?.sha256 === sha256);
    if (found !== undefined) return found;
  }
  return undefined;
}

// A payload lies in a fact as proto3 JSON of tmws.events.v1.Payload.
function payloadOf(told: unknown): PayloadFact | undefined {
  if (typeof told !== 'object' || told === null) return undefined;
  const { inline, ref, sha256, bytes, truncated } = told as Record<string, unknown>;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    kept: 'inline' in told ? keptValue(inline) : undefined,
    truncated: truncated === true,
    wholeRef: text(ref),
    wholeSha256: text(sha256),
    wholeBytes: typeof bytes === 'string' && /^-?\d+$/.test(bytes) ? BigInt(bytes) : undefined,
  };
}

function keptValue(value: unknown): KeptValue {
  const json = JSON.stringify(value ?? null);
  return { value: value ?? null, json, sha256: createHash('sha256').update(json).digest('hex') };
}
