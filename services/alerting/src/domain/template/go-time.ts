// Times and lengths of time in templates, as Go writes them.
import { civilFromDays, daysFromCivil, weekdayOf } from '../instant.ts';
import { zoneOf } from '../time-interval.ts';
import { type Method, Span, Time, type Value } from './values.ts';

const dayMs = 86_400_000;
const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const zeroMs = daysFromCivil({ year: 1, month: 1, day: 1 }) * dayMs;

const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');

/** A time's parts on the clock of its zone. */
function partsOf(time: Time) {
  const ms = time.ms ?? zeroMs;
  const wall = time.ms === undefined || time.zone === 'UTC' ? undefined : zoneOf(time.zone)?.wallClock(ms);
  const utcMinute = Math.floor(ms / 60_000);
  const wallMinute = wall === undefined ? utcMinute : daysFromCivil(wall) * 1440 + wall.minute;
  const days = Math.floor(wallMinute / 1440);
  const minute = wallMinute - days * 1440;
  return {
    ...civilFromDays(days),
    weekday: weekdayOf(days),
    hour: Math.floor(minute / 60),
    minute: minute % 60,
    second: Math.floor(ms / 1000) - utcMinute * 60,
    milli: ms - Math.floor(ms / 1000) * 1000,
    offset: wallMinute - utcMinute,
    yearDay: days - daysFromCivil({ year: civilFromDays(days).year, month: 1, day: 1 }) + 1,
  };
}

/** `CET`, `EST`, or `+0530` where a zone has no letters. */
function zoneName(time: Time, offset: number): string {
  if (time.zone === 'UTC' || time.ms === undefined) return 'UTC';
  for (const locale of ['en-US', 'en-GB', 'en-AU', 'en-IN', 'en-ZA', 'ja-JP']) {
    const format = new Intl.DateTimeFormat(locale, {
      ...(time.zone !== 'Local' && { timeZone: time.zone }),
      timeZoneName: 'short',
    });
    const name = format.formatToParts(time.ms).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    if (/^[A-Z]{2,5}$/.test(name)) return name;
  }
  return offsetText(offset, '').replace(/00$/, '');
}

