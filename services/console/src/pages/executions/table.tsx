import type { Signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { type Execution, isGrowing } from '../../model/execution.ts';
import { ariaSort, type ColumnId, columns, sortedBy } from '../../model/list-columns.ts';
import type { ListState } from '../../model/list-filter.ts';
import type { History } from '../../model/listing.ts';
import { hasFailed } from '../../model/status.ts';
import { formatAgo, formatInstant } from '../../model/when.ts';
import { linkTo } from '../../state/address.ts';
import { useConsole } from '../../state/console.ts';
import { useKeys } from '../../state/use-keys.ts';
import type { Router } from '../../state/router.ts';
import { memo } from '../../ui/memo.ts';
import { cells } from './cells.tsx';
import { useRowsInSight } from './use-rows-in-sight.ts';
import { useSlots } from './use-slots.ts';

interface Props {
  items: readonly Execution[];
  shown: readonly ColumnId[];
  sort: ListState['sort'];
  durations: ReadonlyMap<string, History>;
  /** All that match, as far as is known. */
  total: number | undefined;
  /** The list is of a former filter, its successor is being loaded. */
  stale: boolean;
  /** The ids in sight. */
  seen: Signal<readonly string[]>;
  onSort(sort: ListState['sort']): void;
  /** The end is near. */
  onEnd(): void;
}

const rowHeight = 48;

/** The executions, of which only the rows in sight are drawn. `j` and `k` go from row to row, Enter opens. */
export function ExecutionsTable({ items, shown, sort, durations, total, stale, seen, onSort, onEnd }: Props) {
  const { router, clock } = useConsole();
  const body = useRef<HTMLTableSectionElement>(null);
  const current = useRef('');
  const sight = useRowsInSight(body, items.length, rowHeight);
  const from = Math.min(sight.value.from, Math.max(0, items.length - 1));
  const to = Math.min(items.length, sight.value.to);
  const rows = items.slice(from, to);
  const slotOf = useSlots(body, rows);
  const [wallMs, nowMs, search] = [clock.wall.value, clock.seconds.value, router.search.value];
  useEffect(() => {
    seen.value = rows.map(({ id }) => id);
    if (to >= items.length - 60) onEnd();
  }, [from, to, items]);

  /** Puts the focus on a row, which may have to be drawn first. */
  const go = (by: -1 | 1): boolean => {
    const focused = document.activeElement?.closest<HTMLElement>('tr[data-id]')?.dataset.id;
    const at = items.findIndex(({ id }) => id === (focused ?? current.current));
    const next = items[at < 0 ? Math.max(0, from) : at + by];
    if (next === undefined) return true;
    current.current = next.id;
    const top = (body.current?.getBoundingClientRect().top ?? 0) + items.indexOf(next) * rowHeight;
    if (top < 110) scrollBy(0, top - 110);
    else if (top + rowHeight > innerHeight - 70) scrollBy(0, top + rowHeight - innerHeight + 70);
    const focus = (tries: number): void => {
      const link = body.current?.querySelector<HTMLElement>(`tr[data-id="${CSS.escape(next.id)}"] a`);
      if (link !== null && link !== undefined) link.focus({ preventScroll: true });
      else if (tries > 0) requestAnimationFrame(() => focus(tries - 1));
    };
    focus(10);
    return true;
  };
  useKeys({ next: () => go(1), previous: () => go(-1) });
  const open = useMemo(() => opening(router), [router]);
  return (
    <table
      class={stale ? 'executions stale' : 'executions'}
      aria-busy={stale}
      aria-rowcount={total === undefined ? -1 : total + 1}
    >
      <caption class="visually-hidden">Executions that match</caption>
      <colgroup>
        {shown.map((id) => (
          <col key={id} class={`col-${id}`} />
        ))}
      </colgroup>
      <thead>
        <tr aria-rowindex={1}>
          {shown.map((id) => (
            <th key={id} scope="col" class={cellClass(id)} aria-sort={ariaSort(columns[id], sort)}>
              <Head id={id} sort={sort} onSort={onSort} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body} onPointerOver={(event) => tellMore(event.target)}>
        {from > 0 && <Space key="before" rows={from} columns={shown.length} />}
        {rows.map((execution, at) => (
          <Row
            key={slotOf(execution.id)}
            index={from + at + 2}
            history={durations.get(execution.workflow)}
            ago={execution.startedAtMs === undefined ? '' : formatAgo(execution.startedAtMs, wallMs)}
            nowMs={isGrowing(execution) ? nowMs : 0}
            {...{ execution, shown, open, search }}
          />
        ))}
        {to < items.length && <Space key="after" rows={items.length - to} columns={shown.length} />}
      </tbody>
    </table>
  );
}

/** The words of what is pointed at are made only then: they are many, and hardly one of them is read. */
function tellMore(target: EventTarget | null): void {
  if (!(target instanceof Element)) return;
  const time = target.closest('time');
  if (time !== null) time.title = formatInstant(Date.parse(time.dateTime));
  const cell = target.closest('td');
  // Its row may have shown another execution before.
  if (cell !== null) cell.title = cell.querySelector('svg[aria-label]')?.ariaLabel ?? '';
}

/** The whole row opens the execution, but text in it can still be selected and its links be used as links. */
const opening =
  (router: Router) =>
  (event: MouseEvent, id: string): void => {
    const href = linkTo({ name: 'execution', id }, router.search.peek());
    const onLink = event.target instanceof Element && event.target.closest('a') !== null;
    if (onLink || event.defaultPrevented || (getSelection()?.toString() ?? '') !== '') return;
    if (event.metaKey || event.ctrlKey) window.open(href, '_blank', 'noreferrer');
    else router.go(href);
  };

function Head({ id, sort, onSort }: { id: ColumnId; sort: ListState['sort']; onSort(sort: ListState['sort']): void }) {
  const column = columns[id];
  if (column.sort === undefined) return <>{column.title}</>;
  const now = ariaSort(column, sort);
  return (
    <button type="button" class="sort" onClick={() => onSort(sortedBy(column, sort))}>
      {column.title}
      <span aria-hidden="true">{now === 'descending' ? ' ↓' : now === 'ascending' ? ' ↑' : ''}</span>
    </button>
  );
}

/** The height of rows that are not drawn. */
function Space({ rows, columns: span }: { rows: number; columns: number }) {
  return (
    <tr aria-hidden="true" class="space">
      <td colSpan={span} style={{ height: `${rows * rowHeight}px` }} />
    </tr>
  );
}

interface RowProps {
  execution: Execution;
  index: number;
  shown: readonly ColumnId[];
  history: History | undefined;
  ago: string;
  nowMs: number;
  search: URLSearchParams;
  open(event: MouseEvent, id: string): void;
}

/** Drawn anew only when something that it shows is another. */
const Row = memo(function Row({ index, shown, open, ...of }: RowProps) {
  const { execution } = of;
  const look = { ...of, card: shown.length === 2 };
  const element = useRef<HTMLTableRowElement>(null);
  const shows = useRef(execution.id);
  // Taken out and put back a row is another one to the browser: none is seen to move, and the focus goes with what had it.
  useLayoutEffect(() => {
    if (shows.current !== execution.id) element.current?.parentNode?.insertBefore(element.current, element.current.nextSibling);
    shows.current = execution.id;
  }, [execution.id]);
  return (
    <tr
      ref={element}
      class={hasFailed(execution.status) ? 'failed' : undefined}
      data-id={execution.id}
      aria-rowindex={index}
      onClick={(event) => open(event, execution.id)}
    >
      {shown.map((id) =>
        id === 'name' ? (
          <th key={id} scope="row" class={cellClass(id)}>
            {cells[id](look)}
          </th>
        ) : (
          <td key={id} class={cellClass(id)}>
            {cells[id](look)}
          </td>
        ),
      )}
    </tr>
  );
});

const cellClass = (id: ColumnId): string => (columns[id].number === true ? `col-${id} number` : `col-${id}`);
