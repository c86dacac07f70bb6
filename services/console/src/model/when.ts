const steps: readonly (readonly [limitMs: number, unitMs: number, word: string])[] = [
  [60e3, 1e3, 's'],
  [3_600e3, 60e3, 'min'],
  [86_400e3, 3_600e3, 'h'],
  [30 * 86_400e3, 86_400e3, 'd'],
];

/** How long ago, in one unit: `just now`, `42 s ago`, `3 min ago`, `in 2 h`. Beyond 30 days the date. Both in ms since the epoch. */
export function formatAgo(atMs: number, nowMs: number): string {
  const ago = nowMs - atMs;
  const away = Math.abs(ago);
  if (away < 2_000) return 'just now';
  const step = steps.find(([limit]) => away < limit);
  if (step === undefined) return new Date(atMs).toISOString().slice(0, 10);
  const text = `${Math.floor(away / step[1])} ${step[2]}`;
  return ago < 0 ? `in ${text}` : `${text} ago`;
}

// Made once: a formatter takes longer to make than a hundred texts.
const local = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' });

const dayMs = 86_400e3;
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const recent = new Intl.DateTimeFormat(undefined, {
  ...({ month: 'short', day: 'numeric' } as const),
  ...({ hour: '2-digit', minute: '2-digit', second: '2-digit' } as const),
});

/** Where a bar of a histogram begins, in the reader's zone: of a day or more its date, else the time too; without the year only in recent months. */
export function formatBucket(atMs: number, bucketMs: number, nowMs: number): string {
  if (bucketMs >= dayMs) return day.format(atMs);
  return (Math.abs(nowMs - atMs) < 180 * dayMs ? recent : full).format(atMs);
}

/** The instant in the reader's own zone and in UTC, for a title. */
export function formatInstant(atMs: number): string {
  return `${local.format(atMs)} (${new Date(atMs).toISOString()})`;
}

/** ns since the epoch as the API takes them: RFC 3339 to the nanosecond. */
export function timeText(ns: bigint): string {
  const second = new Date(Number(ns / 1_000_000_000n) * 1_000).toISOString().slice(0, 19);
  return `${second}.${String(ns % 1_000_000_000n).padStart(9, '0')}Z`;
}
