// How facts and attempts lie in the database, as the text of their JSON: the domain's own names, ns as decimal strings.
import type { Attempt } from '../domain/attempt.ts';
import type { ExecutionFact, Fact, StepFact, Wait } from '../domain/fact.ts';

type Json = Readonly<Record<string, unknown>>;

const timeFields = ['readyNs', 'queuedNs', 'startNs', 'endNs'] as const;

/** The parts of a fact that have no column of their own, as JSON text. */
export function factDoc(fact: Fact): string {
  const doc: Record<string, unknown> = { ...fact, about: undefined, stamp: undefined, type: undefined };
  for (const field of timeFields) if (typeof doc[field] === 'bigint') doc[field] = String(doc[field]);
  return jsonText(doc);
}

/** The fact again, from its columns and its document. */
export function factOf(columns: { type: string; stamp: Fact['stamp']; step: boolean; doc: Json }): Fact {
  const { doc } = columns;
  const times = Object.fromEntries(
    timeFields.filter((field) => doc[field] !== undefined).map((field) => [field, BigInt(doc[field] as string)]),
  );
  const waits = doc.waits === undefined ? {} : { waits: waitsOf(doc.waits) };
  const fact = {
    ...doc,
    ...times,
    ...waits,
    about: columns.step ? 'step' : 'execution',
    stamp: columns.stamp,
    type: columns.type,
  };
  return fact as unknown as StepFact | ExecutionFact;
}

/** The parts of an attempt that have no column of their own, as JSON text. */
export function attemptDoc({ span, name, kind, waits, dependsOn, resource, usage, error }: Attempt): string {
  return jsonText({
    span,
    ...(name !== '' && { name }),
    ...(kind !== '' && { kind }),
    ...(waits.length > 0 && { waits }),
    ...(dependsOn.length > 0 && { dependsOn }),
    resource,
    usage,
    error,
  });
}

/** Those parts again. */
export function attemptParts(
  doc: Json,
): Pick<Attempt, 'span' | 'name' | 'kind' | 'waits' | 'dependsOn' | 'resource' | 'usage' | 'error'> {
  return {
    span: doc.span as Attempt['span'],
    name: (doc.name as string | undefined) ?? '',
    kind: (doc.kind as string | undefined) ?? '',
    waits: doc.waits === undefined ? [] : waitsOf(doc.waits),
    dependsOn: (doc.dependsOn as Attempt['dependsOn'] | undefined) ?? [],
    resource: doc.resource as Attempt['resource'],
    usage: doc.usage as Attempt['usage'],
    error: doc.error as Attempt['error'],
  };
}

function jsonText(value: Readonly<Record<string, unknown>>): string {
  // Waits hold times. Else what PostgreSQL cannot read shows as an escape, and most documents have none.
  if (value.waits === undefined) {
    const text = JSON.stringify(value);
    if (!text.includes('\\u')) return text;
  }
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : storable(inner)));
}

/** What PostgreSQL reads as JSON holds neither NUL nor lone surrogates. */
function storable(value: unknown): unknown {
  if (typeof value !== 'string' || (value.isWellFormed() && !value.includes('\0'))) return value;
  return value.toWellFormed().replaceAll('\0', '\ufffd');
}

function waitsOf(waits: unknown): Wait[] {
  return (waits as { kind: string; fromNs: string; toNs?: string; reason: string }[]).map(({ kind, fromNs, toNs, reason }) => ({
    kind,
    fromNs: BigInt(fromNs),
    toNs: toNs === undefined ? undefined : BigInt(toNs),
    reason,
  }));
}
