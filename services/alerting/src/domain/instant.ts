// Instants as people and Go programs write them (RFC 3339), in ms since 1970. No clock and no Date: the domain computes from arguments.

const dayMs = 86_400_000;

/** A day of the calendar: year, month 1-12, day 1-31. */
export interface CivilDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Days from 1970-01-01 to a day of the proleptic Gregorian calendar. */
export function daysFromCivil({ year, month, day }: CivilDay): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const ofEra = y - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}

/** The inverse of `daysFromCivil`. */
export function civilFromDays(days: number): CivilDay {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const ofEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthIndex = Math.floor((5 * ofYear + 2) / 153);
  const month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return { year, month, day: ofYear - Math.floor((153 * monthIndex + 2) / 5) + 1 };
}

/** 28 to 31. */
export const daysInMonth = (year: number, month: number): number =>
  daysFromCivil(month === 12 ? { year: year + 1, month: 1, day: 1 } : { year, month: month + 1, day: 1 }) -
  daysFromCivil({ year, month, day: 1 });

/** 0 = Sunday. */
export const weekdayOf = (days: number): number => (((days + 4) % 7) + 7) % 7;

const firstMs = daysFromCivil({ year: 1, month: 1, day: 1 }) * dayMs;
const lastMs = daysFromCivil({ year: 10_000, month: 1, day: 1 }) * dayMs - 1;

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,18}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/**
 * The instant a text names, in ms, rounded down.
 *
 *   I1  `formatInstant` of a whole ms reads back as that ms
 *   I2  Go's zero time (year 1, what amtool sends for "not set") is 'absent', and so is the empty text
 *   I3  anything else that is not a real RFC 3339 instant is undefined: no month 13, no 30 February, no missing zone
 *   I4  so is what lies before year 1 or after year 9999 in UTC: no event and no API of ours can hold it
 */
export function parseInstant(text: string): number | 'absent' | undefined {
  if (text === '') return 'absent';
  const found = rfc3339.exec(text);
  if (found === null) return undefined;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const [zoneHour, zoneMinute] = [Number(found[9] ?? 0), Number(found[10] ?? 0)];
  if (zoneHour > 23 || zoneMinute > 59) return undefined;
  if (year === 1) return 'absent';
  const offset = (found[8] === '-' ? -1 : 1) * (zoneHour * 60 + zoneMinute) * 60_000;
  const fraction = Number((found[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const ms = daysFromCivil({ year, month, day }) * dayMs + hour * 3_600_000 + minute * 60_000 + second * 1000 + fraction - offset;
  return ms >= firstMs && ms <= lastMs ? ms : undefined;
}

const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');

/** `2026-11-22T13:05:00.000Z`, as Alertmanager's API writes times. */
export function formatInstant(ms: number): string {
  const whole = Math.floor(ms);
  const days = Math.floor(whole / dayMs);
  const rest = whole - days * dayMs;
  const { year, month, day } = civilFromDays(days);
  const clock = [Math.floor(rest / 3_600_000), Math.floor(rest / 60_000) % 60, Math.floor(rest / 1000) % 60];
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${clock.map((part) => pad(part, 2)).join(':')}.${pad(rest % 1000, 3)}Z`;
}