function offsetText(minutes: number, colon: string): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60), 2)}${colon}${pad(size % 60, 2)}`;
}

/** Go's layout: each piece of its reference time stands for that part (pkg.go.dev/time, "Constants"). */
const layout =
  /January|Jan|Monday|Mon|MST|2006|-07:00|-0700|-07|Z07:00|Z0700|[.,]0+(?!\d)|[.,]9+(?!\d)|01|02|03|04|05|06|002|15|PM|pm|__2|_2|1|2|3|4|5/g;

export function formatTime(time: Time, format: string): string {
  const at = partsOf(time);
  const month = monthNames[at.month - 1] ?? '';
  const weekday = dayNames[at.weekday] ?? '';
  const half = at.hour % 12 === 0 ? 12 : at.hour % 12;
  const zulu = (colon: string): string => (at.offset === 0 ? 'Z' : offsetText(at.offset, colon));
  const known: Readonly<Record<string, string>> = {
    January: month,
    Jan: month.slice(0, 3),
    Monday: weekday,
    Mon: weekday.slice(0, 3),
    MST: zoneName(time, at.offset),
    '2006': pad(at.year, 4),
    '06': pad(at.year % 100, 2),
    '01': pad(at.month, 2),
    '1': String(at.month),
    '02': pad(at.day, 2),
    _2: String(at.day).padStart(2),
    '2': String(at.day),
    '002': pad(at.yearDay, 3),
    __2: String(at.yearDay).padStart(3),
    '15': pad(at.hour, 2),
    '03': pad(half, 2),
    '3': String(half),
    '04': pad(at.minute, 2),
    '4': String(at.minute),
    '05': pad(at.second, 2),
    '5': String(at.second),
    PM: at.hour < 12 ? 'AM' : 'PM',
    pm: at.hour < 12 ? 'am' : 'pm',
    '-0700': offsetText(at.offset, ''),
    '-07:00': offsetText(at.offset, ':'),
    '-07': offsetText(at.offset, '').slice(0, 3),
    Z0700: zulu(''),
    'Z07:00': zulu(':'),
  };
  return format.replaceAll(layout, (piece) => {
    const plain = known[piece];
    if (plain !== undefined) return plain;
    const digits = pad(at.milli, 3)
      .padEnd(9, '0')
      .slice(0, piece.length - 1)
      .padEnd(piece.length - 1, '0');
    if (piece[1] === '0') return `${piece[0] ?? ''}${digits}`;
    const kept = digits.replace(/0+$/, '');
    return kept === '' ? '' : `${piece[0] ?? ''}${kept}`;
  });
}

/** As Go prints a time. */
export const timeText = (time: Time): string => formatTime(time, '2006-01-02 15:04:05.999999999 -0700 MST');

/** `1h2m3.5s`, as Go prints a duration. */
export function spanText({ ms }: Span): string {
  const size = Math.abs(ms);
  const sign = ms < 0 ? '-' : '';
  if (size === 0) return '0s';
  if (size < 1000) return `${sign}${size < 1 ? `${size * 1000}µs` : `${size}ms`}`;
  const [hours, minutes] = [Math.floor(size / 3_600_000), Math.floor(size / 60_000) % 60];
  const seconds = Number(((size % 60_000) / 1000).toFixed(9));
  return `${sign}${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds}s`;
}

const ms = (value: Value | undefined): number =>
  value instanceof Time ? (value.ms ?? zeroMs) : value instanceof Span ? value.ms : 0;

/** The methods of Go's Time that templates use. */
export function timeMethod(time: Time, name: string): Method | undefined {
  const part =
    (of: (parts: ReturnType<typeof partsOf>) => Value): Method =>
    () =>
      of(partsOf(time));
  const methods: Readonly<Record<string, Method>> = {
    Format: (format) => formatTime(time, typeof format === 'string' ? format : ''),
    String: () => timeText(time),
    UTC: () => new Time(time.ms),
    Local: () => new Time(time.ms, 'Local'),
    Unix: () => Math.floor(ms(time) / 1000),
    UnixMilli: () => ms(time),
    UnixNano: () => ms(time) * 1_000_000,
    IsZero: () => time.ms === undefined,
    Year: part(({ year }) => year),
    Month: part(({ month }) => monthNames[month - 1] ?? ''),
    Day: part(({ day }) => day),
    Hour: part(({ hour }) => hour),
    Minute: part(({ minute }) => minute),
    Second: part(({ second }) => second),
    YearDay: part(({ yearDay }) => yearDay),
    Weekday: part(({ weekday }) => dayNames[weekday] ?? ''),
    Add: (span) => new Time(ms(time) + ms(span), time.zone),
    Sub: (other) => new Span(ms(time) - ms(other)),
    Before: (other) => ms(time) < ms(other),
    After: (other) => ms(time) > ms(other),
    Equal: (other) => ms(time) === ms(other),
  };
  return Object.hasOwn(methods, name) ? methods[name] : undefined;
}

/** The methods of Go's Duration that templates use. */
export function spanMethod(span: Span, name: string): Method | undefined {
  const to = (unit: Value | undefined, round: (value: number) => number): Span =>
    ms(unit) <= 0 ? span : new Span(round(span.ms / ms(unit)) * ms(unit));
  const methods: Readonly<Record<string, Method>> = {
    String: () => spanText(span),
    Hours: () => span.ms / 3_600_000,
    Minutes: () => span.ms / 60_000,
    Seconds: () => span.ms / 1000,
    Milliseconds: () => Math.trunc(span.ms),
    Round: (unit) => to(unit, Math.round),
    Truncate: (unit) => to(unit, Math.trunc),
  };
  return Object.hasOwn(methods, name) ? methods[name] : undefined;
}
