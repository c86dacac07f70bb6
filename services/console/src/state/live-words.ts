import type { LiveState } from '../api/live-stream.ts';

export interface LiveWords {
  /** Changes only when something else is the matter, so that it can be announced. */
  word: string;
  /** What is appended for the eye: the age. */
  age: string;
  title: string;
  look: 'live' | 'paused' | 'stale' | 'reconnecting' | 'ended' | 'connecting';
}

/** A loss shorter than this is not worth a number. */
const staleAfterMs = 10_000;

/** What the pill says. @param ageMs  since the last sign of the server */
export function liveWords(state: LiveState, ageMs: number): LiveWords {
  if (state === 'live') return { word: 'Live', age: '', title: 'Changes show as they happen', look: 'live' };
  if (state === 'ended') return { word: 'Complete', age: '', title: 'Finished, everything is shown', look: 'ended' };
  if (state === 'paused') return { word: 'Paused', age: '', title: 'Changes wait until you follow again', look: 'paused' };
  if (state === 'resting') return { word: 'Resting', age: '', title: 'Follows again when the page is seen', look: 'paused' };
  if (state === 'connecting')
    return { word: 'Connecting', age: '', title: 'Connecting to the stream of changes', look: 'connecting' };
  const age = `(${formatAge(ageMs)})`;
  if (state === 'polling')
    return { word: 'Stale', age, title: 'There is no stream of changes; asking every few seconds instead', look: 'stale' };
  if (ageMs >= staleAfterMs)
    return { word: 'Stale', age, title: 'The stream of changes broke off; what is shown is so old. Trying again', look: 'stale' };
  return { word: 'Reconnecting', age: '', title: 'The stream of changes broke off. Trying again', look: 'reconnecting' };
}

/** `7 s`, `3 min`, `2 h`: whole units, downwards. */
export function formatAge(ageMs: number): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1_000));
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3_600)} h`;
}
