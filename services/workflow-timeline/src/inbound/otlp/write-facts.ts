// tmws.events.v1.Fact on the wire, as the span mapping makes it. A generic encoder costs three times as much; a test holds this to it.
import { type JsonObject, type JsonValue, toBinary } from '@bufbuild/protobuf';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import {
  type Dependency,
  type ExecutionEvent,
  ExecutionEventSchema,
  type Fact,
  PayloadSchema,
  type StepEvent,
  type StepsReported,
} from '@tmws/contracts';
import { type WireWriter } from './wire-writer.ts';

/** Each fact as a field of StepsReported. Facts bear no execution id: it is the report's. */
export function writeFacts({ facts }: StepsReported, writer: WireWriter): Buffer[] {
  return facts.map((fact) => {
    const from = writer.at;
    writeFact(writer, fact);
    const bytes = writer.bytesFrom(from);
    writer.at = from;
    return bytes;
  });
}

/** The fields of StepsReported beside its facts. */
export function writeReportHead({ executionId }: StepsReported, writer: WireWriter): Buffer {
  const from = writer.at;
  writer.text(0x0a, executionId);
  const bytes = writer.bytesFrom(from);
  writer.at = from;
  return bytes;
}

function writeFact(writer: WireWriter, { id, type, time, data }: Fact): void {
  const from = writer.begin(0x1a);
  writer.text(0x0a, id);
  writer.text(0x12, type);
  writeTime(writer, 0x1a, time);
  if (data.case === 'step') writeStep(writer, data.value);
  else if (data.case === 'execution') writer.bytes(0x22, toBinary(ExecutionEventSchema, withoutId(data.value)));
  writer.end(from);
}

function withoutId(value: ExecutionEvent): ExecutionEvent {
  return { ...value, executionId: '' };
}

function writeStep(writer: WireWriter, step: StepEvent): void {
  const from = writer.begin(0x2a);
  writer.text(0x22, step.stepId);
  // A step that is called as its id is needs no name.
  if (step.name !== step.stepId) writer.text(0x2a, step.name);
  writer.text(0x32, step.kind);
  for (const part of step.path) writer.text(0x3a, part, true);
  writer.uint(0x40, step.iteration);
  // Absent means the first.
  if (step.attempt > 1) writer.uint(0x48, step.attempt);
  for (const dependency of step.dependsOn) writeDependency(writer, dependency);
  writeTime(writer, 0x6a, step.startedAt);
  writeTime(writer, 0x72, step.finishedAt);
  if (step.resource !== undefined) {
    const at = writer.begin(0x82);
    writer.text(0x0a, step.resource.pool);
    writer.text(0x12, step.resource.worker);
    writer.end(at);
  }
  if (step.usage !== undefined) {
    const { cpuSeconds, memoryBytes, tokens, costUsd } = step.usage;
    const at = writer.begin(0x8a);
    if (cpuSeconds !== 0) writer.double(0x09, cpuSeconds);
    writer.big(0x10, memoryBytes);
    writer.big(0x18, tokens);
    if (costUsd !== 0) writer.double(0x21, costUsd);
    writer.end(at);
  }
  if (step.input !== undefined) writer.bytes(0xa2, toBinary(PayloadSchema, step.input));
  if (step.output !== undefined) writer.bytes(0xaa, toBinary(PayloadSchema, step.output));
  if (step.error !== undefined) {
    const at = writer.begin(0xb2);
    writer.text(0x0a, step.error.type);
    writer.text(0x12, step.error.message);
    writer.text(0x1a, step.error.detail);
    writer.end(at);
  }
  if (step.attributes !== undefined) writeStruct(writer, 0xba, step.attributes);
  writer.text(0xc2, step.spanId);
  writer.text(0xca, step.parentSpanId);
  writer.uint(0xd0, step.keyedBySpan ? 1 : 0);
  writer.text(0xda, step.spanKind);
  writer.end(from);
}

function writeDependency(writer: WireWriter, { stepId, kind, spanId }: Dependency): void {
  const at = writer.begin(0x52);
  writer.text(0x0a, stepId);
  writer.text(0x12, kind);
  writer.text(0x2a, spanId);
  writer.end(at);
}

function writeTime(writer: WireWriter, tag: number, time: Timestamp | undefined): void {
  if (time === undefined) return;
  const at = writer.begin(tag);
  writer.uint(0x08, Number(time.seconds));
  writer.uint(0x10, time.nanos);
  writer.end(at);
}

function writeStruct(writer: WireWriter, tag: number, members: JsonObject): void {
  const at = writer.begin(tag);
  for (const key of Object.keys(members)) {
    const entry = writer.begin(0x0a);
    writer.text(0x0a, key, true);
    writeValue(writer, 0x12, members[key] ?? null);
    writer.end(entry);
  }
  writer.end(at);
}

function writeValue(writer: WireWriter, tag: number, value: JsonValue): void {
  const at = writer.begin(tag);
  if (typeof value === 'string') writer.text(0x1a, value, true);
  else if (typeof value === 'number') writer.double(0x11, value);
  else if (typeof value === 'boolean') writer.flag(0x20, value);
  else if (value === null) writer.flag(0x08, false);
  else if (Array.isArray(value)) {
    const list = writer.begin(0x32);
    for (const item of value) writeValue(writer, 0x0a, item);
    writer.end(list);
  } else writeStruct(writer, 0x2a, value);
  writer.end(at);
}
