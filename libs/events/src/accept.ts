import { type DescMessage, fromBinary, fromJson, type JsonValue, type MessageShape } from '@bufbuild/protobuf';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import {
  type AlertEvent,
  defaultNamespace,
  type Dependency,
  type ExecutionEvent,
  type ExecutionImported,
  type Fact,
  type SecurityEvent,
  type StepEvent,
  StepEventSchema,
  type StepsReported,
  StepsReportedSchema,
  type TrafficEvent,
} from '@tmws/contracts';
import { Problem } from '@tmws/problems';
import { eventTypes } from './catalog.ts';
import { checkTime, type CloudEvent } from './cloud-event.ts';
import { keepAlert, keepExecution, keepImported, keepReported, keepSecurity, keepStep, keepTraffic } from './keep.ts';
import { type KnownKeys, redactText } from './redact.ts';
import { parseJson } from './structured.ts';
import { stepOfJson } from './step-of-json.ts';

/** An event that may enter: known type, right data, redacted and capped, namespace and subject filled in. */
export interface Accepted {
  readonly event: CloudEvent & { readonly namespace: string; readonly subject: string };
  readonly topic: string;
  readonly payload:
    | { readonly case: 'execution'; readonly value: ExecutionEvent }
    | { readonly case: 'step'; readonly value: StepEvent }
    | { readonly case: 'reported'; readonly value: StepsReported }
    | { readonly case: 'imported'; readonly value: ExecutionImported }
    | { readonly case: 'security'; readonly value: SecurityEvent }
    | { readonly case: 'traffic'; readonly value: TrafficEvent }
    | { readonly case: 'alert'; readonly value: AlertEvent };
}

/**
 * Checks an event at the door. The same rules hold at every door, so what REST accepts the consumer does not refuse.
 *
 * @param namespace  where the event itself does not say
 * @param known  given for several events, their keys are looked at once
 * @throws Problem `invalid` or `unsupported` that names the field
 */
export function accept(event: CloudEvent, namespace = defaultNamespace, known?: KnownKeys): Accepted {
  const shape = eventTypes.get(event.type);
  if (shape === undefined) {
    const known = [...eventTypes.keys()].join(', ');
    throw new Problem(
      'unsupported',
      `the event type ${JSON.stringify(event.type.slice(0, 120))} is not known here; known are ${known}`,
      { field: 'type' },
    );
  }
  const value = decode(shape.schema, event);
  const payload = { case: shape.case, value } as Accepted['payload'];
  const { field, id: subject } = checkPayload(payload);
  keepPayloadData(shape.schema, payload, known);
  if (event.subject !== undefined && event.subject !== subject) {
    throw new Problem(
      'invalid',
      `subject is ${JSON.stringify(event.subject)} but data.${field} is ${JSON.stringify(subject)}; they must be the same`,
      {
        field: 'subject',
      },
    );
  }
  const source = redactText(event.source);
  return {
    event: { ...event, source, namespace: event.namespace ?? namespace, subject },
    topic: shape.topic,
    payload,
  };
}

/**
 * Checks a report that is already decoded, as `accept` does, and keeps its data redacted and capped, in place.
 *
 * @param known  given for several reports, their keys are looked at once
 * @throws Problem `invalid` or `unsupported` that names the field
 */
export function acceptReported(
  reported: StepsReported,
  event: Pick<CloudEvent, 'id' | 'source' | 'timeNs'>,
  namespace = defaultNamespace,
  known?: KnownKeys,
): Accepted {
  const payload = { case: 'reported', value: reported } as const;
  const { id: subject } = checkPayload(payload);
  keepPayloadData(StepsReportedSchema, payload, known);
  const rest = { dataContentType: 'application/protobuf', traceparent: undefined, data: Buffer.alloc(0) };
  return {
    event: { ...event, ...rest, type: 'tmws.steps.reported', source: redactText(event.source), namespace, subject },
    topic: 'tmws.workflow',
    payload,
  };
}

