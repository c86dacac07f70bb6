// Time intervals: hours, days, months and years in a zone, in which routes are muted or active.
import { type CivilDay, daysFromCivil, daysInMonth, weekdayOf } from './instant.ts';

/** Both ends belong to it. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** One period. What is absent does not bound it; each list is met by any of its ranges, and all lists must be met. */
export interface Period {
  /** Minutes of the day, 0 to 1440; the end does not belong to it. */
  readonly times?: readonly Range[] | undefined;
  /** 0 = Sunday. */
  readonly weekdays?: readonly Range[] | undefined;
  /** 1 to 31, or -1 (the last day) to -31. */
  readonly daysOfMonth?: readonly Range[] | undefined;
  /** 1 to 12. */
  readonly months?: readonly Range[] | undefined;
  readonly years?: readonly Range[] | undefined;
  /** An IANA zone; UTC if absent. */
  readonly zone: Zone;
}

/** A zone's clock. */
export interface Zone {
  readonly name: string;
  readonly wallClock: (ms: number) => CivilDay & { readonly minute: number };
}

/** The zone of that IANA name (`Local` is the machine's), by the runtime's own tables; undefined if they have none. */
export function zoneOf(name: string): Zone | undefined {
  // The runtime also takes offsets and any case; the files of the zone database, which Alertmanager opens, do not.
  if (!/^[A-Z]/.test(name)) return undefined;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      ...(name !== 'Local' && { timeZone: name }),
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      calendar: 'gregory',
      numberingSystem: 'latn',
    });
  } catch {
    return undefined;
  }
  return {
    name,
    wallClock: (ms) => {
      const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
      const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
      return { year, month, day, minute: hour * 60 + minute };
    },
  };
}

/**
 * Whether an instant lies in a period, by the zone's wall clock.
 *
 *   T1  times are half-open: 09:00-17:00 holds at 09:00 and not at 17:00
 *   T2  a negative day counts from the month's end; a range never reaches into another month
 *   T3  in the hour that clocks skip nothing holds; in the one they repeat, it holds twice
 *
 * Source: Alertmanager's configuration document, "time_interval".
 */
export function inPeriod(period: Period, ms: number): boolean {
  const { year, month, day, minute } = period.zone.wallClock(ms);
  const within = (ranges: readonly Range[] | undefined, value: number): boolean =>
    ranges === undefined || ranges.some(({ from, to }) => from <= value && value <= to);
  return (
    (period.times === undefined || period.times.some(({ from, to }) => from <= minute && minute < to)) &&
    within(period.years, year) &&
    within(period.months, month) &&
    within(period.weekdays, weekdayOf(daysFromCivil({ year, month, day }))) &&
    (period.daysOfMonth === undefined || period.daysOfMonth.some((range) => inDays(range, day, daysInMonth(year, month))))
  );
}

function inDays({ from, to }: Range, day: number, last: number): boolean {
  const fromStart = (value: number): number => (value < 0 ? last + value + 1 : value);
  return fromStart(from) <= last && Math.max(1, fromStart(from)) <= day && day <= Math.min(last, fromStart(to));
}

/** A named interval: any of its periods. */
export interface TimeInterval {
  readonly name: string;
  readonly periods: readonly Period[];
}

export const inInterval = (interval: TimeInterval, ms: number): boolean => interval.periods.some((each) => inPeriod(each, ms));
