// What is kept of a payload: redacted, and nothing larger than 64 KiB a field; of a larger one its beginning, its length and its hash.
import { createHash } from 'node:crypto';
import { create, fromJson, type JsonObject, toJson } from '@bufbuild/protobuf';
import { type Value, ValueSchema } from '@bufbuild/protobuf/wkt';
import { Problem } from '@tmws/problems';
import type {
  AlertEvent,
  ExecutionEvent,
  ExecutionImported,
  Payload,
  SecurityEvent,
  StepError,
  StepEvent,
  StepsReported,
  TrafficEvent,
} from '@tmws/contracts';
import { prefix } from './prefix.ts';
import { type KnownKeys, redactText, redactValue } from './redact.ts';

const maxFieldBytes = 64 * 1024;

/** Redacts and caps the data of an execution event, in place. */
export function keepExecution(data: ExecutionEvent, known: KnownKeys = new Map()): void {
  data.name = keepText(data.name);
  if (data.workflow !== undefined) keepWorkflow(data.workflow);
  for (const step of data.steps) {
    step.name = keepText(step.name);
    step.kind = keepText(step.kind);
    for (const dependency of step.dependsOn) dependency.kind = keepText(dependency.kind);
  }
  keepCommon(data, known);
}

/** Redacts and caps all facts of a report, in place. */
export function keepReported(reported: StepsReported, known: KnownKeys = new Map()): void {
  if (reported.workflow !== undefined) keepWorkflow(reported.workflow);
  for (const { data } of reported.facts) {
    if (data.case === 'execution') keepExecution(data.value, known);
    else if (data.case === 'step') keepStep(data.value, known);
  }
}

/** Redacts and caps what is told of an imported execution, in place. */
export function keepImported(data: ExecutionImported): void {
  if (data.workflow !== undefined) keepWorkflow(data.workflow);
  data.format = keepText(data.format);
  data.importId = keepText(data.importId);
  data.sha256 = keepText(data.sha256);
}

const maxUserAgent = 256;

/** Redacts and caps what is told of security, in place. */
export function keepSecurity(data: SecurityEvent, known: KnownKeys = new Map()): void {
  for (const name of ['by', 'credential', 'method', 'reason', 'resource', 'namespace', 'severity'] as const) {
    data[name] = keepText(data[name]);
  }
  data.userAgent = redactText(prefix(data.userAgent, maxUserAgent));
  if (data.attributes !== undefined) data.attributes = keepAttributes(data.attributes, known);
}

/** Redacts and caps what is told of traffic, in place. */
export function keepTraffic(data: TrafficEvent, known: KnownKeys = new Map()): void {
  for (const name of ['action', 'method', 'reason'] as const) data[name] = keepText(data[name]);
  for (const [name, value] of Object.entries(data.descriptor)) data.descriptor[name] = keepText(value);
  if (data.attributes !== undefined) data.attributes = keepAttributes(data.attributes, known);
}

/** Redacts and caps the data of an alert's event, in place. */
export function keepAlert(data: AlertEvent): void {
  for (const set of [data.labels, data.annotations]) for (const [name, value] of Object.entries(set)) set[name] = keepText(value);
  data.by = keepText(data.by);
  data.comment = keepText(data.comment);
  if (data.delivery !== undefined) {
    for (const name of ['receiver', 'integration', 'reason', 'receipt', 'error'] as const) {
      data.delivery[name] = keepText(data.delivery[name]);
    }
  }
}

/** Redacts and caps the data of a step event, in place. */
export function keepStep(data: StepEvent, known: KnownKeys = new Map()): void {
  data.name = keepText(data.name);
  data.kind = keepText(data.kind);
  data.spanKind = keepText(data.spanKind);
  if (data.workflow !== undefined) keepWorkflow(data.workflow);
  for (const dependency of data.dependsOn) dependency.kind = keepText(dependency.kind);
  for (const wait of data.waits) {
    wait.kind = keepText(wait.kind);
    wait.reason = keepText(wait.reason);
  }
  for (const access of [...data.reads, ...data.writes]) {
    access.key = keepText(access.key);
    access.hash = keepText(access.hash);
  }
  if (data.resource !== undefined) {
    data.resource.pool = keepText(data.resource.pool);
    data.resource.worker = keepText(data.resource.worker);
  }
  keepCommon(data, known);
}

function keepWorkflow(workflow: { name: string; version: string }): void {
  workflow.name = keepText(workflow.name);
  workflow.version = keepText(workflow.version);
}

function keepCommon(
  data: { input?: Payload; output?: Payload; error?: StepError; attributes?: JsonObject },
  known: KnownKeys,
): void {
  if (data.input !== undefined) keepPayload(data.input);
  if (data.output !== undefined) keepPayload(data.output);
  if (data.error !== undefined) {
    data.error.type = keepText(data.error.type);
    data.error.message = keepText(data.error.message);
    data.error.detail = keepText(data.error.detail);
  }
  if (data.attributes !== undefined) data.attributes = keepAttributes(data.attributes, known);
}

function keepPayload(payload: Payload): void {
  payload.ref = keepText(payload.ref);
  payload.sha256 = keepText(payload.sha256);
  if (payload.inline === undefined) return;
  const whole = redactValue(jsonOf(payload.inline));
  const text = typeof whole === 'string' ? whole : JSON.stringify(whole);
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxFieldBytes) {
    payload.inline = fromJson(ValueSchema, whole as never);
    return;
  }
  payload.inline = textValue(prefix(text, maxFieldBytes));
  // An event passes more than one door; the first one has seen the whole.
  if (payload.truncated) return;
  payload.truncated = true;
  payload.bytes = BigInt(bytes);
  payload.sha256 = sha256(text);
}

function jsonOf(value: Value): unknown {
  try {
    return toJson(ValueSchema, value);
  } catch (error) {
    // NaN and infinities: binary protobuf can say them, JSON cannot.
    throw new Problem('invalid', `a payload holds what JSON cannot: ${(error as Error).message}`, {
      field: 'data',
      cause: error,
    });
  }
}

function keepAttributes(attributes: JsonObject, known: KnownKeys): JsonObject {
  const kept = redactValue(attributes, known) as JsonObject;
  for (const key of Object.keys(kept)) {
    const value = kept[key] ?? null;
    if (typeof value !== 'string' && (typeof value !== 'object' || value === null)) continue;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (isTooLarge(text)) Object.defineProperty(kept, key, { value: shortened(text) });
  }
  return kept;
}

function keepText(text: string): string {
  if (text === '') return text;
  const kept = redactText(text);
  return isTooLarge(kept) ? shortened(kept) : kept;
}

/** Cheap for texts that are not. */
function isTooLarge(text: string): boolean {
  return text.length * 3 > maxFieldBytes && Buffer.byteLength(text) > maxFieldBytes;
}

/** With its note it is no larger than a field may be, so the next door leaves it as it is. */
function shortened(text: string): string {
  return `${prefix(text, maxFieldBytes - 128)}… [${Buffer.byteLength(text)} bytes, sha256 ${sha256(text)}]`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function textValue(text: string): Value {
  return create(ValueSchema, { kind: { case: 'stringValue', value: text } });
}
