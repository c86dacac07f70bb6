// Ranges of time in an address: `range=24h` moves with the clock, `from=…&to=…` (RFC 3339) stays.

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The length of `15m`, `24h` or `7d` in ms; undefined for anything else. */
export function rangeMs(range: string): number | undefined {
  const found = /^([1-9]\d{0,3})([mhd])$/.exec(range);
  return found === null ? undefined : Number(found[1]) * (units[found[2] ?? ''] ?? 0);
}

/** The range of a query at a moment, as the API takes it: `from` and `to`, empty where there is no bound. */
export function boundsOf(search: URLSearchParams, nowMs: number): { from: string; to: string } {
  const length = rangeMs(search.get('range') ?? '');
  if (length !== undefined) return { from: new Date(nowMs - length).toISOString(), to: '' };
  return { from: search.get('from') ?? '', to: search.get('to') ?? '' };
}

/** The address with its moving range nailed to the moment; undefined when nothing in it moves. */
export function frozen(href: string, nowMs: number): string | undefined {
  const url = new URL(href);
  const length = rangeMs(url.searchParams.get('range') ?? '');
  if (length === undefined) return undefined;
  url.searchParams.delete('range');
  url.searchParams.set('from', new Date(nowMs - length).toISOString());
  url.searchParams.set('to', new Date(nowMs).toISOString());
  return url.href;
}
