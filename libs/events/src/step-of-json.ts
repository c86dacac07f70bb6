// The short way from JSON to a StepEvent. Most events hold nothing but what is read here, and protobuf's own reader, which
// can read them all, takes several times as long.
import type { JsonObject } from '@bufbuild/protobuf';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { Dependency, Resource, StepError, StepEvent, Usage, Workflow } from '@tmws/contracts';

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads JSON as `fromJson(StepEventSchema, json, { ignoreUnknownFields: true })` does, or not at all: undefined when it holds a
 * field, a spelling or a value that is not read here, be it right or wrong.
 */
export function stepOfJson(json: unknown): StepEvent | undefined {
  if (!isObject(json)) return undefined;
  const step = emptyStep();
  for (const field of Object.keys(json)) {
    const read = fields.get(field);
    if (read?.(step, json[field]) !== true) return undefined;
  }
  return step;
}

/** Sets the field and says true, or leaves it. */
type Read = (step: StepEvent, value: unknown) => boolean;

type FieldOf<T> = { [K in keyof StepEvent]-?: StepEvent[K] extends T ? K : never }[keyof StepEvent];
type TextField = Exclude<FieldOf<string>, '$typeName'>;
type TimeField = 'readyAt' | 'queuedAt' | 'startedAt' | 'finishedAt';

const text =
  (field: TextField): Read =>
  (step, value) => {
    if (!isText(value)) return false;
    step[field] = value;
    return true;
  };
const count =
  (field: 'iteration' | 'attempt'): Read =>
  (step, value) => {
    if (!isUint32(value)) return false;
    step[field] = value;
    return true;
  };
const time =
  (field: TimeField): Read =>
  (step, value) =>
    (step[field] = timestampOf(value)) !== undefined;

const fields: ReadonlyMap<string, Read> = new Map(
  Object.entries<Read>({
    executionId: text('executionId'),
    parentExecutionId: text('parentExecutionId'),
    stepId: text('stepId'),
    name: text('name'),
    kind: text('kind'),
    spanId: text('spanId'),
    parentSpanId: text('parentSpanId'),
    spanKind: text('spanKind'),
    iteration: count('iteration'),
    attempt: count('attempt'),
    readyAt: time('readyAt'),
    queuedAt: time('queuedAt'),
    startedAt: time('startedAt'),
    finishedAt: time('finishedAt'),
    path: (step, value) => isTexts(value) && ((step.path = value), true),
    workflow: (step, value) => (step.workflow = workflowOf(value)) !== undefined,
    resource: (step, value) => (step.resource = resourceOf(value)) !== undefined,
    usage: (step, value) => (step.usage = usageOf(value)) !== undefined,
    error: (step, value) => (step.error = errorOf(value)) !== undefined,
    attributes: (step, value) => isFlat(value) && ((step.attributes = value), true),
    dependsOn(step, value) {
      if (!Array.isArray(value)) return false;
      for (const item of value) {
        const dependency = dependencyOf(item);
        if (dependency === undefined) return false;
        step.dependsOn.push(dependency);
      }
      return true;
    },
  }),
);

function emptyStep(): StepEvent {
  return {
    $typeName: 'tmws.events.v1.StepEvent',
    executionId: '',
    parentExecutionId: '',
    stepId: '',
    name: '',
    kind: '',
    path: [],
    iteration: 0,
    attempt: 0,
    dependsOn: [],
    waits: [],
    reads: [],
    writes: [],
    spanId: '',
    parentSpanId: '',
    keyedBySpan: false,
    spanKind: '',
  };
}

function workflowOf(json: unknown): Workflow | undefined {
  if (!isObject(json) || !hasOnly(json, ['name', 'version'])) return undefined;
  const { name = '', version = '' } = json;
  return isText(name) && isText(version) ? { $typeName: 'tmws.events.v1.Workflow', name, version } : undefined;
}

function resourceOf(json: unknown): Resource | undefined {
  if (!isObject(json) || !hasOnly(json, ['pool', 'worker', 'cores'])) return undefined;
  const { pool = '', worker = '', cores = 0 } = json;
  if (!isText(pool) || !isText(worker) || !isNumber(cores)) return undefined;
  return { $typeName: 'tmws.events.v1.Resource', pool, worker, cores };
}

function usageOf(json: unknown): Usage | undefined {
  if (!isObject(json) || !hasOnly(json, ['cpuSeconds', 'memoryBytes', 'tokens', 'costUsd'])) return undefined;
  const { cpuSeconds = 0, memoryBytes = '0', tokens = '0', costUsd = 0 } = json;
  if (!isNumber(cpuSeconds) || !isNumber(costUsd) || !isDecimal(memoryBytes) || !isDecimal(tokens)) return undefined;
  return {
    $typeName: 'tmws.events.v1.Usage',
    cpuSeconds,
    memoryBytes: BigInt(memoryBytes),
    tokens: BigInt(tokens),
    costUsd,
  };
}

function errorOf(json: unknown): StepError | undefined {
  if (!isObject(json) || !hasOnly(json, ['type', 'message', 'detail'])) return undefined;
  const { type = '', message = '', detail = '' } = json;
  if (!isText(type) || !isText(message) || !isText(detail)) return undefined;
  return { $typeName: 'tmws.events.v1.StepError', type, message, detail };
}

function dependencyOf(json: unknown): Dependency | undefined {
  if (!isObject(json) || !hasOnly(json, ['stepId', 'kind'])) return undefined;
  const { stepId = '', kind = '' } = json;
  if (!isText(stepId) || !isText(kind)) return undefined;
  return { $typeName: 'tmws.events.v1.Dependency', stepId, kind, path: [], spanId: '' };
}

const utc = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/;

/** In UTC, to the second or the millisecond, after 1970. */
function timestampOf(json: unknown): Timestamp | undefined {
  if (typeof json !== 'string' || !utc.test(json)) return undefined;
  const ms = Date.parse(json);
  if (!(ms >= 0)) return undefined;
  const seconds = Math.floor(ms / 1000);
  return { $typeName: 'google.protobuf.Timestamp', seconds: BigInt(seconds), nanos: (ms - seconds * 1000) * 1_000_000 };
}

function hasOnly(json: Json, names: readonly string[]): boolean {
  for (const name of Object.keys(json)) if (!names.includes(name)) return false;
  return true;
}

function isObject(json: unknown): json is Json {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** An object of texts, numbers and flags. */
function isFlat(json: unknown): json is JsonObject {
  if (!isObject(json)) return false;
  for (const name of Object.keys(json)) {
    const value = json[name];
    if (name === '__proto__' || !name.isWellFormed() || !(isText(value) || isNumber(value) || typeof value === 'boolean'))
      return false;
  }
  return true;
}

function isTexts(json: unknown): json is string[] {
  return Array.isArray(json) && json.every((item) => isText(item));
}

function isText(json: unknown): json is string {
  return typeof json === 'string' && json.isWellFormed();
}

function isNumber(json: unknown): json is number {
  return typeof json === 'number' && Number.isFinite(json);
}

function isUint32(json: unknown): json is number {
  return typeof json === 'number' && Number.isInteger(json) && json >= 0 && json <= 0xffffffff;
}

/** Digits that are a 64-bit number for certain. */
function isDecimal(json: unknown): json is string {
  return typeof json === 'string' && /^\d{1,18}$/.test(json);
}
