import { formatDuration, roundDuration } from '@tmws/duration';
import type { TimeAxis } from './time-axis.ts';

export interface Domain {
  fromNs: number;
  toNs: number;
}

export interface Tick {
  /** After the zero of the axis. */
  atNs: number;
  label: string;
}

/**
 * Marks at round lengths of time after `zeroNs`, all within the domain, at most `most` of them.
 *
 * @param zeroNs  the instant the axis calls 0
 */
export function ticks({ fromNs, toNs }: Domain, zeroNs: number, most: number): Tick[] {
  const step = roundDuration((toNs - fromNs) / Math.max(1, most - 1));
  const marks: Tick[] = [];
  for (let at = Math.ceil((fromNs - zeroNs) / step) * step; at <= toNs - zeroNs; at += step) {
    marks.push({ atNs: at + zeroNs, label: at === 0 ? '0' : formatDuration(at) });
  }
  return marks;
}

/**
 * Marks as `ticks` has them on an axis with pressed stretches, which have none.
 *
 * @param labelOf  what a mark says; absent: how long after `zeroNs`
 */
export function ticksOn(
  axis: TimeAxis,
  domain: Domain,
  zeroNs: number,
  most: number,
  labelOf?: (atNs: number) => string,
): Tick[] {
  const length = axis.of(domain.toNs) - axis.of(domain.fromNs);
  const step = roundDuration(length / Math.max(1, most - 1));
  const marks: Tick[] = [];
  let fromNs = domain.fromNs;
  for (const pressed of [...axis.breaks, { fromNs: Infinity, toNs: Infinity }]) {
    const toNs = Math.min(domain.toNs, pressed.fromNs);
    for (let at = Math.ceil((fromNs - zeroNs) / step) * step; at <= toNs - zeroNs; at += step) {
      marks.push({ atNs: at + zeroNs, label: labelOf?.(at + zeroNs) ?? (at === 0 ? '0' : formatDuration(at)) });
    }
    fromNs = Math.max(fromNs, pressed.toNs);
    if (fromNs >= domain.toNs) break;
  }
  return marks;
}

const growth = 1.25;
const ahead = 1.5e9;

/**
 * The end of an axis whose bars grow: it stands still while they grow towards it and jumps a quarter ahead when they reach it,
 * so that the picture does not shrink before one's eyes all the time. At least `ahead` is always free, so that a picture drawn
 * anew each second is never overtaken.
 */
export function growingEnd({ fromNs, toNs }: Domain): number {
  const length = toNs - fromNs + ahead;
  return fromNs + 1e9 * growth ** Math.ceil(Math.log(length / 1e9) / Math.log(growth) - 1e-9);
}