function decode<T extends DescMessage>(schema: T, event: CloudEvent): MessageShape<T> {
  const mediaType = event.dataContentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (mediaType === 'application/protobuf' || mediaType === 'application/x-protobuf') {
    return orInvalid(schema, () => fromBinary(schema, event.data, { readUnknownFields: false }));
  }
  if (mediaType !== 'application/json' && !mediaType.endsWith('+json')) {
    throw new Problem(
      'unsupported',
      `data must be application/json or application/protobuf (got ${JSON.stringify(mediaType.slice(0, 80))})`,
      {
        field: 'datacontenttype',
      },
    );
  }
  if (event.data.length === 0)
    throw new Problem('invalid', `data is empty; it must be the JSON of ${schema.typeName}`, { field: 'data' });
  const json = parseJson(event.data, 'data', 'data') as JsonValue;
  const step = schema.typeName === StepEventSchema.typeName ? stepOfJson(json) : undefined;
  if (step !== undefined) return step as unknown as MessageShape<T>;
  return orInvalid(schema, () => fromJson(schema, json, { ignoreUnknownFields: true }));
}

function orInvalid<T>(schema: DescMessage, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Problem) throw error;
    const why = redactText((error as Error).message).slice(0, 500);
    throw new Problem('invalid', `data is no ${schema.typeName}: ${why}`, { field: 'data', cause: error });
  }
}

/** @returns what the event is about, and which field says it */
function checkPayload(payload: Accepted['payload']): { field: string; id: string } {
  if (payload.case === 'security') return checkSecurity(payload.value);
  if (payload.case === 'traffic') return checkTraffic(payload.value);
  if (payload.case === 'alert') return checkAlert(payload.value);
  if (payload.case === 'execution') checkExecution(payload.value, 'data');
  else if (payload.case === 'step') checkStep(payload.value, 'data');
  else if (payload.case === 'imported') checkImported(payload.value);
  else checkReported(payload.value);
  return { field: 'executionId', id: payload.value.executionId };
}

function keepPayloadData(schema: DescMessage, payload: Accepted['payload'], known?: KnownKeys): void {
  orInvalid(schema, () => {
    if (payload.case === 'execution') keepExecution(payload.value, known);
    else if (payload.case === 'step') keepStep(payload.value, known);
    else if (payload.case === 'imported') keepImported(payload.value);
    else if (payload.case === 'security') keepSecurity(payload.value, known);
    else if (payload.case === 'traffic') keepTraffic(payload.value, known);
    else if (payload.case === 'alert') keepAlert(payload.value);
    else keepReported(payload.value, known);
  });
}

function checkReported(reported: StepsReported): void {
  checkId(reported.executionId, 'data.executionId');
  const { facts } = reported;
  if (facts.length < 1 || facts.length > 10_000)
    throw new Problem('invalid', `data.facts must hold 1 to 10000 facts (got ${facts.length})`, { field: 'data.facts' });
  facts.forEach((fact, i) => checkFact(fact, reported.executionId, `data.facts[${i}]`));
}

function checkFact(fact: Fact, executionId: string, field: string): void {
  const shape = eventTypes.get(fact.type);
  if (shape === undefined || (shape.case !== 'step' && shape.case !== 'execution')) {
    throw new Problem(
      'unsupported',
      `${field}.type ${JSON.stringify(fact.type.slice(0, 120))} is not a type of a step or an execution`,
      { field: `${field}.type` },
    );
  }
  const { data } = fact;
  if (data.case !== shape.case) {
    throw new Problem('invalid', `${field}.${shape.case} is missing; a ${fact.type} has it`, { field: `${field}.${shape.case}` });
  }
  if (data.value.executionId === '') data.value.executionId = executionId;
  if (data.value.executionId !== executionId) {
    throw new Problem(
      'invalid',
      `${field} names the execution ${JSON.stringify(data.value.executionId)}, the event ${JSON.stringify(executionId)}`,
      { field },
    );
  }
  if (fact.id !== '') checkId(fact.id, `${field}.id`);
  checkTimestamp(fact.time, `${field}.time`);
  if (data.case === 'execution') checkExecution(data.value, `${field}.execution`);
  else checkStep(data.value, `${field}.step`);
}

