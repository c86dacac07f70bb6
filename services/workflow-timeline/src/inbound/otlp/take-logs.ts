import type { JsonValue } from '@bufbuild/protobuf';
import { type Fact, type Payload, namespaceWithin } from '@tmws/contracts';
import type { OutgoingRecord } from '@tmws/events';
import { jsonOf } from '../spans/attributes-of-span.ts';
import { payloadOf } from '../spans/payload.ts';
import type { SpanReport } from '../spans/reports-of-spans.ts';
import { isSpanId, type Span } from '../spans/span.ts';
import { idText, timestamp } from '../spans/step-of-span.ts';
import { tell } from '../spans/told.ts';
import type { GenAiEvent, ReadLogs } from './read-logs.ts';
import { packing, recordsOf } from './records-of-report.ts';
import type { Outcome } from './refusals.ts';
import type { Sender } from './sender.ts';

const maxNs = 7_258_118_400_000_000_000n;

/**
 * What GenAI events say as input and output of the step of their span. Other log records are accepted and not kept, as are
 * events that name no span; events that cannot be stored are left out too: a log is no reason to be asked again.
 */
export function takeLogs({ all, events }: ReadLogs, sender: Sender): { records: readonly OutgoingRecord[]; outcome: Outcome } {
  const right = events.filter(
    ({ traceId, spanId, timeNs }) => isSpanId(traceId, 32) && isSpanId(spanId, 16) && timeNs > 0n && timeNs < maxNs,
  );
  const pack = packing();
  const records = [...Map.groupBy(right, (event) => keyOf(event, sender))].flatMap(([key, some]) => {
    const [inNamespace = '', executionId = ''] = JSON.parse(key) as string[];
    return recordsOf(reportOf(inNamespace, executionId, some), pack);
  });
  return { records, outcome: { accepted: all, rejected: 0, message: '' } };
}

function keyOf({ resource, traceId }: GenAiEvent, sender: Sender): string {
  const { text } = tell(resource);
  let own = sender.namespace;
  try {
    if (text.namespace !== undefined) own = namespaceWithin(sender, text.namespace, 'tmws.namespace');
  } catch {
    // Its spans are refused by name; here there is nobody to tell.
  }
  return JSON.stringify([own, text.executionId === undefined ? traceId : idText(text.executionId)]);
}

function reportOf(namespace: string, executionId: string, events: readonly GenAiEvent[]): SpanReport {
  const facts: Fact[] = [...Map.groupBy(events, ({ spanId }) => spanId).values()].map(factOf);
  return {
    namespace,
    service: tell(events[0]?.resource ?? new Map<string, JsonValue>()).text.pool ?? '',
    timeNs: events.reduce((latest, { timeNs }) => (timeNs > latest ? timeNs : latest), 0n),
    reported: { $typeName: 'tmws.events.v1.StepsReported', executionId, facts },
    spans: facts.map(() => nobody),
  };
}

function factOf(events: readonly GenAiEvent[]): Fact {
  const inputs: JsonValue[] = [];
  const outputs: JsonValue[] = [];
  let [input, output]: (JsonValue | undefined)[] = [];
  for (const event of events) {
    const { payload } = tell(event.attributes);
    input = payload.input ?? input;
    output = payload.output ?? output;
    if (event.body !== null) (event.eventName === 'gen_ai.choice' ? outputs : inputs).push(messageOf(event));
  }
  const [first] = events;
  const told: { input?: Payload; output?: Payload } = {};
  const inputPayload = payloadOf(input ?? (inputs.length > 0 ? inputs : undefined));
  const outputPayload = payloadOf(output ?? (outputs.length > 0 ? outputs : undefined));
  if (inputPayload !== undefined) told.input = inputPayload;
  if (outputPayload !== undefined) told.output = outputPayload;
  const spanId = first?.spanId ?? '';
  return {
    $typeName: 'tmws.events.v1.Fact',
    id: `${spanId}/logs`,
    // The span itself, whenever it comes, says more and has the last word.
    type: 'tmws.step.started',
    time: timestamp(first?.timeNs ?? 0n),
    data: {
      case: 'step',
      value: {
        $typeName: 'tmws.events.v1.StepEvent',
        executionId: '',
        parentExecutionId: '',
        stepId: idText(first?.eventName ?? ''),
        name: '',
        kind: '',
        path: [],
        iteration: 0,
        attempt: 1,
        dependsOn: [],
        waits: [],
        reads: [],
        writes: [],
        ...told,
        spanId,
        parentSpanId: '',
        keyedBySpan: true,
        spanKind: '',
      },
    },
  };
}

/** "gen_ai.user.message" and its body as one message; the role is the event's if the body has none. */
function messageOf({ eventName, body, attributes }: GenAiEvent): JsonValue {
  const role = /^gen_ai\.(system|user|assistant|tool)\.message$/.exec(eventName)?.[1];
  const inner = typeof body === 'object' && body !== null && !Array.isArray(body) ? body : { content: body };
  return {
    ...(role !== undefined && { role }),
    ...inner,
    ...(inner.content === undefined && { attributes: jsonOf(attributes) }),
  };
}

/** Stands for the span of what no span told. */
const nobody: Span = {
  traceId: '',
  spanId: '',
  parentSpanId: '',
  traceState: '',
  name: '',
  kind: '',
  startNs: 0n,
  endNs: 0n,
  attributes: new Map(),
  events: [],
  links: [],
  failed: false,
  statusMessage: '',
  dropped: { attributes: 0, events: 0, links: 0 },
};
