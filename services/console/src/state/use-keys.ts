import { useEffect, useMemo, useRef } from 'preact/hooks';
import { useConsole } from './console.ts';
import type { KeyHandlers } from './keyboard.ts';

/**
 * Gives keys of `keys.ts` a meaning while this component is on the page. Which keys it has may not change while it is. A component is
 * asked before those around it, so that Escape goes back from the inner to the outer.
 */
export function useKeys(handlers: KeyHandlers): void {
  const { keyboard } = useConsole();
  const latest = useRef(handlers);
  latest.current = handlers;
  // Taken while rendering: a component renders before what is in it.
  const place = useMemo(() => keyboard.place(), [keyboard]);
  useEffect(() => keyboard.register(place, () => latest.current), [keyboard]);
}
