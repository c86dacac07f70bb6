import { Span, type Value } from './values.ts';

/** Seconds as Prometheus says them to people: `1d 2h 3m 4s`, `12.5ms`. Text is read as a number; undefined for what is none. */
export function humanizeDuration(value: Value): string | undefined {
  const seconds = value instanceof Span ? value.ms / 1000 : typeof value === 'string' ? Number(value) : value;
  if (typeof seconds !== 'number' || (typeof value === 'string' && (value.trim() === '' || Number.isNaN(seconds))))
    return undefined;
  if (Number.isNaN(seconds)) return 'NaN';
  if (!Number.isFinite(seconds)) return seconds > 0 ? '+Inf' : '-Inf';
  const size = Math.abs(seconds);
  const sign = seconds < 0 ? '-' : '';
  if (size === 0) return '0s';
  if (size < 1) {
    const [unit = '', factor = 1] =
      (
        [
          ['m', 1e3],
          ['u', 1e6],
          ['n', 1e9],
          ['p', 1e12],
        ] as const
      ).find(([, each]) => size * each >= 1) ?? [];
    return `${sign}${Number((size * factor).toPrecision(4))}${unit}s`;
  }
  if (size < 60) return `${sign}${Number(size.toPrecision(4))}s`;
  const whole = Math.floor(size);
  const [days, hours, minutes] = [Math.floor(whole / 86_400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60];
  const parts = [`${days}d`, `${hours}h`, `${minutes}m`, `${whole % 60}s`];
  return `${sign}${parts.slice(days > 0 ? 0 : hours > 0 ? 1 : 2).join(' ')}`;
}
