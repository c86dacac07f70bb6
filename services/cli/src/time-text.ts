import type { TimeStyle } from './context.ts';

/** A time (RFC 3339) in the style asked for; empty stays empty. Unix time is in seconds. */
export function timeText(time: string | undefined, style: TimeStyle, nowMs: number): string {
  if (time === undefined || time === '') return '';
  if (style === 'iso') return time;
  const ms = Date.parse(time);
  return style === 'unix' ? String(ms / 1000) : agoText(ms, nowMs);
}

/** How long ago, in one unit: `now`, `12 s ago`, `3 h ago`. */
export function agoText(thenMs: number, nowMs: number): string {
  const seconds = Math.round((nowMs - thenMs) / 1000);
  const size = Math.abs(seconds);
  if (size < 2) return 'now';
  const text =
    size < 100
      ? `${size} s`
      : size < 6000
        ? `${Math.round(size / 60)} min`
        : size < 172_800
          ? `${Math.round(size / 3600)} h`
          : `${Math.round(size / 86_400)} d`;
  return seconds < 0 ? `in ${text}` : `${text} ago`;
}
