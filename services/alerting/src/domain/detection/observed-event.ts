// An event as it came, and as rules see it.
import { type AtrEvent, atrEventTypes, type EventView, sigmaView, viewOf, windowsEvent } from '@tmws/detection';
import { agentEvents } from './agent-events.ts';
import type { Entities } from './hit.ts';
import type { SourceMapping } from './source-mapping.ts';

export interface ObservedEvent {
  readonly namespace: string;
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly atMs: number;
  readonly mapping: SourceMapping;
  /** The JSON of a CloudEvent with its attributes and `data`, or of a plain record. Not redacted. */
  readonly body: unknown;
}

/** Source and id, which name an event. */
export const eventName = ({ source, id }: Pick<ObservedEvent, 'source' | 'id'>): string => `${source} ${id}`;

/**
 * The event as Sigma rules see it. An event of the Windows event log is seen as that, wherever it lies: as the record, its data, or the
 * attributes of a security event. Else a field is looked for by the source's names, then as a path, then in the data and its attributes.
 */
export function sigmaViewOf({ body, mapping }: Pick<ObservedEvent, 'body' | 'mapping'>): EventView {
  const data = inside(body, 'data');
  for (const candidate of [inside(data, 'attributes'), data, body]) {
    if (windowsEvent(candidate) !== undefined)
      return sigmaView(candidate, { mapField: (name) => [...pathsOf(mapping, name), name] });
  }
  const { logsource } = mapping;
  return sigmaView(body, {
    ...(logsource !== undefined && { logsource }),
    mapField: (name) => [...pathsOf(mapping, name), name, `data.${name}`, `data.attributes.${name}`],
  });
}

const pathsOf = ({ fields }: SourceMapping, name: string): readonly string[] => fields.get(name.toLowerCase()) ?? [];

/** What agents said in the event, as rules for agents see it. */
export function atrEventsOf({ body, mapping }: Pick<ObservedEvent, 'body' | 'mapping'>): AtrEvent[] {
  if (mapping.agents.length === 0) return agentEvents(inside(body, 'data') ?? body);
  const view = viewOf(body);
  return mapping.agents.flatMap(({ type: given, typePath, content: at, fields }) => {
    const type = given === '' ? textAt(view, typePath) : given;
    const content = wholeAt(body, view, at);
    if (content === '' || !atrEventTypes.some((known) => known === type)) return [];
    const entries = Object.entries(fields).flatMap(([name, path]) => {
      const value = wholeAt(body, view, path);
      return value === '' ? [] : [[name, value] as const];
    });
    return [{ type, content, fields: Object.fromEntries(entries) }];
  });
}

/** Fields that say whom an event is about, by the label. */
const entityFields: Readonly<Record<string, readonly string[]>> = {
  user: ['user', 'principal', 'User', 'TargetUserName', 'SubjectUserName', 'user.name', 'username'],
  source_ip: ['source_ip', 'src_ip', 'SourceIp', 'sourceIp', 'IpAddress', 'source.ip', 'client_ip', 'sourceIPAddress'],
  host: ['host.name', 'Computer', 'ComputerName', 'hostname'],
  session: ['executionId', 'execution_id', 'session_id', 'sessionId', 'session.id', 'gen_ai.conversation.id'],
};
const labelOfField: ReadonlyMap<string, string> = new Map(
  Object.entries(entityFields).flatMap(([label, names]) => [label, ...names].map((name) => [name.toLowerCase(), label] as const)),
);

/** What events share, by the labels of whom or what they are about where a field is one of these. */
export const entitiesIn = (group: Readonly<Record<string, string>>): Entities =>
  Object.fromEntries(
    Object.entries(group).map(([name, value]) => [labelOfField.get(name.toLowerCase()) ?? name, cutEntity(value)]),
  );

const nobody = new Set(['', '-', 'n/a', 'none', 'null', 'unknown']);
const longestEntity = 256;

/** Whom or what an event is about, as far as it says so. */
export function entitiesOf(view: EventView): Entities {
  return Object.fromEntries(
    Object.entries(entityFields).flatMap(([label, names]) => {
      for (const name of names) {
        const value = textAt(view, name).trim();
        if (!nobody.has(value.toLowerCase())) return [[label, cutEntity(value)]];
      }
      return [];
    }),
  );
}

export const cutEntity = (value: string): string =>
  (value.length <= longestEntity ? value : `${value.slice(0, longestEntity - 1)}…`).toWellFormed().replaceAll('\0', '\ufffd');

function textAt(view: EventView, path: string): string {
  return path === '' ? '' : (view.field(path)?.find(({ raw }) => raw !== null)?.text ?? '');
}

/** A text as it is; what is none as JSON, so that rules see names and values together. */
function wholeAt(body: unknown, view: EventView, path: string): string {
  const direct = path.split('.').reduce<unknown>((value, key) => inside(value, key) ?? undefined, body);
  return typeof direct === 'object' && direct !== null ? JSON.stringify(direct) : textAt(view, path);
}

function inside(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
