import { createContext } from 'preact';
import { useContext, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { RefObject } from 'preact';
import { type Signal, useSignal } from '@preact/signals';

/** Tells elements whether they are in sight or nearly so: what is far away is only as high as it was, and holds nothing. */
export interface Nearness {
  /** As high as one that is closed was drawn, px; what was never drawn is taken to be so high. */
  typicalPx: number;
  watch(element: Element, tell: (near: boolean) => void): () => void;
}

/** So far beyond the window things are drawn, so that a fling shows no gap. */
const margin = '700px 0px';

export function useNearness(): Nearness {
  const nearness = useMemo(() => {
    const told = new WeakMap<Element, (near: boolean) => void>();
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) told.get(target)?.(isIntersecting);
      },
      { rootMargin: margin },
    );
    return {
      typicalPx: 0,
      watch(element: Element, tell: (near: boolean) => void) {
        told.set(element, tell);
        observer.observe(element);
        return () => observer.unobserve(element);
      },
      close: () => observer.disconnect(),
    };
  }, []);
  useLayoutEffect(() => nearness.close, [nearness]);
  return nearness;
}

export const NearnessContext = createContext<Nearness | undefined>(undefined);

export interface Near {
  readonly near: Signal<boolean>;
  /** As high as it was when it was drawn last, or as others are. */
  heightPx(): number;
}

const unknownPx = 112;

/** @param atFirst  whether it is drawn before it is known where it lies */
export function useNear(element: RefObject<HTMLElement | null>, atFirst: boolean): Near {
  const nearness = useContext(NearnessContext);
  const near = useSignal(atFirst || nearness === undefined);
  const heightPx = useRef(0);
  useLayoutEffect(() => {
    if (element.current === null || nearness === undefined) return undefined;
    return nearness.watch(element.current, (is) => {
      if (!is && near.peek()) heightPx.current = element.current?.offsetHeight ?? 0;
      else if (is && near.peek() && nearness.typicalPx === 0) nearness.typicalPx = element.current?.offsetHeight ?? 0;
      // Whoever has the focus stays.
      if (is || element.current?.contains(document.activeElement) !== true) near.value = is;
    });
  }, [nearness]);
  return { near, heightPx: () => heightPx.current || (nearness?.typicalPx ?? 0) || unknownPx };
}
