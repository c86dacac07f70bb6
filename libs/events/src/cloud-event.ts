import { parseNamespace } from '@tmws/contracts';
import { Problem } from '@tmws/problems';

/** A CloudEvent 1.0 (cloudevents.io, spec 1.0.2), attributes checked, data still as it came. */
export interface CloudEvent {
  readonly id: string;
  /** URI reference of who says it. */
  readonly source: string;
  readonly type: string;
  readonly subject: string | undefined;
  /** When it happened, ns since the epoch. */
  readonly timeNs: bigint;
  readonly dataContentType: string;
  /** From the extension `tmwsnamespace`; undefined if the event does not say. */
  readonly namespace: string | undefined;
  /** W3C trace context (CloudEvents extension "Distributed Tracing"). */
  readonly traceparent: string | undefined;
  readonly data: Buffer;
}

const minNs = 0n;
const maxNs = 7_258_118_400_000_000_000n; // 2200-01-01

/**
 * An RFC 3339 time with up to nine digits of a second, as ns since the epoch.
 *
 * @throws Problem `invalid` for other texts and for times outside 1970 to 2200
 */
export function parseTime(text: string, field: string): bigint {
  const [, date = '', toSecond = '', fraction = '', zone = ''] = rfc3339Shape.exec(text) ?? [];
  const millis = Date.parse(`${date}T${toSecond}${zone.toUpperCase()}`);
  if (Number.isNaN(millis) || !isDay(date)) {
    throw new Problem(
      'invalid',
      `${field} must be an RFC 3339 time like "2026-03-01T12:00:00.5Z" (got ${JSON.stringify(text.slice(0, 80))})`,
      { field },
    );
  }
  return checkTime(BigInt(millis) * 1_000_000n + BigInt(fraction.padEnd(9, '0')), field);
}

const hourMinute = '(?:[01]\\d|2[0-3]):[0-5]\\d';
const rfc3339Shape = new RegExp(`^(\\d{4}-\\d{2}-\\d{2})[Tt](${hourMinute}:[0-5]\\d)(?:\\.(\\d{1,9}))?([Zz]|[+-]${hourMinute})$`);

/** Whether the calendar has it. Date takes a 30 February for 2 March. */
function isDay(date: string): boolean {
  const day = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
}

/** The time itself. @throws Problem `invalid` outside 1970 to 2200 */
export function checkTime(ns: bigint, field: string): bigint {
  if (ns >= minNs && ns < maxNs) return ns;
  throw new Problem('invalid', `${field} must lie between 1970 and 2200`, { field });
}

/**
 * Builds an event from its attributes as texts.
 *
 * @param attributes  by lower-case name without prefix
 * @param receivedNs  stands in for an absent `time`
 * @throws Problem `invalid` that names the attribute
 */
export function cloudEventOf(
  attributes: Readonly<Record<string, string | undefined>>,
  data: Buffer,
  receivedNs: bigint,
): CloudEvent {
  const { specversion, id, source, type, subject, time, datacontenttype } = attributes;
  if (specversion === undefined) throw missing('specversion', '"1.0"');
  if (specversion !== '1.0')
    throw new Problem('invalid', `specversion must be "1.0" (got ${JSON.stringify(specversion.slice(0, 20))})`, {
      field: 'specversion',
    });
  return {
    id: required('id', id),
    source: required('source', source),
    type: required('type', type),
    subject: subject === undefined ? undefined : required('subject', subject),
    timeNs: time === undefined ? checkTime(receivedNs, 'time') : parseTime(time, 'time'),
    dataContentType: datacontenttype ?? 'application/json',
    namespace: attributes.tmwsnamespace === undefined ? undefined : parseNamespace(attributes.tmwsnamespace, 'tmwsnamespace'),
    traceparent: traceparentOf(attributes.traceparent),
    data,
  };
}

// What is no trace context is left out: a trace is a convenience, not a reason to refuse a fact.
function traceparentOf(given: string | undefined): string | undefined {
  return given !== undefined && /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(given) ? given : undefined;
}

const maxAttributeBytes = 1024;

function required(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw missing(name, 'a text that is not empty');
  if (Buffer.byteLength(value) > maxAttributeBytes)
    throw new Problem('invalid', `${name} must be at most ${maxAttributeBytes} bytes`, { field: name });
  if (value.includes('\0') || !value.isWellFormed())
    throw new Problem('invalid', `${name} must be Unicode text without NUL`, { field: name });
  return value;
}

function missing(name: string, what: string): Problem {
  return new Problem('invalid', `the CloudEvents attribute ${name} is missing; it must be ${what}`, { field: name });
}
