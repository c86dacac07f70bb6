// Terms nobody saw for a long time.
import type { PresetSettings } from './rule.ts';
import type { PresetLimits, PresetState, PresetTaken } from './state.ts';
import type { PresetStep } from './steps.ts';

/**
 * Fires for a term that was not seen within the window, once the field was watched for the time of learning.
 *   P4  the same state comes back while nothing is to be written: when a term was seen last is kept to a hundredth of the window
 */
export function takeTerm(
  { preset: rule, group, value }: PresetStep,
  { windowMs, learningMs }: Extract<PresetSettings, { preset: 'new_term' }>,
  state: PresetState | undefined,
  timeMs: number,
  limits: PresetLimits,
): PresetTaken {
  const term = String(value);
  const seenMs = state?.seen?.[term];
  const keepUntilMs = Math.max(timeMs, state?.latestMs ?? timeMs) + windowMs;
  if (state !== undefined && seenMs !== undefined && timeMs - seenMs < windowMs / 100) return { state, keepUntilMs };
  const sinceMs = Math.min(timeMs, state?.sinceMs ?? timeMs);
  const latestMs = Math.max(timeMs, state?.latestMs ?? timeMs);
  const known = seenMs !== undefined && timeMs - seenMs <= windowMs;
  const fires = !known && timeMs - sinceMs >= learningMs;
  const kept = Object.entries({ ...state?.seen, [term]: timeMs })
    .filter(([, atMs]) => atMs >= latestMs - windowMs)
    .sort(([, a], [, b]) => a - b);
  const over = Math.max(0, kept.length - limits.events);
  return {
    state: { latestMs, entries: [], sinceMs, seen: Object.fromEntries(kept.slice(over)) },
    hit: fires
      ? { rule, group, count: 1, fromMs: timeMs, toMs: timeMs, reason: `${term.slice(0, 120)} was not seen before` }
      : undefined,
    lost: over > 0 ? { late: 0, events: over } : undefined,
    keepUntilMs,
  };
}
