import { useSignal } from '@preact/signals';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { foldAt } from '../../gantt/row-words.ts';
import { type Layout, layOut, type LayoutOptions } from '../../model/layout.ts';
import type { Picture } from '../../state/execution-store.ts';

export interface Laid {
  readonly layout: Layout;
  /** Opens or closes what stands below an entry. */
  toggle(entry: number, open: boolean): void;
}

/** The rows as they stand, with what was opened and closed by hand. The chosen row is brought out of what hides it, once. */
export function useLayout(
  { steps, late }: Picture,
  version: number,
  folding: boolean,
  only: LayoutOptions['only'],
  selected: number,
): Laid {
  const closed = useSignal<ReadonlySet<number>>(new Set());
  const openFolds = useSignal<ReadonlySet<string>>(new Set());
  const layout = useMemo(
    () => layOut(steps, { closed: closed.value, openFolds: openFolds.value, folding, only, late }),
    [steps, version, closed.value, openFolds.value, folding, only],
  );
  const brought = useRef(-1);
  useLayoutEffect(() => {
    if (selected < 0 || brought.current === selected) return;
    const entry = layout.entryOf[selected] ?? -1;
    const fold = foldAt(layout, entry);
    if (entry >= 0 && fold !== undefined) openFolds.value = new Set([...openFolds.value, fold.key]);
    else if (entry >= 0 && layout.row[entry] !== selected) {
      const open = new Set(closed.value);
      for (let row = selected; row >= 0; row = steps.rows.parent[row] ?? -1) open.delete(row);
      closed.value = open;
    } else brought.current = selected;
  }, [layout, selected]);
  return {
    layout,
    toggle(entry, open) {
      brought.current = selected;
      const fold = foldAt(layout, entry);
      if (fold !== undefined) {
        const next = new Set(openFolds.value);
        if (open) next.add(fold.key);
        else next.delete(fold.key);
        openFolds.value = next;
        return;
      }
      const next = new Set(closed.value);
      const row = layout.row[entry] ?? -1;
      if (open) next.delete(row);
      else next.add(row);
      closed.value = next;
    },
  };
}
