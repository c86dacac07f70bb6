// Events of the Windows event log as JSON, by the names Sigma gives their fields and sources.
// Field names: Sigma rules specification 2.0, "Field Usage"; sources: the taxonomy appendix, "windows".
import { isScalar } from './scalars.ts';
import type { Logsource } from './logsource.ts';
import { windowsLogsource } from './windows-logsource.ts';

export interface WindowsEvent {
  /** `EventData`'s by their own name; those of `System` too, an attribute as `Element_Attribute`. */
  readonly fields: ReadonlyMap<string, unknown>;
  readonly logsource: Logsource;
}

/**
 * The fields and source of an event of the Windows event log, or undefined if it is none. Known shapes: `Event.System` beside
 * `Event.EventData` or `Event.UserData` (evtx_dump and kin), and `winlog.event_data` (Winlogbeat).
 */
export function windowsEvent(event: unknown): WindowsEvent | undefined {
  const fields = new Map<string, unknown>();
  const log = inside(event, 'Event') ?? event;
  const system = inside(log, 'System');
  const winlog = inside(event, 'winlog');
  if (system !== undefined) {
    flatten(fields, system, '');
    const user = inside(log, 'UserData');
    if (user !== undefined) for (const wrapped of Object.values(user)) addData(fields, wrapped);
    addData(fields, inside(log, 'EventData'));
  } else if (winlog !== undefined) {
    fields.set('EventID', winlog.event_id);
    fields.set('Channel', winlog.channel);
    fields.set('Provider_Name', winlog.provider_name);
    fields.set('Computer', winlog.computer_name);
    addData(fields, inside(winlog, 'user_data'));
    addData(fields, inside(winlog, 'event_data'));
  } else return undefined;
  const channel = textIn(fields, 'Channel').toLowerCase();
  const eventId = Number(fields.get('EventID'));
  if (channel === 'security' && eventId === 4688) addAliases(fields, namesOfAuditedProcess);
  return { fields, logsource: windowsLogsource(channel, textIn(fields, 'Provider_Name'), eventId) };
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
    if (isAttributes(key)) {
      if (prefix !== '') flatten(fields, value as Record<string, unknown>, prefix);
      continue;
    }
    const name = `${prefix}${key.replace(/^@/, '')}`;
    if (isScalar(value)) fields.set(key === '#text' ? prefix.slice(0, -1) : name, value);
    else if (typeof value === 'object') flatten(fields, value as Record<string, unknown>, `${name}_`);
  }
}

function textIn(fields: ReadonlyMap<string, unknown>, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value : '';
}

function isAttributes(key: string): boolean {
  return key === '#attributes' || key === '@attributes';
}

function addData(fields: Map<string, unknown>, data: unknown): void {
  if (typeof data !== 'object' || data === null) return;
  for (const [key, value] of Object.entries(data)) {
    if (isAttributes(key)) continue;
    if (key === 'Data' && Array.isArray(value)) value.forEach((each) => addNamed(fields, each));
    const text = inside(value, undefined)?.['#text'];
    fields.set(key, text ?? value);
    // Names lose their spaces: `Threat Name` is ThreatName.
    if (key.includes(' ')) fields.set(key.replaceAll(' ', ''), text ?? value);
  }
}

/** `<Data Name="User">x</Data>`, as the converters write elements with attributes. */
function addNamed(fields: Map<string, unknown>, data: unknown): void {
  const element = inside(data, undefined);
  const name = inside(element, '#attributes')?.Name ?? element?.['@Name'] ?? element?.Name;
  if (typeof name === 'string') fields.set(name, element?.['#text'] ?? null);
}

function inside(value: unknown, key: string | undefined): Record<string, unknown> | undefined {
  const found = key === undefined ? value : (value as Record<string, unknown> | null | undefined)?.[key];
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? (found as Record<string, unknown>) : undefined;
}
