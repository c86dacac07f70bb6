import { useMemo } from 'preact/hooks';
import { useConsole } from './console.ts';
import { type Parameters, readState, writeState } from './url-state.ts';

export interface UrlState<S> {
  readonly state: S;
  /** In place: for what changes often, as typing and zooming. */
  set(changes: Partial<S>): void;
  /** As a new entry of the history, which Back takes away: for what one would want to go back from, as a tab or a filter. */
  push(changes: Partial<S>): void;
}

/** The state of this page as its address has it. @param parameters  the same object each time */
export function useUrlState<S extends object>(parameters: Parameters<S>): UrlState<S> {
  const { router } = useConsole();
  const search = router.search.value;
  const state = useMemo(() => readState(parameters, search), [parameters, search]);
  return {
    state,
    set: (changes) => router.set(writeState(parameters, changes)),
    push: (changes) => router.push(writeState(parameters, changes)),
  };
}
