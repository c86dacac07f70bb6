/** Work that can be left for a while at each `yield`, so that a page with much to do still answers. */
export type InParts<T> = Generator<undefined, T>;

export function inOneGo<T>(work: InParts<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

/**
 * Goes on with the work whenever `later` says so.
 *
 * @param sliceMs  how long it may work in one go; a part that takes longer is not cut
 * @returns undefined once `wanted` says no
 */
export async function inSlices<T>(
  work: InParts<T>,
  sliceMs: number,
  later: (goOn: () => void) => void,
  wanted: () => boolean,
): Promise<T | undefined> {
  let sinceMs = performance.now();
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
    if (performance.now() - sinceMs < sliceMs) continue;
    await new Promise<void>((goOn) => later(goOn));
    if (!wanted()) return undefined;
    sinceMs = performance.now();
  }
}
