const growEveryMs = 100;
const growCalmlyEveryMs = 1_000;

/** Draws again and again while bars grow: smoothly, or once a second for those who asked for less motion. Returns what ends it. */
export function keepGrowing(draw: () => void): () => void {
  const everyMs = matchMedia('(prefers-reduced-motion: reduce)').matches ? growCalmlyEveryMs : growEveryMs;
  const timer = setInterval(() => {
    if (!document.hidden) draw();
  }, everyMs);
  return () => clearInterval(timer);
}
