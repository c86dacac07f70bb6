// Spans as facts: gathered by execution, with what a root says of the execution itself.
import type { ExecutionEvent, Fact, StepsReported } from '@tmws/contracts';
import { idText, errorOf, stepOfSpan, timestamp, type SpanStep } from './step-of-span.ts';
import { jsonOf } from './attributes-of-span.ts';
import { type Attributes, type ResourceSpans, type Span, wrongWith } from './span.ts';
import { tell, type Told } from './told.ts';

/** What some spans tell of one execution. */
export interface SpanReport {
  readonly namespace: string;
  /** The service they are from, empty if there is none or more than one. */
  readonly service: string;
  /** The latest time in it, ns. */
  readonly timeNs: bigint;
  readonly reported: StepsReported;
  /** The span a fact came from, by the fact's place. */
  readonly spans: readonly Span[];
}

/** Is told of each span that is not taken. */
export type Refuse = (span: Span, reason: string) => void;

interface Gathered {
  readonly traceId: string;
  readonly namespace: string;
  readonly resource: Told;
  readonly resourceAttributes: Attributes;
  readonly span: Span;
  readonly told: Told;
}

/**
 * One report an execution. It is the trace, unless the resource or every span of the trace that came along says which
 * (`tmws.execution.id` and what the table has for it): what only some spans say would split the trace.
 *
 * @param namespaceOf  where the resource does not say it; throws for a name that is none
 */
export function reportsOf(
  traced: readonly ResourceSpans[],
  namespaceOf: (named: string | undefined) => string,
  refuse: Refuse,
): SpanReport[] {
  const traces = new Map<string, Gathered[]>();
  for (const { resource: resourceAttributes, spans } of traced) {
    const resource = tell(resourceAttributes);
    const namespace = namespaceOr(resource.text.namespace, namespaceOf);
    for (const span of spans) {
      const wrong = namespace.wrong ?? wrongWith(span);
      if (wrong !== undefined) {
        refuse(span, wrong);
        continue;
      }
      const gathered = {
        traceId: span.traceId,
        namespace: namespace.name,
        resource,
        resourceAttributes,
        span,
        told: tell(span.attributes),
      };
      const key = `${namespace.name}/${span.traceId}`;
      const trace = traces.get(key);
      if (trace === undefined) traces.set(key, [gathered]);
      else trace.push(gathered);
    }
  }
  const executions = new Map<string, Gathered[]>();
  for (const trace of traces.values()) {
    const everyTells = trace.every(({ told, resource }) => (told.text.executionId ?? resource.text.executionId) !== undefined);
    for (const one of trace) {
      const id = (everyTells ? one.told.text.executionId : undefined) ?? one.resource.text.executionId;
      const key = JSON.stringify([one.namespace, id === undefined ? one.traceId : idText(id)]);
      const execution = executions.get(key);
      if (execution === undefined) executions.set(key, [one]);
      else execution.push(one);
    }
  }
  return [...executions].map(([key, gathered]) => {
    const [namespace = '', executionId = ''] = JSON.parse(key) as string[];
    return reportOf(namespace, executionId, gathered);
  });
}

function namespaceOr(
  named: string | undefined,
  namespaceOf: (named: string | undefined) => string,
): { name: string; wrong?: string } {
  try {
    return { name: namespaceOf(named) };
  } catch (error) {
    return { name: '', wrong: (error as Error).message };
  }
}

function reportOf(namespace: string, executionId: string, gathered: readonly Gathered[]): SpanReport {
  const facts: Fact[] = [];
  const spans: Span[] = [];
  const ids = new Map<string, number>();
  let timeNs = 0n;
  for (const one of gathered) {
    const { span, told, resource } = one;
    // A span told twice at once: the second is a fact of its own.
    const times = (ids.get(span.spanId) ?? 0) + 1;
    ids.set(span.spanId, times);
    const id = times === 1 ? span.spanId : `${span.spanId}.${times}`;
    const mapped = stepOfSpan(span, told, resource);
    const spanNs = span.endNs > span.startNs ? span.endNs : span.startNs;
    if (spanNs > timeNs) timeNs = spanNs;
    facts.push({ $typeName: 'tmws.events.v1.Fact', id, type: mapped.type, data: { case: 'step', value: mapped.step } });
    spans.push(span);
    if (span.parentSpanId === '') {
      facts.push(rootFact(`${id}/execution`, one, mapped));
      spans.push(span);
    }
  }
  const services = new Set(gathered.map(({ resource }) => resource.text.pool ?? ''));
  const [service = ''] = services;
  return {
    namespace,
    service: services.size === 1 ? service : '',
    timeNs,
    reported: { $typeName: 'tmws.events.v1.StepsReported', executionId, facts },
    spans,
  };
}

const endings = {
  'tmws.step.started': 'tmws.execution.started',
  'tmws.step.completed': 'tmws.execution.completed',
  'tmws.step.failed': 'tmws.execution.failed',
} as const;

/** A span without a parent is the execution's word. */
function rootFact(id: string, { span, told, resource, resourceAttributes }: Gathered, { type, step }: SpanStep): Fact {
  const { text } = told;
  const name = text.workflowName ?? resource.text.workflowName ?? text.agentName ?? step.name;
  const version = text.workflowVersion ?? resource.text.workflowVersion ?? '';
  const value: ExecutionEvent = {
    $typeName: 'tmws.events.v1.ExecutionEvent',
    executionId: '',
    workflow: { $typeName: 'tmws.events.v1.Workflow', name, version },
    parentExecutionId: idText(text.parentExecutionId ?? resource.text.parentExecutionId ?? ''),
    name: step.name,
    ...(span.startNs !== 0n && { startedAt: timestamp(span.startNs) }),
    ...(span.endNs !== 0n && { finishedAt: timestamp(span.endNs) }),
    ...(span.failed && { error: errorOf(span, told) }),
    ...(resourceAttributes.size > 0 && { attributes: jsonOf(resourceAttributes) }),
    steps: [],
  };
  return { $typeName: 'tmws.events.v1.Fact', id, type: endings[type], data: { case: 'execution', value } };
}
