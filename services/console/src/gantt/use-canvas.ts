import type { RefObject } from 'preact';
import { useLayoutEffect, useReducer, useRef } from 'preact/hooks';
import { type ChartTheme, readTheme } from './theme.ts';

export interface Canvas {
  canvas: RefObject<HTMLCanvasElement | null>;
  context: { current: CanvasRenderingContext2D | undefined };
  theme: { current: ChartTheme | undefined };
}

/** A canvas with its context and the theme in force; when the theme changes, the component is drawn anew. */
export function useCanvas(): Canvas {
  const canvas = useRef<HTMLCanvasElement>(null);
  const context = useRef<CanvasRenderingContext2D | undefined>(undefined);
  const theme = useRef<ChartTheme | undefined>(undefined);
  const [, redraw] = useReducer<number, undefined>((times) => times + 1, 0);
  useLayoutEffect(() => {
    context.current = canvas.current?.getContext('2d') ?? undefined;
    const read = (): void => {
      if (context.current !== undefined) theme.current = readTheme(context.current);
      redraw(undefined);
    };
    const preferences = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)'].map((query) => matchMedia(query));
    for (const each of preferences) each.addEventListener('change', read);
    read();
    return () => {
      for (const each of preferences) each.removeEventListener('change', read);
    };
  }, []);
  return { canvas, context, theme };
}
