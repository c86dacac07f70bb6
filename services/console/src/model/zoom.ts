import type { Domain } from './axis.ts';

/** No closer than this: a nanosecond is as fine as times are. */
const narrowestNs = 1_000;

/**
 * A window on the axis, closer by `factor` (below 1: farther), with `atNs` staying where it is on the screen.
 *
 *   Z1  the window lies within the whole
 *   Z2  undefined is the whole: what comes back to it follows its growth again
 */
export function zoomed(view: Domain | undefined, whole: Domain, factor: number, atNs: number): Domain | undefined {
  const { fromNs, toNs } = view ?? whole;
  const length = Math.max(narrowestNs, (toNs - fromNs) / factor);
  const before = Math.min(1, Math.max(0, (atNs - fromNs) / (toNs - fromNs)));
  return within({ fromNs: atNs - length * before, toNs: atNs + length * (1 - before) }, whole);
}

/** The window moved along the axis by a part of its length. The whole cannot be moved. */
export function panned(view: Domain | undefined, whole: Domain, part: number): Domain | undefined {
  if (view === undefined) return undefined;
  const by = (view.toNs - view.fromNs) * part;
  return within({ fromNs: view.fromNs + by, toNs: view.toNs + by }, whole);
}

/** A window around a stretch of time, with room on both sides. */
export function around({ fromNs, toNs }: Domain, whole: Domain): Domain | undefined {
  const room = Math.max(narrowestNs, (toNs - fromNs) * 0.15);
  return within({ fromNs: fromNs - room, toNs: toNs + room }, whole);
}

function within(view: Domain, whole: Domain): Domain | undefined {
  const length = view.toNs - view.fromNs;
  if (length >= (whole.toNs - whole.fromNs) * 0.999) return undefined;
  const fromNs = Math.min(Math.max(view.fromNs, whole.fromNs), whole.toNs - length);
  return { fromNs, toNs: fromNs + length };
}
