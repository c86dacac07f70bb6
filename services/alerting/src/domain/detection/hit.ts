// That a rule met an event: who made it, what it is about, and what people are to read of it.
import type { EventView, RuleHeader } from '@tmws/detection';

export const ruleKinds = ['sigma', 'correlation', 'preset', 'atr', 'built_in'] as const;
export type RuleKind = (typeof ruleKinds)[number];

/** Two rules of one family may be wrong for one reason. */
export type RuleFamily = 'sigma' | 'atr' | 'count';

export type RuleLevel = 'informational' | 'low' | 'medium' | 'high' | 'critical';

/** A rule that runs, as people read it. */
export interface RunningRule {
  /** Its id, or its name or title where it has none. */
  readonly id: string;
  readonly title: string;
  readonly kind: RuleKind;
  readonly family: RuleFamily;
  /** '' = it does not say, as in all these texts. */
  readonly status: string;
  readonly level: RuleLevel;
  readonly description: string;
  readonly tags: readonly string[];
  readonly falsePositives: readonly string[];
  /** Fields an analyst wants to see. */
  readonly fields: readonly string[];
  /** The file it lies in, below its folder. */
  readonly source: string;
  readonly logsource: string;
  /** It compares amounts with what is usual: likely, never certain. */
  readonly statistical: boolean;
  /** It makes alerts of its own; else it is there for correlations only. */
  readonly raises: boolean;
}

/** Whom or what an event is about, by the names of labels: user, source_ip, host, session. */
export type Entities = Readonly<Record<string, string>>;

export interface Hit {
  readonly rule: RunningRule;
  readonly entities: Entities;
  /** What the rule names under `fields`, and what a correlation's events share. */
  readonly fields: Readonly<Record<string, string>>;
  /** The events behind it that are known, by source and id; the latest last. */
  readonly events: readonly string[];
  /** What was counted, in words; absent: it is one event that speaks for itself. */
  readonly counted?: string;
  /** For correlations: what they know the rule by, and the event as rules see it; absent: none counts it. */
  readonly met?: { readonly rule: RuleHeader; readonly view: EventView };
  /** An event that met the filter of a preset: what the preset makes of it is a hit, this is none. */
  readonly candidate?: boolean;
  /** How long its alert fires; absent: as all do. */
  readonly firesForMs?: number;
}
