// Silences as this page keeps them, and one that is being written.
import type { SilenceJson, SuggestSilenceResponseJson } from '@tmws/contracts/silences';
import { type Alert, instantMs, readAlert } from './alert.ts';
import { type Matcher, readMatcher } from './label-matcher.ts';

export interface Silence {
  readonly id: string;
  readonly matchers: readonly Matcher[];
  readonly state: string;
  readonly startsMs: number;
  readonly endsMs: number;
  readonly createdBy: string;
  readonly comment: string;
  readonly mutedCount: number;
}

export const readSilence = (json: SilenceJson): Silence => ({
  id: json.id ?? '',
  matchers: (json.matchers ?? []).map(readMatcher),
  state: json.state ?? 'active',
  startsMs: instantMs(json.startsAt) ?? 0,
  endsMs: instantMs(json.endsAt) ?? 0,
  createdBy: json.createdBy ?? '',
  comment: json.comment ?? '',
  mutedCount: json.mutedCount ?? 0,
});

export interface Preview {
  readonly now: number;
  readonly lastDay: number;
  readonly lastWeek: number;
  readonly alerts: readonly Alert[];
}

export const readPreview = (json: SuggestSilenceResponseJson): Preview => ({
  now: json.now ?? 0,
  lastDay: json.lastDay ?? 0,
  lastWeek: json.lastWeek ?? 0,
  alerts: (json.alerts ?? []).map(readAlert),
});

/** What is being written: a new silence, or one that is changed. */
export interface SilenceDraft {
  /** Empty: a new one. */
  readonly id: string;
  /** What it is now, where one is changed: what is left as it is stays so to the millisecond. */
  readonly former?: Pick<Silence, 'startsMs' | 'endsMs'> | undefined;
  readonly matchers: readonly Matcher[];
  /** Empty: now. As `datetime-local` writes it. */
  readonly starts: string;
  readonly lasts: Lasting;
  /** Where `lasts` is `exact`. As `datetime-local` writes it. */
  readonly ends: string;
  readonly comment: string;
}

export const lastings = ['1h', '4h', 'morning', '1w', 'exact'] as const;
export type Lasting = (typeof lastings)[number];
export const lastingWords: Readonly<Record<Lasting, string>> = {
  '1h': '1 hour',
  '4h': '4 hours',
  morning: 'until tomorrow morning',
  '1w': '1 week',
  exact: 'until an exact time',
};

const hourMs = 3_600e3;
const morningHour = 9;

/** When a silence ends that begins at `startMs`; undefined where the exact time is none. Morning is at nine of the reader's next day. */
export function endOf({ lasts, ends }: Pick<SilenceDraft, 'lasts' | 'ends'>, startMs: number): number | undefined {
  if (lasts === '1h') return startMs + hourMs;
  if (lasts === '4h') return startMs + 4 * hourMs;
  if (lasts === '1w') return startMs + 7 * 24 * hourMs;
  if (lasts === 'exact') return instantMs(ends);
  const morning = new Date(startMs);
  return new Date(morning.getFullYear(), morning.getMonth(), morning.getDate() + 1, morningHour).getTime();
}

/** The instant as `datetime-local` takes it: the reader's time, to the minute. */
export function localInstant(ms: number): string {
  const at = new Date(ms);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** What is missing before it can be made, one thing a time; undefined: nothing. */
export function lackOf(draft: SilenceDraft, nowMs: number): { at: 'matchers' | 'ends' | 'comment'; words: string } | undefined {
  if (draft.matchers.every(({ name }) => name.trim() === ''))
    return { at: 'matchers', words: 'Say which alerts: at least one label and its value.' };
  const nameless = draft.matchers.find(({ name, value }) => name.trim() === '' && value !== '');
  if (nameless !== undefined) return { at: 'matchers', words: `Say which label is meant by "${nameless.value}".` };
  const startMs = instantMs(draft.starts) ?? nowMs;
  const endMs = endOf(draft, startMs);
  if (endMs === undefined) return { at: 'ends', words: 'Say when it ends.' };
  if (endMs <= Math.max(startMs, nowMs)) return { at: 'ends', words: 'It must end after now and after it begins.' };
  if (draft.comment.trim() === '') return { at: 'comment', words: 'Say why, for whoever finds the silence.' };
  return undefined;
}

/** A silence as the API takes it. Only what has no lack may be sent. */
export function silenceBody(draft: SilenceDraft, nowMs: number): Record<string, unknown> {
  const { former, starts } = draft;
  const startMs =
    former !== undefined && ['', localInstant(former.startsMs)].includes(starts) ? former.startsMs : instantMs(starts);
  const sameEnd = former !== undefined && draft.lasts === 'exact' && draft.ends === localInstant(former.endsMs);
  const endMs = sameEnd ? former.endsMs : endOf(draft, Math.max(startMs ?? nowMs, nowMs));
  return {
    matchers: writtenMatchers(draft),
    ...(startMs !== undefined && { startsAt: new Date(startMs).toISOString() }),
    endsAt: new Date(endMs ?? nowMs).toISOString(),
    comment: draft.comment.trim(),
  };
}

/** Those that say something. */
export const writtenMatchers = ({ matchers }: Pick<SilenceDraft, 'matchers'>): Matcher[] =>
  matchers.filter(({ name }) => name.trim() !== '').map((matcher) => ({ ...matcher, name: matcher.name.trim() }));

/** What the button does, with the number the server counted. */
export function silenceWords(preview: Preview | undefined, isNew: boolean): string {
  if (!isNew) return 'Save the silence';
  if (preview === undefined) return 'Silence';
  if (preview.now === 0) return 'Silence what comes';
  return preview.now === 1 ? 'Silence 1 alert' : `Silence ${preview.now.toLocaleString('en')} alerts`;
}

export const newDraft = (matchers: readonly Matcher[] = []): SilenceDraft => ({
  id: '',
  matchers: matchers.length === 0 ? [{ name: '', operator: '=', value: '' }] : matchers,
  starts: '',
  lasts: '1h',
  ends: '',
  comment: '',
});

/** One that is there, to be changed. */
export const draftOf = ({ id, matchers, startsMs, endsMs, comment, state }: Silence): SilenceDraft => ({
  id: state === 'expired' ? '' : id,
  former: state === 'expired' ? undefined : { startsMs, endsMs },
  matchers,
  starts: state === 'pending' ? localInstant(startsMs) : '',
  lasts: state === 'expired' ? '1h' : 'exact',
  ends: state === 'expired' ? '' : localInstant(endsMs),
  comment,
});

const soonMs = hourMs;
/** It ends within an hour, so that what it mutes will be told again. */
export const endsSoon = ({ state, endsMs }: Silence, nowMs: number): boolean => state === 'active' && endsMs - nowMs < soonMs;
