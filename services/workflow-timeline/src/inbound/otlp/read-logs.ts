// ExportLogsServiceRequest (OTLP 1.x, logs_service.proto): of all log records only the events of the GenAI conventions are kept.
import type { JsonValue } from '@bufbuild/protobuf';
import type { Attributes } from '../spans/span.ts';
import {
  anyValueOf,
  attributesOf,
  idOf,
  type JsonMembers,
  objectOf,
  objectsOf,
  parseBody,
  textOf,
  timeOf,
} from './json-values.ts';
import { readResource } from './read-spans.ts';
import { gathering, readAnyValue, readKeyValue } from './read-values.ts';
import { WireReader } from './wire-reader.ts';

/** A log record that tells what went into or came out of a span. */
export interface GenAiEvent {
  readonly resource: Attributes;
  readonly traceId: string;
  readonly spanId: string;
  readonly eventName: string;
  readonly timeNs: bigint;
  readonly body: JsonValue;
  readonly attributes: Attributes;
}

/** How many records there were, and those that are kept. */
export interface ReadLogs {
  readonly all: number;
  readonly events: readonly GenAiEvent[];
}

const genAi = 'gen_ai.';

/** @throws Problem `invalid` for what is no protobuf */
export function readLogs(bytes: Buffer): ReadLogs {
  const events: GenAiEvent[] = [];
  let all = 0;
  for (const resourceLogs of parts(new WireReader(bytes), 0x0a)) {
    const resource = gathering();
    const records: Omit<GenAiEvent, 'resource'>[] = [];
    for (let tag = resourceLogs.tag(); tag !== 0; tag = resourceLogs.tag()) {
      if (tag === 0x0a) readResource(resourceLogs, resource);
      else if (tag === 0x12) {
        for (const record of parts(resourceLogs.part(), 0x12)) {
          all++;
          const read = readRecord(record);
          if (read.eventName.startsWith(genAi)) records.push(read);
        }
      } else resourceLogs.skip(tag);
    }
    events.push(...records.map((record) => ({ ...record, resource: resource.map })));
  }
  return { all, events };
}

/** The fields of one number, other fields passed over. */
function* parts(reader: WireReader, wanted: number): Iterable<WireReader> {
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === wanted) yield reader.part();
    else reader.skip(tag);
  }
}

function readRecord(reader: WireReader): Omit<GenAiEvent, 'resource'> {
  let traceId = '';
  let spanId = '';
  let eventName = '';
  let [timeNs, observedNs] = [0n, 0n];
  let body: JsonValue = null;
  const attributes = gathering();
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x09) timeNs = reader.fixed64();
    else if (tag === 0x59) observedNs = reader.fixed64();
    else if (tag === 0x2a) body = readAnyValue(reader, 0);
    else if (tag === 0x32) readKeyValue(reader, attributes);
    else if (tag === 0x4a) traceId = reader.hex();
    else if (tag === 0x52) spanId = reader.hex();
    else if (tag === 0x62) eventName = reader.text();
    else reader.skip(tag);
  }
  return {
    traceId,
    spanId,
    eventName: eventName || textOf(attributes.map.get('event.name')),
    timeNs: timeNs || observedNs,
    body,
    attributes: attributes.map,
  };
}

/** The same in JSON. @throws Problem `invalid` that names the place */
export function readLogsJson(bytes: Buffer): ReadLogs {
  const events: GenAiEvent[] = [];
  let all = 0;
  objectsOf(parseBody(bytes), 'resourceLogs', '').forEach((item, i) => {
    const at = `resourceLogs[${i}].`;
    const resource = attributesOf(objectOf(item, 'resource', at).attributes);
    objectsOf(item, 'scopeLogs', at).forEach((scope, j) => {
      for (const record of objectsOf(scope, 'logRecords', `${at}scopeLogs[${j}].`)) {
        all++;
        const event = genAiEventOf(record);
        if (event !== undefined) events.push({ ...event, resource });
      }
    });
  });
  return { all, events };
}

function genAiEventOf(record: JsonMembers): Omit<GenAiEvent, 'resource'> | undefined {
  const attributes = attributesOf(record.attributes);
  const eventName = textOf(record.eventName) || textOf(attributes.get('event.name'));
  if (!eventName.startsWith(genAi)) return undefined;
  return {
    traceId: idOf(record.traceId),
    spanId: idOf(record.spanId),
    eventName,
    timeNs: timeOf(record.timeUnixNano) || timeOf(record.observedTimeUnixNano),
    body: anyValueOf(record.body, 0),
    attributes,
  };
}
