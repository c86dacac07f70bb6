import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { visibleRange } from '../model/visible-range.ts';
import { rowPx } from './scene.ts';

export interface Window {
  /** The part of the grid that holds the bars; its width is the axis's. */
  plot: RefObject<HTMLDivElement | null>;
  first: number;
  end: number;
  widthPx: number;
  windowPx: number;
}

const spareRows = 16;
/** Scrolling draws anew only each so many rows; in between the browser moves what is there. */
const stepRows = 8;

/** Follows the grid's scrolling and size: which rows are to be drawn, and how wide. */
export function useWindow(grid: RefObject<HTMLDivElement | null>, count: number): Window {
  const plot = useRef<HTMLDivElement>(null);
  const [scrollPx, setScrollPx] = useState(0);
  const [size, setSize] = useState({ widthPx: 0, windowPx: 0 });
  useLayoutEffect(() => {
    const [grown, inner] = [grid.current, plot.current];
    if (grown === null || inner === null) return undefined;
    const measure = (): void => {
      const next = { widthPx: inner.clientWidth, windowPx: grown.clientHeight };
      setSize((before) => (before.widthPx === next.widthPx && before.windowPx === next.windowPx ? before : next));
    };
    const onScroll = (): void => setScrollPx(Math.floor(grown.scrollTop / (stepRows * rowPx)) * stepRows * rowPx);
    const observer = new ResizeObserver(measure);
    observer.observe(grown);
    observer.observe(inner);
    grown.addEventListener('scroll', onScroll, { passive: true });
    measure();
    return () => {
      observer.disconnect();
      grown.removeEventListener('scroll', onScroll);
    };
  }, []);
  const [first, end] = visibleRange(count, rowPx, scrollPx, size.windowPx, spareRows);
  return { plot, first, end, ...size };
}
