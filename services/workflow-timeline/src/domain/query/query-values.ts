// Amounts in a query: lengths of time, instants and counts, with < > and ranges.
import { type Place, QueryFault } from './query-words.ts';

/** From `from` (inclusive) up to `to` (exclusive); undefined = open. */
export interface Range {
  readonly from: bigint | undefined;
  readonly to: bigint | undefined;
}

/** A sort of amount: how one is read, how many it covers as written without an operator (undefined: it needs one), and what is allowed. */
interface Amount {
  readonly read: (text: string) => bigint | undefined;
  readonly width: (text: string) => bigint | undefined;
  readonly allowed: string;
}

const unitsNs: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  min: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
  w: 604_800_000_000_000n,
};
const lengthPart = /(\d{1,15})(?:\.(\d{1,9}))?(ns|us|µs|ms|min|s|m|h|d|w)/y;
const latestNs = 7_258_118_400_000_000_000n;

/** `30s`, `1.5h` or `1h30m` in ns; undefined if it is none, or beyond 230 years. */
function parseLength(text: string): bigint | undefined {
  let ns = 0n;
  lengthPart.lastIndex = 0;
  while (lengthPart.lastIndex < text.length) {
    const [, whole = '', fraction = '', unit = ''] = lengthPart.exec(text) ?? [];
    const per = unitsNs[unit];
    if (per === undefined) return undefined;
    ns += BigInt(whole) * per + (BigInt(fraction.padEnd(9, '0')) * per) / 1_000_000_000n;
  }
  return text === '' || ns > latestNs ? undefined : ns;
}

const instant = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d{2}):(\d{2}))?)?$/;

/** A day, or RFC 3339 (without a zone UTC is meant), or how long ago, as ns since the epoch from 1970 to 2200. */
function parseInstant(text: string, nowNs: bigint): bigint | undefined {
  const parts = instant.exec(text);
  if (parts === null) {
    const ago = parseLength(text.replace(/^-/, ''));
    return ago === undefined || ago > nowNs ? undefined : nowNs - ago;
  }
  const [, , , , , , , fraction = '', sign = '+'] = parts;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map((part) => Number(part || 0));
  const [zoneHour = 0, zoneMinute = 0] = parts.slice(9).map((part) => Number(part || 0));
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59 || zoneHour > 23 || zoneMinute > 59) return undefined;
  const offset = (sign === '-' ? -1 : 1) * (zoneHour * 3600 + zoneMinute * 60);
  const seconds = daysBefore(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
  const ns = BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
  return ns < 0n || ns >= latestNs ? undefined : ns;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Days from the epoch to a day of the Gregorian calendar: years that begin in March have their odd day at the end. */
function daysBefore(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const inYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + inYear - 719_468;
}

export const lengths: Amount = {
  read: parseLength,
  width: () => undefined,
  allowed: 'a length of time with < or >, like >30s, <=1h30m or 10s..1m (ns, us, ms, s, m, h, d, w)',
};
export const counts: Amount = {
  read: (text) => (/^\d{1,10}$/.test(text) ? BigInt(text) : undefined),
  width: () => 1n,
  allowed: 'a count, like >100, <=5, 10..20 or 7',
};
export const instantsAt = (nowNs: bigint): Amount => ({
  read: (text) => parseInstant(text, nowNs),
  width: (text) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? unitsNs.d : undefined),
  allowed: 'a time with < or >, like >2h (since two hours ago), >=2026-03-01, <2026-03-01T12:00:00Z, or a day like 2026-03-01',
});

const compared = /^(>=|<=|>|<|=)?(.*)$/s;

/** The range that a value with an operator, or `a..b` (both included), means. @throws QueryFault */
export function parseRange(key: string, text: string, amount: Amount, place: Place): Range {
  const fault = (): never => {
    throw new QueryFault(place, `${key} takes ${amount.allowed} (got ${JSON.stringify(text.slice(0, 60))})`);
  };
  const read = (part: string): bigint => amount.read(part) ?? fault();
  const dots = text.indexOf('..');
  if (dots >= 0) {
    const [low, high] = [text.slice(0, dots), text.slice(dots + 2)];
    if (low === '' && high === '') fault();
    const from = low === '' ? undefined : read(low);
    const to = high === '' ? undefined : read(high) + (amount.width(high) ?? 1n);
    if (from !== undefined && to !== undefined && from >= to) {
      throw new QueryFault(place, `${key} ${JSON.stringify(text.slice(0, 60))} holds nothing: put the lesser first`);
    }
    return { from, to };
  }
  const [, operator = '', rest = ''] = compared.exec(text) ?? [];
  const value = read(rest);
  const width = amount.width(rest);
  if (operator === '>') return { from: value + (width ?? 1n), to: undefined };
  if (operator === '>=') return { from: value, to: undefined };
  if (operator === '<') return { from: undefined, to: value };
  if (operator === '<=') return { from: undefined, to: value + (width ?? 1n) };
  return width === undefined ? fault() : { from: value, to: value + width };
}
