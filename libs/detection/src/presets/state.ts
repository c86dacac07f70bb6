// What is kept of a preset's group, and what comes out of an event or of silence.
import type { Entry } from '../correlation/windows.ts';
import type { PresetRule } from './rule.ts';

/** What is kept of a group; JSON. */
export interface PresetState {
  /** Of the latest event. */
  readonly latestMs: number;
  /** Of the events of the windows that matter, by time. */
  readonly entries: readonly Entry[];
  /** Since when the group is watched. */
  readonly sinceMs: number;
  /** What the events share; kept where silence may tell of the group. */
  readonly group?: Readonly<Record<string, string>>;
  /** The latest value of `change`. */
  readonly value?: string;
  /** The terms of `new_term` and when they were seen last, to a hundredth of the window. */
  readonly seen?: Readonly<Record<string, number>>;
}

/** What a preset found. */
export interface PresetHit {
  readonly rule: PresetRule;
  /** What the events share, by the names of `query_key`; of `new_term` the new term by its fields. */
  readonly group: Readonly<Record<string, string>>;
  /** The count or measure that is out of bounds; 1 where there is none. With `frequency` it may be less than all there were. */
  readonly count: number;
  /** The window. */
  readonly fromMs: number;
  readonly toMs: number;
  /** What was found, in words: `2 events, fewer than 5`. */
  readonly reason: string;
}

export interface PresetTaken {
  /** Absent: the group may be forgotten. */
  readonly state?: PresetState | undefined;
  readonly hit?: PresetHit | undefined;
  /** What was not counted: the event itself because it came too late, or so many of the oldest. */
  readonly lost?: { readonly late: number; readonly events: number } | undefined;
  /** When the group may be forgotten if no event comes until then; absent if never, since its silence is what the preset is about. */
  readonly keepUntilMs?: number | undefined;
}

export interface PresetLimits {
  /** Events, or terms, kept for one group; the oldest go first. */
  readonly events: number;
}

export const presetLimits: PresetLimits = { events: 10_000 };
