import { useEffect, useRef } from 'preact/hooks';

const growEveryMs = 100;
const growCalmlyEveryMs = 1_000;

/** Draws again and again while bars grow: smoothly, or once a second for those who asked for less motion. Not while nobody looks. */
export function useGrowth(growing: boolean, draw: () => void): void {
  const latest = useRef(draw);
  latest.current = draw;
  useEffect(() => {
    if (!growing) return undefined;
    const everyMs = matchMedia('(prefers-reduced-motion: reduce)').matches ? growCalmlyEveryMs : growEveryMs;
    let frame = 0;
    let drawnMs = 0;
    const step = (nowMs: number): void => {
      if (nowMs - drawnMs >= everyMs) {
        drawnMs = nowMs;
        latest.current();
      }
      frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [growing]);
}