function checkSecurity({ principal, sourceIp }: SecurityEvent): { field: string; id: string } {
  if (principal !== '') checkId(principal, 'data.principal');
  if (sourceIp !== '') checkId(sourceIp, 'data.sourceIp');
  if (principal !== '') return { field: 'principal', id: principal };
  if (sourceIp !== '') return { field: 'sourceIp', id: sourceIp };
  throw new Problem('invalid', 'data.principal or data.sourceIp must say who it is about', { field: 'data.principal' });
}

function checkTraffic({ rule, key, caller, sourceIp, window }: TrafficEvent): { field: string; id: string } {
  checkId(rule, 'data.rule');
  for (const [field, text] of Object.entries({ key, caller, sourceIp })) if (text !== '') checkId(text, `data.${field}`);
  if (window !== undefined && (window.seconds < 0n || window.nanos < 0))
    throw new Problem('invalid', `data.window must be a length of time from 0s (got ${window.seconds}s)`, {
      field: 'data.window',
    });
  return { field: key === '' ? 'rule' : 'rule/data.key', id: key === '' ? rule : `${rule}/${key}` };
}

function checkAlert({ fingerprint, startsAt, endsAt }: AlertEvent): { field: string; id: string } {
  if (!/^[0-9a-f]{16}$/.test(fingerprint))
    throw new Problem('invalid', `data.fingerprint must be 16 hex digits (got ${JSON.stringify(fingerprint.slice(0, 40))})`, {
      field: 'data.fingerprint',
    });
  checkTimestamp(startsAt, 'data.startsAt');
  checkTimestamp(endsAt, 'data.endsAt');
  return { field: 'fingerprint', id: fingerprint };
}

function checkImported(data: ExecutionImported): void {
  checkId(data.executionId, 'data.executionId');
  checkTimestamp(data.startedAt, 'data.startedAt');
  checkTimestamp(data.finishedAt, 'data.finishedAt');
}

function checkExecution(data: ExecutionEvent, field: string): void {
  checkId(data.executionId, `${field}.executionId`);
  checkCommon(data, field);
  checkTimestamp(data.startedAt, `${field}.startedAt`);
  checkTimestamp(data.finishedAt, `${field}.finishedAt`);
  if (data.steps.length > 100_000)
    throw new Problem('invalid', `${field}.steps must hold at most 100000 steps`, { field: `${field}.steps` });
  data.steps.forEach((step, i) => {
    checkId(step.stepId, `${field}.steps[${i}].stepId`);
    checkPath(step.path, `${field}.steps[${i}].path`);
    checkCount(step.iteration, `${field}.steps[${i}].iteration`);
    checkDependencies(step.dependsOn, `${field}.steps[${i}].dependsOn`);
  });
}

