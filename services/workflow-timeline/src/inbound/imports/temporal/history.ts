// The events of a Temporal history, in whichever of its JSON forms.
import { parseTime } from '@tmws/events';
import { Problem } from '@tmws/problems';
import { asObject, fieldOf, isObject, type JsonObject, listOf, missing, wrong } from '../json.ts';

export interface HistoryEvent {
  readonly id: number;
  /** As the API names it without prefix: "ActivityTaskScheduled". */
  readonly type: string;
  readonly timeNs: bigint;
  readonly attributes: JsonObject;
  readonly whole: JsonObject;
  /** Where the file has it. */
  readonly at: string;
}

/** The list of events: `{"events": […]}` of the CLI and the UI, `{"history": {"events": […]}}` of the API, or bare. */
export function eventListOf(value: unknown): { readonly list: readonly unknown[]; readonly at: string } | undefined {
  if (Array.isArray(value)) return { list: value as readonly unknown[], at: '$' };
  if (!isObject(value)) return undefined;
  if (Array.isArray(value.events)) return { list: listOf(value, 'events', '$'), at: '$.events' };
  const { history } = value;
  return isObject(history) && Array.isArray(history.events)
    ? { list: listOf(history, 'events', '$.history'), at: '$.history.events' }
    : undefined;
}

/**
 * The events in the order of their ids.
 *
 * @throws Problem `invalid` for an event without id, type or time, for two of one id, and for a history without its beginning
 */
export function parseHistory(value: unknown): readonly HistoryEvent[] {
  const { list, at } = eventListOf(value) ?? { list: [], at: '$.events' };
  const types = new Map<string, string>();
  const clock = eventClock();
  const events = list.map((item, i): HistoryEvent => {
    const place = `${at}[${i}]`;
    const event = asObject(item, place);
    const given = fieldOf(event, 'eventType');
    if (typeof given !== 'string' || given === '')
      throw wrong(`${place}.eventType`, 'a text like "EVENT_TYPE_TIMER_FIRED"', given);
    let type = types.get(given);
    if (type === undefined) types.set(given, (type = typeName(given)));
    const id = eventIdOf(event, 'eventId', place);
    if (id === undefined) throw missing(`${place}.eventId`, 'a number from 1');
    const timeNs = clock(event, place);
    return { id, type, timeNs, attributes: attributesOf(event, type, place), whole: event, at: place };
  });
  if (!events.every(({ id }, i) => i === 0 || id > (events[i - 1]?.id ?? 0))) sortById(events);
  const [first] = events;
  if (first?.type !== 'WorkflowExecutionStarted') {
    throw new Problem(
      'invalid',
      `${at} must begin with WorkflowExecutionStarted (got ${first === undefined ? 'no event' : JSON.stringify(first.type.slice(0, 80))}); export the whole history, as \`temporal workflow show --output json\` does`,
      { field: at },
    );
  }
  return events;
}

function sortById(events: HistoryEvent[]): void {
  events.sort((a, b) => a.id - b.id);
  events.forEach(({ id, at }, i) => {
    const before = events[i - 1];
    if (before?.id === id) throw wrong(`${at}.eventId`, `another number than that of ${before.at}`, id);
  });
}

/** The number of an event, told as a number or a text; 0 and absent mean none. */
export function eventIdOf(of: JsonObject, name: string, at: string): number | undefined {
  const value = fieldOf(of, name);
  const id = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (id === undefined || id === 0) return undefined;
  if (typeof id === 'number' && Number.isSafeInteger(id) && id > 0) return id;
  throw wrong(`${at}.${name}`, 'the number of an event, from 1', value);
}

/** EVENT_TYPE_ACTIVITY_TASK_SCHEDULED and ActivityTaskScheduled are the same. */
function typeName(type: string): string {
  if (!type.startsWith('EVENT_TYPE_')) return type;
  const words = type.slice('EVENT_TYPE_'.length).toLowerCase().split('_');
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
}

function attributesOf(event: JsonObject, type: string, at: string): JsonObject {
  const name = `${type.slice(0, 1).toLowerCase()}${type.slice(1)}EventAttributes`;
  const own = Object.hasOwn(event, name) ? fieldOf(event, name) : fieldOf(event, 'attributes');
  return own === undefined ? {} : asObject(own, `${at}.${name}`);
}

const plainTime = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/;

/** Reads event times; many fall into one second, whose calendar is reckoned once. */
function eventClock(): (event: JsonObject, at: string) => bigint {
  let second = '';
  let secondNs = 0n;
  return (event, at) => {
    const value = fieldOf(event, 'eventTime');
    if (typeof value !== 'string') return timeOf(event, 'eventTime', at) ?? missingTime(at);
    const match = plainTime.exec(value);
    if (match === null) return parseTime(value, `${at}.eventTime`);
    const [, toSecond = '', fraction = ''] = match;
    if (toSecond !== second) {
      secondNs = parseTime(`${toSecond}Z`, `${at}.eventTime`);
      second = toSecond;
    }
    return secondNs + BigInt(fraction.padEnd(9, '0'));
  };
}

function missingTime(at: string): never {
  throw missing(`${at}.eventTime`, 'an RFC 3339 time like "2026-03-01T12:00:00.5Z"');
}

/** A time as RFC 3339, or as protobuf's own JSON of a Timestamp has it: `{"seconds": "1", "nanos": 5}`. */
export function timeOf(of: JsonObject, name: string, at: string): bigint | undefined {
  const value = fieldOf(of, name);
  if (value === undefined) return undefined;
  const place = `${at}.${name}`;
  if (typeof value === 'string') return parseTime(value, place);
  if (!isObject(value)) throw wrong(place, 'an RFC 3339 time', value);
  const [seconds, nanos] = [Number(value.seconds ?? 0), Number(value.nanos ?? 0)];
  if (!Number.isSafeInteger(seconds) || seconds < 0 || seconds >= 7_258_118_400)
    throw wrong(`${place}.seconds`, 'a whole number of seconds from 1970 to 2200', value.seconds);
  if (!Number.isSafeInteger(nanos) || nanos < 0 || nanos > 999_999_999)
    throw wrong(`${place}.nanos`, 'a whole number from 0 to 999999999', value.nanos);
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
}
