import { fromJson, type JsonValue } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import { DataAccessSchema } from '@tmws/contracts';
import type { KeptValue, PayloadFact } from '../domain/step-data.ts';
import type { TimelineRow } from '../domain/timeline.ts';
import type { StepView } from '../usecases/look-at-step.ts';
import { stepDragMessage, stragglerMessage } from './bottleneck-messages.ts';
import { rowMessage } from './messages.ts';
import { stepWaitsMessage } from './wait-messages.ts';

const maxInlineBytes = 4096;

/** tmws.timeline.v1.GetStepResponse */
export function stepMessage(view: StepView) {
  const { row, critical, span, asOfNs, attempts, dependsOn, dependents, waits, drag, straggler, factsLeftOut } = view;
  return {
    row: rowMessage(row, critical),
    asOfNs,
    attempts: attempts.map(({ attempt, status, facts, data }) => ({
      attempt,
      status,
      facts: facts.map(({ seq, fact: { type, stamp } }) => ({
        type,
        timeNs: stamp.timeNs,
        source: stamp.source,
        eventId: stamp.id,
        seq,
      })),
      input: payloadMessage(data.input),
      output: payloadMessage(data.output),
      attributes: data.attributes === undefined ? undefined : keptMessage(data.attributes),
      reads: data.reads.map(accessMessage),
      writes: data.writes.map(accessMessage),
    })),
    dependsOn: dependsOn.map(refMessage),
    dependents: dependents.map(refMessage),
    waits: waits === undefined || span === undefined ? undefined : stepWaitsMessage(waits, span),
    drag: drag === undefined ? undefined : stepDragMessage(drag),
    straggler: straggler === undefined ? undefined : stragglerMessage(straggler),
    factsLeftOut,
  };
}

function refMessage({ step: { stepKey, stepId }, name, status }: TimelineRow) {
  return { stepKey, stepId, name, status };
}

function payloadMessage(payload: PayloadFact | undefined) {
  if (payload === undefined) return undefined;
  const { kept, truncated, wholeRef, wholeSha256, wholeBytes } = payload;
  return { ...(kept !== undefined && keptMessage(kept)), truncated, wholeRef, wholeSha256, wholeBytes };
}

function keptMessage({ value, json, sha256 }: KeptValue) {
  const bytes = Buffer.byteLength(json);
  const inline = bytes > maxInlineBytes ? undefined : fromJson(ValueSchema, value as JsonValue);
  return { inline, sha256, bytes: BigInt(bytes) };
}

function accessMessage(access: unknown) {
  return fromJson(DataAccessSchema, access as JsonValue, { ignoreUnknownFields: true });
}
