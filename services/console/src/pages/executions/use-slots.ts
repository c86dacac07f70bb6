import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Execution } from '../../model/execution.ts';
import { nextSlots, type RowSlots } from '../../model/row-slots.ts';

/**
 * Keys for rows whose elements are used again: scrolling then writes words instead of making elements. The focus does not stay on
 * an element that has come to show another execution.
 */
export function useSlots(body: RefObject<HTMLElement | null>, rows: readonly Execution[]): (id: string) => number {
  const slots = useRef<RowSlots>(new Map());
  const last = useRef(rows);
  const focused = document.activeElement?.closest<HTMLElement>('tr[data-id]')?.dataset.id;
  if (last.current !== rows || slots.current.size === 0) {
    const ids = rows.map(({ id }) => id);
    slots.current = nextSlots(slots.current, ids);
    last.current = rows;
  }
  useLayoutEffect(() => {
    const active = document.activeElement;
    if (focused === undefined || !(active instanceof HTMLElement) || body.current?.contains(active) !== true) return;
    if (active.closest<HTMLElement>('tr[data-id]')?.dataset.id !== focused) active.blur();
  });
  return (id) => slots.current.get(id) ?? -1;
}
