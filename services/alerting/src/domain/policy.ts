// What goes beyond Alertmanager, by the matchers of a file of its own: who hears of what nobody acknowledges, what is damped, and what
// must be heard from.
import type { EscalationStep } from './escalation.ts';
import type { FlapRules } from './flapping.ts';
import type { LabelSet } from './label-set.ts';
import { type Matcher, matchesAll } from './matcher.ts';
import type { MoreReceiver } from './config/more-receivers.ts';

/** Without matchers: every alert. */
export interface EscalationRule {
  readonly matchers: readonly Matcher[];
  /** At least one. */
  readonly steps: readonly EscalationStep[];
}

/** How long a state must last until it counts, and how often an alert may change. */
export interface DampingRule {
  readonly matchers: readonly Matcher[];
  /** Absent: it may change as often as it likes. */
  readonly flapping: FlapRules | undefined;
  /** An alert must fire that long before anyone is told; 0: at once. */
  readonly fireAfterMs: number;
  /** Resolved counts once it lasted that long; 0: at once. */
  readonly clearAfterMs: number;
}

/** A dead-man switch: alerts that match must arrive, or one with these labels fires. */
export interface WatchRule {
  readonly name: string;
  readonly matchers: readonly Matcher[];
  readonly withinMs: number;
  readonly labels: LabelSet;
}

export interface AlertPolicy {
  readonly escalations: readonly EscalationRule[];
  readonly damping: readonly DampingRule[];
  readonly watches: readonly WatchRule[];
  /** Integrations of kinds that Alertmanager's file does not know. */
  readonly receivers: readonly MoreReceiver[];
  /** The file, without comments; '' = none. */
  readonly original: string;
}

/** Alertmanager's behaviour exactly. */
export const noPolicy: AlertPolicy = { escalations: [], damping: [], watches: [], receivers: [], original: '' };

/** What a policy says of one alert: of each kind the first rule that matches. */
export interface PolicyRules {
  readonly escalation: EscalationRule | undefined;
  readonly damping: DampingRule | undefined;
}

export function rulesFor({ escalations, damping }: AlertPolicy, labels: LabelSet): PolicyRules {
  const takes = ({ matchers }: { matchers: readonly Matcher[] }): boolean => matchesAll(matchers, labels);
  return { escalation: escalations.find(takes), damping: damping.find(takes) };
}

/** How long a policy may still need an alert that is resolved. */
export const longestMemoryMs = ({ damping }: AlertPolicy): number =>
  Math.max(0, ...damping.map(({ flapping, clearAfterMs }) => Math.max(flapping?.windowMs ?? 0, clearAfterMs)));
