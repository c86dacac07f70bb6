import { type Signal, useSignal } from '@preact/signals';
import { type RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/** Rows drawn beyond what is seen, so that a fling shows no gap. */
const beyond = 8;
/** In steps, so that most frames draw nothing new. */
const step = 4;

/** Which of `count` rows of one height are in sight of the window, `from` up to `to`. It follows scrolling, a frame at a time. */
export function useRowsInSight(
  body: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
): Signal<{ from: number; to: number }> {
  const sight = useSignal({ from: 0, to: 40 });
  useEffect(() => {
    let frame: number | undefined;
    const look = (): void => {
      frame = undefined;
      const top = body.current?.getBoundingClientRect().top ?? 0;
      const first = Math.floor(-top / rowHeight) - beyond;
      const from = Math.max(0, Math.min(first - (first % step), count - 1));
      // As many each time, so that each row that comes takes the place of one that goes.
      const to = Math.min(count, from + Math.ceil(innerHeight / rowHeight) + 2 * beyond + step);
      if (sight.value.from !== from || sight.value.to !== to) sight.value = { from, to };
    };
    const soon = (): void => {
      frame ??= requestAnimationFrame(look);
    };
    look();
    addEventListener('scroll', soon, { passive: true });
    addEventListener('resize', soon);
    return () => {
      removeEventListener('scroll', soon);
      removeEventListener('resize', soon);
      if (frame !== undefined) cancelAnimationFrame(frame);
    };
  }, [count, rowHeight]);
  return sight;
}
