/** After so many losses in a row what is shown may lack something. */
export const failuresUntilLost = 3;

/** How long to wait before the next try to connect, ms: doubling from half a second to 15 s, spread so that many pages do not come at once. */
export function reconnectDelayMs(failures: number, random: number): number {
  return Math.min(15_000, 500 * 2 ** Math.min(failures, 10)) * (0.75 + random / 2);
}

/** The same once streams seem not to be had and the page asks instead, ms: from 5 to 30 s. */
export function pollDelayMs(failures: number, random: number): number {
  return Math.min(30_000, 5_000 * 1.5 ** Math.min(Math.max(0, failures - failuresUntilLost), 10)) * (0.9 + random / 5);
}