function checkStep(data: StepEvent, field: string): void {
  checkId(data.executionId, `${field}.executionId`);
  checkId(data.stepId, `${field}.stepId`);
  checkSpanId(data.spanId, `${field}.spanId`);
  checkSpanId(data.parentSpanId, `${field}.parentSpanId`);
  if (data.keyedBySpan && data.spanId === '')
    throw new Problem('invalid', `${field}.spanId is missing; keyedBySpan needs it`, { field: `${field}.spanId` });
  checkCommon(data, field);
  checkPath(data.path, `${field}.path`);
  checkCount(data.iteration, `${field}.iteration`);
  checkCount(data.attempt, `${field}.attempt`);
  for (const name of ['readyAt', 'queuedAt', 'startedAt', 'finishedAt'] as const) {
    if (data[name] !== undefined) checkTimestamp(data[name], `${field}.${name}`);
  }
  checkDependencies(data.dependsOn, `${field}.dependsOn`);
  if (data.waits.length > 1000)
    throw new Problem('invalid', `${field}.waits must hold at most 1000 waits`, { field: `${field}.waits` });
  data.waits.forEach((wait, i) => {
    if (wait.from === undefined)
      throw new Problem('invalid', `${field}.waits[${i}].from is missing`, { field: `${field}.waits[${i}].from` });
    checkTimestamp(wait.from, `${field}.waits[${i}].from`);
    checkTimestamp(wait.to, `${field}.waits[${i}].to`);
  });
  if (data.usage !== undefined) checkNumbers(data.usage, `${field}.usage`);
  if (data.resource !== undefined) checkNumbers(data.resource, `${field}.resource`);
  data.reads.forEach((access, i) => checkNumbers(access, `${field}.reads[${i}]`));
  data.writes.forEach((access, i) => checkNumbers(access, `${field}.writes[${i}]`));
}

/** What executions and steps have alike. */
function checkCommon(data: ExecutionEvent | StepEvent, field: string): void {
  if (data.parentExecutionId !== '') checkId(data.parentExecutionId, `${field}.parentExecutionId`);
  if (data.input !== undefined) checkNumbers(data.input, `${field}.input`);
  if (data.output !== undefined) checkNumbers(data.output, `${field}.output`);
}

function checkDependencies(dependsOn: readonly Dependency[], field: string): void {
  if (dependsOn.length > 10_000) throw new Problem('invalid', `${field} must hold at most 10000 steps`, { field });
  dependsOn.forEach((dependency, i) => {
    checkSpanId(dependency.spanId, `${field}[${i}].spanId`);
    if (dependency.spanId === '' || dependency.stepId !== '') checkId(dependency.stepId, `${field}[${i}].stepId`);
    checkPath(dependency.path, `${field}[${i}].path`);
    checkCount(dependency.iteration ?? 0, `${field}[${i}].iteration`);
  });
}

/** No number of a message is negative, infinite or none. */
function checkNumbers(message: object, field: string): void {
  for (const [name, value] of Object.entries(message)) {
    const wrong = typeof value === 'number' ? !(value >= 0 && Number.isFinite(value)) : typeof value === 'bigint' && value < 0n;
    if (wrong) throw new Problem('invalid', `${field}.${name} must be a number from 0`, { field: `${field}.${name}` });
  }
}

const maxIdBytes = 512;

function checkId(id: string, field: string): void {
  if (id === '') throw new Problem('invalid', `${field} is missing`, { field });
  if (Buffer.byteLength(id) > maxIdBytes) throw new Problem('invalid', `${field} must be at most ${maxIdBytes} bytes`, { field });
  if (id.includes('\0') || !id.isWellFormed())
    throw new Problem('invalid', `${field} must be Unicode text without NUL`, { field });
}

const spanId = /^[0-9a-f]{16}$/;

function checkSpanId(id: string, field: string): void {
  if (id !== '' && !spanId.test(id))
    throw new Problem('invalid', `${field} must be 16 lower-case hex digits (got ${JSON.stringify(id.slice(0, 40))})`, { field });
}

function checkPath(path: readonly string[], field: string): void {
  if (path.length > 64) throw new Problem('invalid', `${field} must be at most 64 deep`, { field });
  path.forEach((part, i) => checkId(part, `${field}[${i}]`));
}

function checkCount(value: number, field: string): void {
  if (value > 1_000_000) throw new Problem('invalid', `${field} must be at most 1000000 (got ${value})`, { field });
}

function checkTimestamp(time: Timestamp | undefined, field: string): void {
  if (time !== undefined) checkTime(time.seconds * 1_000_000_000n + BigInt(time.nanos), field);
}
