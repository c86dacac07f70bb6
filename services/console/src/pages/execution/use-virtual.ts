import type { RefObject } from 'preact';
import { useSignal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import { visibleRange } from '../../model/visible-range.ts';

const spareRows = 8;

/** Which rows of a scrolled list are to be made. */
export function useVirtual(list: RefObject<HTMLElement | null>, count: number, rowPx: number): readonly [number, number] {
  const range = useSignal<readonly [number, number]>([0, 40]);
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return undefined;
    const measure = (): void => {
      const next = visibleRange(count, rowPx, element.scrollTop, element.clientHeight, spareRows);
      if (next[0] !== range.peek()[0] || next[1] !== range.peek()[1]) range.value = next;
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    measure();
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, [count, rowPx]);
  return range.value;
}
