import type { ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { LiveState } from '../api/live-stream.ts';
import { useConsole } from './console.ts';

/** Shows the state of a page's stream in the top bar while the page is shown. */
export function useLive(state: ReadonlySignal<LiveState>): void {
  const { live } = useConsole();
  useEffect(() => {
    live.show(state);
    return () => live.show(undefined);
  }, [live, state]);
}
