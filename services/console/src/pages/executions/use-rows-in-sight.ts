import { type Signal, useSignal } from '@preact/signals';
import { type RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/** Rows drawn beyond what is seen, so that a fling shows no gap. */
const beyond = 8;

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
      // In steps, so that most frames draw nothing new.
      const from = Math.max(0, Math.min(first - (first % 4), count - 1));
      const to = Math.min(count, Math.ceil((innerHeight - top) / rowHeight) + beyond);
      if (sight.value.from !== from || Math.abs(sight.value.to - to) >= 4 || to === count) sight.value = { from, to };
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
