import { useSignal } from '@preact/signals';
import { formatDuration } from '@tmws/duration';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { triesOf } from '../../gantt/row-words.ts';
import { formatCount } from '../../model/quantity.ts';
import { hasFailed } from '../../model/status.ts';
import { kindOf, nameOf, statusOf, timesOf } from '../../model/steps.ts';
import { orderBy } from '../../model/sort-steps.ts';
import { type Measure, measuresOf, usedBy } from '../../model/usage.ts';
import { formatUsed, measureNames } from '../../model/usage-words.ts';
import { scrollToShow } from '../../model/visible-range.ts';
import { StatusMark } from '../../ui/status-mark.tsx';
import type { TabProps } from './tab-props.ts';
import { useVirtual } from './use-virtual.ts';

type Column = 'order' | 'duration' | 'waited' | 'drag' | 'tries' | Measure;
const titles: Readonly<Record<Exclude<Column, 'order'>, string>> = {
  ...measureNames,
  duration: 'Ran',
  waited: 'Waited',
  drag: 'Drag',
  tries: 'Tries',
};
const rowPx = 30;

/** All steps, longest first, or by what they waited, used or cost the whole; only those in sight are made. */
export function TableTab({ store, picture, only, nowNs, zeroNs, selected, onSelect, onOpen }: TabProps) {
  const { steps, index } = picture;
  const version = store.calm.value;
  const by = useSignal<Column>('duration');
  const down = useSignal(true);
  const body = useRef<HTMLDivElement>(null);
  const drags = useMemo(() => {
    const found = new Map<number, number>();
    for (const { stepKey, dragNs } of store.bottlenecks.value?.steps ?? []) {
      const row = index.get(stepKey ?? '');
      if (row !== undefined) found.set(row, Number(dragNs ?? 0));
    }
    return found;
  }, [store.bottlenecks.value, store.indexed.value, steps]);
  const used = useMemo(() => measuresOf(steps), [steps, version]);
  const rows = useMemo(() => {
    const bad = steps.statuses.map(hasFailed);
    const shown: number[] = [];
    for (let row = 0; row < steps.rows.count; row++) {
      if (only === 'critical' && steps.rows.critical[row] !== 1) continue;
      if (only === 'failed' && bad[steps.rows.status[row] ?? 0] !== true) continue;
      shown.push(row);
    }
    const column = by.value;
    if (column === 'order') return shown;
    const values = Float32Array.from(shown, (row) => {
      if (column === 'drag') return drags.get(row) ?? 0;
      if (column === 'tries') return triesOf(steps, row);
      if (column !== 'duration' && column !== 'waited') return usedBy(steps, row)[column];
      const { ranNs, waitedNs } = timesOf(steps, row, nowNs);
      return column === 'duration' ? ranNs : waitedNs;
    });
    return Array.from(orderBy(values, down.value), (at) => shown[at] ?? 0);
  }, [steps, version, by.value, down.value, only, drags]);
  const [first, end] = useVirtual(body, rows.length, rowPx);
  const at = rows.indexOf(selected);
  useLayoutEffect(() => {
    const { current } = body;
    if (current !== null && at >= 0) current.scrollTop = scrollToShow(at, rowPx, current.scrollTop, current.clientHeight);
  }, [at]);
  const sortBy = (column: Column): void => {
    if (by.value === column) down.value = !down.value;
    else [by.value, down.value] = [column, true];
  };
  const go = (to: number): void => onSelect(rows[Math.min(rows.length - 1, Math.max(0, to))] ?? -1);
  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((body.current?.clientHeight ?? 300) / rowPx) - 1);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: rows.length - 1 }[
      event.key
    ];
    if (event.key === 'Enter' && at >= 0) onOpen();
    else if (to !== undefined && !(event.target instanceof HTMLButtonElement)) go(to);
    else return;
    event.preventDefault();
  };
  const heading = (column: Exclude<Column, 'order'>) => (
    <div
      role="columnheader"
      class={`number ${column}`}
      aria-sort={by.value !== column ? 'none' : down.value ? 'descending' : 'ascending'}
    >
      <button type="button" class="sort" onClick={() => sortBy(column)}>
        {titles[column]}
        <span aria-hidden="true">{by.value !== column ? '' : down.value ? ' ▾' : ' ▴'}</span>
      </button>
    </div>
  );
  return (
    <div
      class={used.length > 0 ? 'steps-table used' : 'steps-table'}
      style={{ '--used': used.length }}
      role="table"
      aria-label={`${formatCount(rows.length)} steps`}
      aria-rowcount={rows.length + 1}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup">
        <div role="row" class="steps-head" aria-rowindex={1}>
          <div role="columnheader" aria-sort={by.value === 'order' ? 'ascending' : 'none'}>
            <button type="button" class="sort" onClick={() => (by.value = 'order')}>
              Step
            </button>
          </div>
          <div role="columnheader" class="kind">
            Kind
          </div>
          <div role="columnheader" class="number from">
            From
          </div>
          {heading('duration')}
          {heading('waited')}
          {heading('drag')}
          {heading('tries')}
          {used.map(heading)}
        </div>
      </div>
      <div role="rowgroup" class="steps-body" ref={body} tabIndex={0} aria-label="Steps: arrows up and down choose one">
        <div role="presentation" class="steps-space" style={{ height: `${rows.length * rowPx}px` }}>
          {rows.slice(first, end).map((row, i) => {
            const { ranNs, waitedNs } = timesOf(steps, row, nowNs);
            const begun = steps.rows.first[row] ?? Infinity;
            const drag = drags.get(row) ?? 0;
            const amounts = usedBy(steps, row);
            return (
              <div
                key={row}
                role="row"
                class={row === selected ? 'steps-row selected' : 'steps-row'}
                aria-rowindex={first + i + 2}
                aria-current={row === selected ? 'true' : undefined}
                style={{ transform: `translateY(${(first + i) * rowPx}px)` }}
                onClick={() => onSelect(row)}
              >
                <div role="cell" class={steps.rows.critical[row] === 1 ? 'name critical' : 'name'}>
                  <StatusMark status={statusOf(steps, row)} bare /> <span>{nameOf(steps, row)}</span>
                </div>
                <div role="cell" class="kind">
                  {kindOf(steps, row)}
                </div>
                <div role="cell" class="number from">
                  {Number.isFinite(begun) ? formatDuration(begun - zeroNs) : ''}
                </div>
                <div role="cell" class="number">
                  {ranNs > 0 ? formatDuration(ranNs) : ''}
                </div>
                <div role="cell" class="number">
                  {waitedNs > 0 ? formatDuration(waitedNs) : ''}
                </div>
                <div role="cell" class="number">
                  {drag > 0 ? formatDuration(drag) : ''}
                </div>
                <div role="cell" class="number tries">
                  {triesOf(steps, row) > 1 ? triesOf(steps, row) : ''}
                </div>
                {used.map((measure) => (
                  <div key={measure} role="cell" class="number">
                    {amounts[measure] > 0 ? formatUsed(measure, amounts[measure]) : ''}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
