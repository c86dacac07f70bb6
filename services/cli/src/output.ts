import type { Context } from './context.ts';
import { painter, type Style } from './paint.ts';
import { fit, printable, widest } from './text-width.ts';

/** A column of a list. */
export interface Column<T> {
  readonly title: string;
  readonly text: (item: T) => string;
  readonly align?: 'left' | 'right';
  /** Cut to this many columns when a terminal is too narrow; without, it is kept whole. */
  readonly shrinkTo?: number;
  readonly style?: (item: T) => Style[];
}

/** Prints a list as the person or program asked: table, tab-separated lines, an array, or an object a line. */
export async function printList<T>(context: Context, columns: readonly Column<T>[], items: readonly T[]): Promise<void> {
  const { terminal, format } = context;
  if (format === 'json') return terminal.print(`${JSON.stringify(items, null, 2)}\n`);
  if (format === 'jsonl') return terminal.print(items.map((item) => `${JSON.stringify(item)}\n`).join(''));
  if (format === 'plain')
    return terminal.print(items.map((item) => `${columns.map(({ text }) => printable(text(item))).join('\t')}\n`).join(''));
  if (items.length > 0)
    await terminal.print(tableText(columns, items, terminal.outIsTty ? (terminal.columns ?? 80) : Infinity, terminal.color));
}

/** Prints one thing: as fields, or as the object it is. Fields without a text are left out. */
export async function printObject(
  context: Context,
  object: unknown,
  fields: readonly (readonly [string, string])[],
): Promise<void> {
  const { terminal, format } = context;
  if (format === 'json') return terminal.print(`${JSON.stringify(object, null, 2)}\n`);
  if (format === 'jsonl') return terminal.print(`${JSON.stringify(object)}\n`);
  const told = fields.filter(([, text]) => text !== '').map(([name, text]) => [name, printable(text)] as const);
  if (format === 'plain') return terminal.print(told.map(([name, text]) => `${name}\t${text}\n`).join(''));
  const paint = painter(terminal.color);
  const width = Math.max(0, ...told.map(([name]) => name.length));
  await terminal.print(told.map(([name, text]) => `${paint(name.padEnd(width), 'dim')}  ${text}\n`).join(''));
}

/** A header and a line an item, columns two spaces apart, none wider than the terminal as far as columns can shrink. */
function tableText<T>(columns: readonly Column<T>[], items: readonly T[], width: number, color: boolean): string {
  const paint = painter(color);
  const cells = items.map((item) => columns.map(({ text }) => printable(text(item))));
  const widths = columns.map(({ title }, i) =>
    widest(
      cells.map((row) => row[i] ?? ''),
      title.length,
    ),
  );
  let excess = widths.reduce((sum, each) => sum + each + 2, -2) - width;
  for (let i = columns.length - 1; i >= 0 && excess > 0; i--) {
    const least = columns[i]?.shrinkTo;
    const now = widths[i] ?? 0;
    if (least === undefined || now <= least) continue;
    widths[i] = Math.max(least, now - excess);
    excess -= now - (widths[i] ?? now);
  }
  const last = columns.length - 1;
  const line = (texts: readonly string[], style: (i: number) => Style[]): string => {
    const fitted = texts.map((text, i) => {
      const cell = fit(text, widths[i] ?? 0, columns[i]?.align);
      return paint(i === last ? cell.trimEnd() : cell, ...style(i));
    });
    return `${fitted.join('  ').trimEnd()}\n`;
  };
  const header = line(
    columns.map(({ title }) => title),
    () => ['dim'],
  );
  return (
    header +
    cells.map((row, at) => line(row, (i) => (items[at] === undefined ? [] : (columns[i]?.style?.(items[at]) ?? [])))).join('')
  );
}
