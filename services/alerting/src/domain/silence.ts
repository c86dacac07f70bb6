// Silences: matchers that mute alerts for a time.
//
//   pending ──start──▶ active ──end──▶ expired          expire: pending and active become expired at once
import { isLabelName, type LabelSet, type NameMode } from './label-set.ts';
import { isEqual, type Matcher, matcherOf, matchesAll, operatorOf } from './matcher.ts';

/** A matcher as the API writes it. */
export interface SilenceMatcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

export interface Silence {
  readonly id: string;
  /** An alert is muted if it matches all. */
  readonly matchers: readonly SilenceMatcher[];
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly updatedAtMs: number;
  readonly createdBy: string;
  readonly comment: string;
}

export type SilenceState = 'pending' | 'active' | 'expired';

/** Half-open: active at its start, expired at its end. */
export function silenceState({ startsAtMs, endsAtMs }: Pick<Silence, 'startsAtMs' | 'endsAtMs'>, nowMs: number): SilenceState {
  if (nowMs < startsAtMs) return endsAtMs <= startsAtMs ? 'expired' : 'pending';
  return nowMs < endsAtMs ? 'active' : 'expired';
}

/** Compiled once, asked often. Throws PatternFault. */
export const compileMatchers = (matchers: readonly SilenceMatcher[]): Matcher[] =>
  matchers.map((each) => matcherOf(each.name, operatorOf(each), each.value));

/** Whether a silence that is active mutes such an alert. No matchers mute nothing. */
export const silences = (compiled: readonly Matcher[], labels: LabelSet): boolean =>
  compiled.length > 0 && matchesAll(compiled, labels);

/** A silence as it is asked for; with an id, an edit. */
export type WantedSilence = Omit<Silence, 'id' | 'updatedAtMs'> & { readonly id?: string | undefined };

/** What is wrong with a wanted silence, each as a sentence; nothing if it may be made. */
export function silenceFaults(wanted: WantedSilence, names: NameMode, nowMs: number): string[] {
  const faults: string[] = [];
  if (wanted.matchers.length === 0) faults.push('a silence needs at least one matcher');
  if (wanted.matchers.length > 128) faults.push(`a silence has at most 128 matchers (got ${wanted.matchers.length})`);
  let compiled: Matcher[] = [];
  for (const { name } of wanted.matchers) {
    if (!isLabelName(name, names)) faults.push(`matcher name ${JSON.stringify(name)} is not a label name`);
  }
  try {
    compiled = compileMatchers(wanted.matchers);
  } catch (error) {
    faults.push(error instanceof Error ? error.message : String(error));
  }
  // A negation counts, though it takes alerts without the label: Alertmanager takes such silences too.
  if (compiled.length > 0 && compiled.every((each) => isEqual(each) && each.matches(''))) {
    faults.push('at least one matcher must not match the empty text: this silence would mute every alert without those labels');
  }
  if (wanted.startsAtMs >= wanted.endsAtMs) faults.push('start time must be before end time');
  else if (wanted.endsAtMs <= nowMs) faults.push("end time can't be in the past");
  return faults;
}

/** What becomes of a wanted silence. */
export type SilenceChange =
  /** No silence of that id is known. */
  | { readonly kind: 'unknown'; readonly id: string }
  /** One silence is written, under the id it had or a new one. */
  | { readonly kind: 'created' | 'updated'; readonly silence: Silence; readonly reason: string }
  /** The known one ends now, and a new one takes its place. */
  | { readonly kind: 'replaced'; readonly expired: Silence; readonly silence: Silence; readonly reason: string };

/**
 * Makes or edits a silence. `wanted` has no faults.
 *
 *   S1  an edit keeps its id only if the matchers stay and time allows: active, the same start (to the second) and an end to come; pending, a
 *       start to come. So what was muted by an id in the past never changes
 *   S2  any other edit of a pending or active silence expires it now and makes a new one, under `newId`
 *   S3  an expired silence stays as it is; its edit is a new silence
 *   S4  a new silence starts now at the earliest
 */
export function putSilence(known: Silence | undefined, wanted: WantedSilence, newId: string, nowMs: number): SilenceChange {
  if (wanted.id !== undefined && wanted.id !== '' && known === undefined) return { kind: 'unknown', id: wanted.id };
  const fresh: Silence = { ...wanted, id: newId, startsAtMs: Math.max(wanted.startsAtMs, nowMs), updatedAtMs: nowMs };
  if (known === undefined) return { kind: 'created', silence: fresh, reason: 'it is new' };
  const hindrance = whyNotSame(known, wanted, nowMs);
  if (hindrance === undefined) {
    return { kind: 'updated', silence: { ...wanted, id: known.id, updatedAtMs: nowMs }, reason: 'the edit keeps what was muted' };
  }
  const expired = expireSilence(known, nowMs);
  if (expired === undefined) return { kind: 'created', silence: fresh, reason: hindrance };
  return { kind: 'replaced', expired, silence: fresh, reason: hindrance };
}

function whyNotSame(known: Silence, wanted: WantedSilence, nowMs: number): string | undefined {
  if (JSON.stringify(known.matchers.map(parts)) !== JSON.stringify(wanted.matchers.map(parts))) return 'its matchers changed';
  const state = silenceState(known, nowMs);
  if (state === 'expired') return 'it has expired';
  if (state === 'pending') return wanted.startsAtMs < nowMs ? 'it is pending, and was to start in the past' : undefined;
  if (Math.floor(known.startsAtMs / 1000) !== Math.floor(wanted.startsAtMs / 1000)) return 'it is active, and its start changed';
  return wanted.endsAtMs < nowMs ? 'its end lies in the past' : undefined;
}

const parts = ({ name, value, isRegex, isEqual }: SilenceMatcher): unknown[] => [name, value, isRegex, isEqual];

/** The silence, ended now; undefined if it has expired already. One that was pending never was active. */
export function expireSilence(silence: Silence, nowMs: number): Silence | undefined {
  const state = silenceState(silence, nowMs);
  if (state === 'expired') return undefined;
  const startsAtMs = state === 'pending' ? nowMs : silence.startsAtMs;
  return { ...silence, startsAtMs, endsAtMs: nowMs, updatedAtMs: nowMs };
}
