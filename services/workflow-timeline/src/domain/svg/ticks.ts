import { roundDuration } from '@tmws/duration';

/** Round lengths of time from `fromNs` to `toNs`, at most `most` of them. */
export function ticksBetween(fromNs: number, toNs: number, most: number): number[] {
  const length = toNs - fromNs;
  if (!(length > 0) || most < 2) return [fromNs];
  const step = roundDuration(length / (most - 1));
  const ticks: number[] = [];
  for (let at = Math.ceil(fromNs / step) * step; at <= toNs && ticks.length < most; at += step) ticks.push(at);
  return ticks;
}
