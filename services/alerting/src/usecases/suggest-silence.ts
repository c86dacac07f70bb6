import type { Matcher } from '../domain/matcher.ts';
import { compileMatchers, silences, type SilenceMatcher } from '../domain/silence.ts';
import type { Clock } from '../ports.ts';
import type { AlertReads } from '../read-ports.ts';
import type { FiringAlert, FiringView } from './firing-alerts.ts';

/** What a silence would mute, found by the matching that mutes. */
export interface SilenceSuggestion {
  /** That fire now; the worst first. */
  readonly now: readonly FiringAlert[];
  /** That fired at some time in the last 24 hours, or 7 days; those of now among them. */
  readonly lastDay: number;
  readonly lastWeek: number;
}

interface Suggesting {
  readonly firing: (namespace: string) => FiringView;
  readonly reads: Pick<AlertReads, 'seenSince'>;
  readonly clock: Clock;
}

const dayMs = 86_400_000;
const mostLookedAt = 100_000;

/** @throws PatternFault */
export function suggestSilence({ firing, reads, clock }: Suggesting) {
  return async (namespace: string, given: readonly SilenceMatcher[]): Promise<SilenceSuggestion> => {
    const matchers: readonly Matcher[] = compileMatchers(given);
    const nowMs = clock();
    const now = firing(namespace).alerts.filter(({ alert }) => silences(matchers, alert.labels));
    const day = new Set(now.map(({ alert }) => alert.fingerprint));
    const week = new Set(day);
    for (const { fingerprint, lastMs, labels } of await reads.seenSince(namespace, nowMs - 7 * dayMs, mostLookedAt)) {
      if (!silences(matchers, labels)) continue;
      week.add(fingerprint);
      if (lastMs >= nowMs - dayMs) day.add(fingerprint);
    }
    return { now, lastDay: day.size, lastWeek: week.size };
  };
}
