// Durations as Prometheus and Alertmanager write them: `30s`, `1h30m`, `2w`. In ms.

const units = [
  ['y', 365 * 86_400_000],
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

const shape = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** 292 years: above, Go's duration overflows and Alertmanager refuses. */
const longestMs = 9_223_372_036_854;

/**
 * A duration in ms, or undefined where Prometheus would refuse it: the empty text, no unit (`30`; only `0` needs none), an unknown
 * unit, units out of order, a fraction, a minus, more than 292 years.
 *
 *   D1  what `formatPrometheusDuration` writes reads back as the same length
 */
export function parsePrometheusDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const found = shape.exec(text);
  if (found === null || text === '') return undefined;
  const ms = units.reduce((sum, [, size], index) => sum + Number(found[index + 1] ?? 0) * size, 0);
  return ms <= longestMs ? ms : undefined;
}

/** The shortest usual spelling: `1h30m`, `1w`, `0s`. Years and weeks only where the whole is a multiple of them, as Prometheus does. */
export function formatPrometheusDuration(durationMs: number): string {
  if (durationMs === 0) return '0s';
  let rest = durationMs;
  return units
    .map(([unit, size]) => {
      if ((unit === 'y' || unit === 'w') && rest % size !== 0) return '';
      const count = Math.floor(rest / size);
      rest -= count * size;
      return count === 0 ? '' : `${count}${unit}`;
    })
    .join('');
}
