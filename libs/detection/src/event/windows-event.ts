// Events of the Windows event log as JSON, by the names Sigma gives their fields and sources.
// Field names: Sigma rules specification 2.0, "Field Usage"; sources: the taxonomy appendix, "windows".
import type { Logsource } from './logsource.ts';
import { isScalar } from './scalars.ts';
import { addData, elementOf, inside, isAttributes, textIn } from './windows-data.ts';
import { windowsLogsource } from './windows-logsource.ts';

export interface WindowsEvent {
  /** `EventData`'s by their own name; those of `System` too, an attribute as `Element_Attribute`. */
  readonly fields: ReadonlyMap<string, unknown>;
  readonly logsource: Logsource;
}

/**
 * The fields and source of an event of the Windows event log (or of Sysmon for Linux), or undefined if it is none. Known shapes:
 * `Event.System` beside `Event.EventData` or `Event.UserData` (evtx_dump and kin), `winlog.event_data` (Winlogbeat, also with its
 * keys dotted), `EventData` or `event_data` beside an `EventID`, and all fields at the top beside `EventID` and `Channel`.
 */
export function windowsEvent(event: unknown): WindowsEvent | undefined {
  const fields = new Map<string, unknown>();
  const log = inside(event, 'Event') ?? event;
  const system = inside(log, 'System');
  const top = elementOf(event) ?? {};
  const winlog = inside(event, 'winlog') ?? dotted(top, 'winlog.');
  const data = top.EventData ?? top.event_data;
  // Without data of its own beside it, a lower-case event_id may be anybody's.
  const eventId = top.EventID ?? top.EventCode ?? (elementOf(data) === undefined ? undefined : top.event_id);
  const channel = top.Channel ?? top.LogName ?? (elementOf(data) === undefined ? undefined : top.channel);
  if (system !== undefined) {
    flatten(fields, system, '');
    const user = inside(log, 'UserData');
    if (user !== undefined) for (const wrapped of Object.values(user)) addData(fields, wrapped);
    addData(fields, elementOf(log)?.EventData);
  } else if (winlog !== undefined) {
    fields.set('EventID', winlog.event_id);
    fields.set('Channel', winlog.channel);
    fields.set('Provider_Name', winlog.provider_name);
    fields.set('Computer', winlog.computer_name);
    addData(fields, inside(winlog, 'user_data') ?? dotted(winlog, 'user_data.'));
    addData(fields, inside(winlog, 'event_data') ?? dotted(winlog, 'event_data.'));
  } else if (isScalar(eventId) && (typeof channel === 'string' || (typeof data === 'object' && data !== null))) {
    for (const [key, value] of Object.entries(top)) if (isScalar(value)) fields.set(key, value);
    fields.set('EventID', eventId);
    if (typeof channel === 'string') fields.set('Channel', channel);
    fields.set('Provider_Name', top.Provider_Name ?? top.SourceName ?? top.ProviderName ?? top.provider_name);
    addData(fields, data);
  } else return undefined;
  const source = windowsLogsource(textOf(fields, 'Channel').toLowerCase(), textOf(fields, 'Provider_Name'), idOf(fields));
  if (source.service?.includes('security') && idOf(fields) === 4688) addAliases(fields, namesOfAuditedProcess);
  return { fields, logsource: source };
}

function idOf(fields: ReadonlyMap<string, unknown>): number {
  return Number(textIn(fields.get('EventID')));
}

/** The keys that begin so, without it; undefined if there are none. */
function dotted(element: Readonly<Record<string, unknown>>, prefix: string): Readonly<Record<string, unknown>> | undefined {
  const found = Object.entries(element).filter(([key]) => key.startsWith(prefix));
  return found.length === 0 ? undefined : Object.fromEntries(found.map(([key, value]) => [key.slice(prefix.length), value]));
}

/** The audit log's names of what the taxonomy calls otherwise. */
const namesOfAuditedProcess: Readonly<Record<string, string>> = {
  Image: 'NewProcessName',
  ParentImage: 'ParentProcessName',
  ProcessId: 'NewProcessId',
  ParentProcessId: 'ProcessId',
  LogonId: 'SubjectLogonId',
  User: 'SubjectUserName',
};

function addAliases(fields: Map<string, unknown>, aliases: Readonly<Record<string, string>>): void {
  const before = new Map(fields);
  for (const [name, of] of Object.entries(aliases)) if (before.has(of)) fields.set(name, before.get(of));
}

function flatten(fields: Map<string, unknown>, element: Readonly<Record<string, unknown>>, prefix: string): void {
  for (const [key, value] of Object.entries(element)) {
    const one: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
    if (isAttributes(key)) {
      if (prefix !== '') flatten(fields, one as Record<string, unknown>, prefix);
      continue;
    }
    const name = `${prefix}${key.replace(/^[@_-](?=.)/, '')}`;
    if (isScalar(one)) fields.set(key === '#text' || key === '_' ? prefix.slice(0, -1) : name, one);
    else if (typeof one === 'object') flatten(fields, one as Record<string, unknown>, `${name}_`);
  }
}

function textOf(fields: ReadonlyMap<string, unknown>, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value : '';
}
