// Time as it lies on the axis: as it is, or with stretches in which nothing runs pressed together.
import type { Stretch } from './overview.ts';

export interface TimeAxis {
  /** Where an instant lies; grows with it. */
  of(ns: number): number;
  /** The instant at a place. */
  at(place: number): number;
  readonly breaks: readonly Stretch[];
}

export const plainAxis: TimeAxis = { of: (ns) => ns, at: (place) => place, breaks: [] };

/** Each stretch takes `keptNs` of the axis instead of its own length. */
export function pressedAxis(stretches: readonly Stretch[], keptNs: number): TimeAxis {
  const breaks = stretches.filter(({ fromNs, toNs }) => toNs - fromNs > keptNs);
  if (breaks.length === 0) return plainAxis;
  return {
    breaks,
    of(ns) {
      let cut = 0;
      for (const { fromNs, toNs } of breaks) {
        if (ns <= fromNs) break;
        const length = toNs - fromNs;
        cut += (Math.min(ns, toNs) - fromNs) * (1 - keptNs / length);
      }
      return ns - cut;
    },
    at(place) {
      let cut = 0;
      for (const { fromNs, toNs } of breaks) {
        const from = fromNs - cut;
        if (place <= from) break;
        const length = toNs - fromNs;
        if (place < from + keptNs) return fromNs + ((place - from) * length) / keptNs;
        cut += length - keptNs;
      }
      return place + cut;
    },
  };
}
