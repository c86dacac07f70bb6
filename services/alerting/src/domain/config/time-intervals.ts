// time_intervals and mute_time_intervals of the file.
import { type Period, type Range, type TimeInterval, type Zone, zoneOf } from '../time-interval.ts';
import { list, object, parsed, text } from './readers.ts';
import type { Place, Reader } from './yaml-reading.ts';

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

const number = (value: string): number | undefined => (/^-?\d{1,6}$/.test(value.trim()) ? Number(value) : undefined);
const named =
  (names: readonly string[], first: number) =>
  (value: string): number | undefined => {
    const index = names.indexOf(value.trim().toLowerCase());
    return index < 0 ? undefined : index + first;
  };

/** `a:b` or `a`, in order. */
const range =
  (read: (value: string) => number | undefined, valid: (range: Range) => boolean) =>
  (value: string): Range | undefined => {
    const [one = '', other = one, ...rest] = value.split(':');
    const [from, to] = [read(one), read(other)];
    if (from === undefined || to === undefined || rest.length > 0 || !valid({ from, to })) return undefined;
    return { from, to };
  };

const ordered = ({ from, to }: Range): boolean => from <= to;
const monthNumber = named(months, 1);
const monthDays = ({ from, to }: Range): boolean =>
  [from, to].every((day) => day !== 0 && Math.abs(day) <= 31) && (from > 0 === to > 0 ? from <= to : from > 0 && from <= 30 + to);

const clock = parsed((value) => {
  const found = /^(\d\d):(\d\d)$/.exec(value);
  const minute = Number(found?.[1]) * 60 + Number(found?.[2]);
  return found !== null && Number(found[2]) < 60 && minute <= 1440 ? minute : undefined;
}, 'a time of day from "00:00" to "24:00"');

const clockRange: Reader<Range> = (place) => {
  const read = object({ start_time: clock, end_time: clock })(place);
  if (read?.start_time === undefined || read.end_time === undefined) {
    if (read !== undefined && Object.keys(read).length < 2)
      place.reading.fault(place, 'needs start_time and end_time, like "09:00" and "17:00"');
    return undefined;
  }
  if (read.start_time < read.end_time) return { from: read.start_time, to: read.end_time };
  place.reading.fault(place, 'start_time must be before end_time; for a night, write two: up to "24:00" and from "00:00"');
  return undefined;
};

const period = object({
  times: list(clockRange),
  weekdays: list(parsed(range(named(weekdays, 0), ordered), 'a weekday or a range in order from sunday, like "monday:friday"')),
  days_of_month: list(parsed(range(number, monthDays), 'a day of the month or a range in order, like "1:5" or "-3:-1"')),
  months: list(
    parsed(
      range(
        (value) => monthNumber(value) ?? number(value),
        ({ from, to }) => from >= 1 && from <= to && to <= 12,
      ),
      'a month or a range in order, like "may:august" or "5:8"',
    ),
  ),
  years: list(
    parsed(
      range(number, ({ from, to }) => from >= 0 && from <= to),
      'a year or a range in order, like "2026:2028"',
    ),
  ),
  location: parsed((name): Zone | undefined => zoneOf(name === '' ? 'UTC' : name), 'an IANA time zone, like "Europe/Berlin"'),
});

const nonEmpty = (ranges: readonly Range[] | undefined): readonly Range[] | undefined =>
  ranges?.length === 0 ? undefined : ranges;

/** Named intervals. */
export const timeIntervals = list((place: Place): TimeInterval | undefined => {
  const read = object({ name: text, time_intervals: list(period) })(place);
  if (read === undefined) return undefined;
  if (read.name === undefined || read.name === '') place.reading.fault(place, 'a time interval needs a name');
  const utc = zoneOf('UTC');
  const periods = (read.time_intervals ?? []).flatMap((each): Period[] => {
    const zone = each.location ?? utc;
    if (zone === undefined) return [];
    return [
      {
        times: nonEmpty(each.times),
        weekdays: nonEmpty(each.weekdays),
        daysOfMonth: nonEmpty(each.days_of_month),
        months: nonEmpty(each.months),
        years: nonEmpty(each.years),
        zone,
      },
    ];
  });
  return { name: read.name ?? '', periods };
});
