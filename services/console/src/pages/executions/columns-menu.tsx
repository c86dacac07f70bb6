import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { type ColumnId, columnIds, columns, moved, toggled } from '../../model/list-columns.ts';
import { useCloseOutside } from '../../ui/menu.tsx';

interface Props {
  shown: readonly ColumnId[];
  onChange(cols: ColumnId[]): void;
}

/** Which columns there are, and in what order; the address keeps it. */
export function ColumnsMenu({ shown, onChange }: Props) {
  const open = useSignal(false);
  const root = useRef<HTMLDivElement>(null);
  useCloseOutside(root, open);
  const all = [...shown, ...columnIds.filter((id) => !shown.includes(id))];
  return (
    <div
      class="menu"
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open.value) return;
        event.preventDefault();
        open.value = false;
        root.current?.querySelector('button')?.focus();
      }}
    >
      <button type="button" aria-expanded={open.value} onClick={() => (open.value = !open.value)}>
        Columns
      </button>
      {open.value && (
        <fieldset class="menu-list columns-menu">
          <legend>Columns, in order</legend>
          {all.map((id) => (
            <div key={id} class="columns-row">
              <label>
                <input
                  type="checkbox"
                  checked={shown.includes(id)}
                  disabled={id === 'state' || id === 'name'}
                  onChange={() => onChange(toggled(shown, id))}
                />
                {columns[id].title}
              </label>
              {shown.includes(id) && (
                <span>
                  <button
                    type="button"
                    class="plain"
                    aria-label={`${columns[id].title}: to the left`}
                    disabled={shown[0] === id}
                    onClick={() => onChange(moved(shown, id, -1))}
                  >
                    ↑
                  </button>
                  <button
                    type="button"
                    class="plain"
                    aria-label={`${columns[id].title}: to the right`}
                    disabled={shown.at(-1) === id}
                    onClick={() => onChange(moved(shown, id, 1))}
                  >
                    ↓
                  </button>
                </span>
              )}
            </div>
          ))}
        </fieldset>
      )}
    </div>
  );
}
