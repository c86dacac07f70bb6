/** How long to wait before the next try to connect, ms: doubling from half a second to 15 s, spread so that many pages do not come at once. */
export function reconnectDelayMs(failures: number, random: number): number {
  return Math.min(15_000, 500 * 2 ** Math.min(failures, 10)) * (0.75 + random / 2);
}
