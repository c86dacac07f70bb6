/** Which of `count` rows of `rowPx` lie in a window, and `spare` more on each side so that a quick scroll does not show emptiness. */
export function visibleRange(
  count: number,
  rowPx: number,
  scrollPx: number,
  windowPx: number,
  spare: number,
): [first: number, end: number] {
  const first = Math.max(0, Math.floor(scrollPx / rowPx) - spare);
  return [Math.min(first, count), Math.min(count, Math.ceil((scrollPx + windowPx) / rowPx) + spare)];
}

/** Where to scroll so that the row is in the window; where it is already, `scrollPx`. */
export function scrollToShow(at: number, rowPx: number, scrollPx: number, windowPx: number): number {
  if (at * rowPx < scrollPx) return at * rowPx;
  return Math.max(scrollPx, (at + 1) * rowPx - windowPx);
}
