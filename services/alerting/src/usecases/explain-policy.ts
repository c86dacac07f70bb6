// What a policy makes of an alert, as sentences: why nobody hears of it yet, and who hears of it if nobody acknowledges it.
import { clockText, spanText } from '../domain/explanation-words.ts';
import { dampedBy, lingerMs } from '../domain/handling.ts';
import { type Matcher, matchesAll } from '../domain/matcher.ts';
import { type AlertPolicy, rulesFor } from '../domain/policy.ts';
import type { StoredAlert } from '../ports.ts';
import type { MutedBecause } from './explain-summary.ts';

interface Asked {
  readonly about: StoredAlert;
  /** It is known, not only its labels. */
  readonly known: boolean;
  readonly policy: AlertPolicy;
  /** Alerts that match are not held. */
  readonly bypass: readonly Matcher[];
}

/** Why an alert is damped, or would be; nothing: it is not. */
export function dampedBecause({ about, known, policy, bypass }: Asked, nowMs: number): MutedBecause[] {
  const rule = rulesFor(policy, about.labels).damping;
  const unsteady = (reason: string): MutedBecause[] => [{ by: 'unsteady', id: '', reason }];
  const holds = (leftMs: number): string => {
    const whole = rule === undefined ? 'longer' : `for ${spanText(rule.fireAfterMs)}`;
    return `it must fire ${whole} before anyone is told; ${spanText(leftMs)} are left`;
  };
  if (!known) {
    const urgent = bypass.length > 0 && matchesAll(bypass, about.labels);
    return rule === undefined || rule.fireAfterMs === 0 || urgent ? [] : unsteady(holds(rule.fireAfterMs));
  }
  switch (dampedBy(about, nowMs)) {
    case 'held':
      return unsteady(holds(Math.max(0, (about.handling?.damping?.heldUntilMs ?? nowMs) - nowMs)));
    case 'lingering': {
      const leftMs = about.endsAtMs + lingerMs(about) - nowMs;
      return unsteady(
        `it ended at ${clockText(about.endsAtMs, nowMs)}, which counts after ${spanText(lingerMs(about))}; ${spanText(leftMs)} are left`,
      );
    }
    case 'flapping':
      return [
        { by: 'flapping', id: '', reason: 'it fires and resolves too often: that is told once, and what it is when it is calm' },
      ];
    case undefined:
      return [];
  }
}

/** Who hears of it next if nobody acknowledges it; empty: nobody does. */
export function escalationText({ about, known, policy }: Omit<Asked, 'bypass'>, nowMs: number): string {
  const steps = rulesFor(policy, about.labels).escalation?.steps;
  const state = about.handling?.escalation;
  if (steps === undefined || about.acknowledged !== undefined || about.endsAtMs <= nowMs) return '';
  const next = steps[state?.step ?? 0];
  if (next === undefined || (known && state === undefined)) return '';
  const when = state === undefined ? `within ${spanText(next.afterMs)}` : `by ${clockText(state.sinceMs + next.afterMs, nowMs)}`;
  return `If nobody acknowledges it ${when}, ${next.receiver} is told.`;
}
