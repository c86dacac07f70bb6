import type { TimeStyle } from './context.ts';
import { agoText } from './duration.ts';

/** A time (RFC 3339) in the style asked for; empty stays empty. Unix time is in seconds. */
export function timeText(time: string | undefined, style: TimeStyle, nowMs: number): string {
  if (time === undefined || time === '') return '';
  if (style === 'iso') return time;
  const ms = Date.parse(time);
  return style === 'unix' ? String(ms / 1000) : agoText(ms, nowMs);
}
