// What was used, in words.
import { formatDuration } from '@tmws/duration';
import { formatBytes, formatCost, formatCount } from './quantity.ts';
import { type Measure, measures } from './usage.ts';
import type { Track } from './usage-tracks.ts';

export const measureNames: Readonly<Record<Measure, string>> = { cpu: 'CPU', memory: 'Memory', tokens: 'Tokens', cost: 'Cost' };

const short = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
const threeDigits = (value: number): string => (value >= 1_000 ? formatCount(Math.round(value)) : short.format(value));

/** How much of a measure, of a try or of all: `12 s`, `70 MiB`, `1,834`, `$0.42`. */
export function formatUsed(measure: Measure, value: number): string {
  if (measure === 'cpu') return formatDuration(value * 1e9);
  if (measure === 'memory') return formatBytes(value);
  return measure === 'tokens' ? formatCount(Math.round(value)) : formatCost(value);
}

/** How much at an instant: `3.2 cores`, `1.2 GiB`, `41 a second`. */
export function formatRate(measure: Measure, value: number): string {
  if (measure === 'cpu') return `${threeDigits(value)} ${value === 1 ? 'core' : 'cores'}`;
  if (measure === 'memory') return formatBytes(value);
  return `${measure === 'tokens' ? threeDigits(value) : formatCost(value)} a second`;
}

/** `at most 3.2 cores · 1,204 core-s`. Of what is paid for the sum comes first; it is the dashed line. */
export function trackWords({ measure, most, total, atLeast }: Track): string {
  const peak = `${atLeast ? 'at least' : 'at most'} ${formatRate(measure, most).replace(' a second', '/s')}`;
  if (measure === 'memory') return `${peak} at once`;
  if (measure === 'cpu') return `${peak} · ${threeDigits(total)} core-s`;
  return [`${formatUsed(measure, total)} in all (dashes)`, most > 0 && peak].filter(Boolean).join(' · ');
}

/** The track as a sentence, for who does not see it. */
export function trackSentence(track: Track, zeroNs: number): string {
  const { measure, most, mostAtNs, total, atLeast } = track;
  const when = `${formatDuration(mostAtNs - zeroNs)} after the start`;
  const peak = most > 0 ? `${atLeast ? 'at least' : 'at most'} ${formatRate(measure, most)}, ${when}` : '';
  const all = { cpu: `${threeDigits(total)} core-seconds in all`, memory: '', tokens: `${formatUsed('tokens', total)} in all` };
  const sum = measure === 'cost' ? `${formatUsed('cost', total)} in all` : all[measure];
  return `${measureNames[measure]}: ${[peak, sum].filter(Boolean).join('; ')}.`;
}

/** What is paid for, in a few words: `9,460 tokens`, `$0.42`. */
export function paidFor(tracks: readonly Track[]): string[] {
  const total = (of: Measure): number => tracks.find(({ measure }) => measure === of)?.total ?? 0;
  const words = { tokens: `${formatUsed('tokens', total('tokens'))} tokens`, cost: formatUsed('cost', total('cost')) };
  return measures.flatMap((measure) =>
    (measure === 'tokens' || measure === 'cost') && total(measure) > 0 ? [words[measure]] : [],
  );
}
