export const timeParts = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
export type TimePart = (typeof timeParts)[number];

/**
 * A part of a date as it is written: no zone is converted (Sigma modifiers appendix 2.1). `week` is that of ISO 8601. Undefined
 * for what is no date like `2024-05-01` or `2024-05-01T10:30:00Z`, or has no such part.
 */
export function timePart(text: string, part: TimePart): number | undefined {
  const found = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2}))?/.exec(text.trim());
  if (found === null) return undefined;
  const [year, month, day, hour, minute] = Array.from(found)
    .slice(1)
    .map((digits: string | undefined) => (digits === undefined ? undefined : Number(digits)));
  if (part === 'week') return isoWeek(year ?? 0, month ?? 0, day ?? 0);
  return { year, month, day, hour, minute }[part];
}

/** The week whose Thursday is in the same year, counted from 1. */
function isoWeek(year: number, month: number, day: number): number {
  const days = daysSinceEpoch(year, month, day);
  // 1970-01-01 was a Thursday.
  const thursday = days - ((days + 3) % 7) + 3;
  const thursdaysYear = [year - 1, year, year + 1].findLast((each) => daysSinceEpoch(each, 1, 1) <= thursday) ?? year;
  return Math.floor((thursday - daysSinceEpoch(thursdaysYear, 1, 1)) / 7) + 1;
}

function daysSinceEpoch(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / 86_400_000;
}
