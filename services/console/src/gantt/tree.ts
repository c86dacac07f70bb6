// The rows in sight as a treegrid: names for eyes, whole rows in words for screen readers, and the focus. Elements are used again and again:
// scrolling by a row changes one of them.
import { h, render } from 'preact';
import type { Layout } from '../model/layout.ts';
import type { Steps } from '../model/steps.ts';
import { StatusMark } from '../ui/status-mark.tsx';
import { foldAt, labelOf, markOf, triesOf, wordsOf } from './row-words.ts';

export interface Shown {
  readonly steps: Steps;
  readonly layout: Layout;
  readonly first: number;
  readonly end: number;
  readonly rowPx: number;
  readonly nowNs: number;
  /** The entry that can be reached by Tab. */
  readonly active: number;
  readonly selected: number;
  /** Changes whenever what a row says may have. */
  readonly version: number;
}

export interface Tree {
  show(shown: Shown): void;
  /** Moves the focus to an entry in sight. */
  focus(entry: number): void;
  /** The entry an event came from. */
  entryOf(event: Event): number | undefined;
}

interface Row {
  readonly root: HTMLElement;
  readonly name: HTMLElement;
  readonly toggle: HTMLElement;
  readonly mark: HTMLElement;
  readonly label: HTMLElement;
  readonly count: HTMLElement;
  readonly words: HTMLElement;
  entry: number;
  version: number;
  layout: Layout | undefined;
}

const deepest = 8;

export function createTree(space: HTMLElement): Tree {
  const pool: Row[] = [];
  const marks = new Map<string, Element>();
  const markFor = (status: string): Element => {
    let mark = marks.get(status);
    if (mark === undefined) {
      const host = document.createElement('span');
      render(h(StatusMark, { status, bare: true }), host);
      mark = host.firstElementChild ?? host;
      marks.set(status, mark);
    }
    return mark.cloneNode(true) as Element;
  };
  const write = (row: Row, entry: number, { steps, layout, rowPx, nowNs, version }: Shown): void => {
    row.entry = entry;
    row.version = version;
    row.layout = layout;
    const at = layout.row[entry] ?? 0;
    const level = layout.level[entry] ?? 0;
    const opens = layout.opens[entry] ?? 0;
    const { name, count } = labelOf(steps, layout, entry);
    const status = markOf(steps, layout, entry);
    const fold = foldAt(layout, entry);
    const critical = fold?.critical ?? steps.rows.critical[at] === 1;
    const tries = fold === undefined && !steps.folds.has(at) ? triesOf(steps, at) : 1;
    const { root } = row;
    root.style.transform = `translateY(${entry * rowPx}px)`;
    root.dataset.at = String(entry);
    root.id = `step-row-${entry}`;
    root.setAttribute('aria-rowindex', String(entry + 1));
    root.setAttribute('aria-level', String(level + 1));
    root.setAttribute('aria-posinset', String(layout.place[entry] ?? 1));
    root.setAttribute('aria-setsize', String(layout.siblings[entry] ?? 1));
    if (opens === 0) root.removeAttribute('aria-expanded');
    else root.setAttribute('aria-expanded', String(opens === 2));
    root.classList.toggle('critical', critical);
    row.name.className = `gantt-name depth-${Math.min(level, deepest)}`;
    row.name.title = name;
    row.toggle.className = opens === 0 ? 'twist' : opens === 2 ? 'twist open' : 'twist shut';
    if (row.mark.dataset.status !== status) {
      row.mark.dataset.status = status;
      row.mark.replaceChildren(markFor(status));
    }
    row.label.textContent = name;
    row.count.textContent = [count, tries > 1 ? `${tries} tries` : ''].filter(Boolean).join(' ');
    row.words.textContent = wordsOf(steps, layout, entry, nowNs);
  };
  return {
    show(shown) {
      const { first, end, selected, active } = shown;
      const wanted = end - first;
      while (pool.length < wanted) pool.push(makeRow(space));
      const { length } = pool;
      for (let entry = first; entry < end; entry++) {
        const row = pool[entry % length];
        if (row === undefined) continue;
        if (row.entry !== entry || row.version !== shown.version || row.layout !== shown.layout) write(row, entry, shown);
        row.root.hidden = false;
        row.root.classList.toggle('selected', entry === selected);
        row.root.setAttribute('aria-selected', String(entry === selected));
        row.root.tabIndex = entry === active ? 0 : -1;
      }
      for (const row of pool) {
        if (row.entry >= first && row.entry < end) continue;
        row.root.hidden = true;
        row.entry = -1;
      }
    },
    focus(entry) {
      pool.find((row) => row.entry === entry)?.root.focus({ preventScroll: true });
    },
    entryOf(event) {
      const at = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-at]')?.dataset.at : undefined;
      return at === undefined ? undefined : Number(at);
    },
  };
}

function makeRow(space: HTMLElement): Row {
  const make = (parent: HTMLElement, className: string, role?: string): HTMLElement => {
    const element = document.createElement(role === undefined ? 'span' : 'div');
    element.className = className;
    if (role !== undefined) element.setAttribute('role', role);
    parent.append(element);
    return element;
  };
  const root = make(space, 'gantt-row', 'row');
  const name = make(root, 'gantt-name', 'rowheader');
  const toggle = make(name, 'twist');
  const mark = make(name, 'gantt-mark');
  const label = make(name, 'gantt-label');
  const count = make(name, 'count');
  const words = make(root, 'visually-hidden', 'gridcell');
  return { root, name, toggle, mark, label, count, words, entry: -1, version: -1, layout: undefined };
}
