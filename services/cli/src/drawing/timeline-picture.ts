import type { GetCriticalPathResponseJson, GetTimelineResponseJson, TimelineRowJson } from '@tmws/contracts';
import { formatDuration } from '@tmws/duration';
import { type Paint, type Style, statusStyle } from '../paint.ts';
import { fit, printable, widest } from '../text-width.ts';
import { barCells, type Cell, type Mark } from './bar-cells.ts';
import { kindLook, legendOf } from './kinds.ts';
import { type Piece, piecesOf, since } from './pieces.ts';
import { timeAxis } from './time-axis.ts';

export interface PictureOptions {
  /** Columns of the whole picture; narrower than 60 is drawn as 60. */
  readonly width: number;
  readonly paint: Paint;
}

interface DrawnRow {
  readonly mark: string;
  readonly name: string;
  readonly status: string;
  readonly cells: readonly Cell[];
  readonly length: string;
}

const minWidth = 60;
const criticalName = 'critical path';

/**
 * An execution's timeline as lines of text: a row a step with its name, its state as a word, its bar and how long it took; then the
 * critical path, and what the signs mean. Pure.
 */
export function timelinePicture(
  timeline: GetTimelineResponseJson,
  critical: GetCriticalPathResponseJson | undefined,
  { width, paint }: PictureOptions,
): string[] {
  const { rows = [] } = timeline;
  const zero = BigInt(timeline.startNs ?? 0);
  const lengthNs = Math.max(1, Number(BigInt(timeline.endNs ?? 0) - zero));
  const total = Math.max(minWidth, width);

  const nameColumns = Math.min(widest(rows.map(nameOf), criticalName.length), Math.floor(total * 0.32));
  const statusColumns = widest(rows.map(({ status = '' }) => status));
  const lengthColumns = 9;
  const barColumns = total - nameColumns - statusColumns - lengthColumns - 6;

  const nowNs = since(zero, timeline.asOfNs) ?? lengthNs;
  const parents = new Set(rows.map(({ parentStepKey }) => parentStepKey));
  const drawn = rows.map((row) => drawRow(row, parents.has(row.stepKey), { zero, nowNs, lengthNs, barColumns }));
  const strip = stripOf(critical, zero);
  const path =
    strip.length === 0
      ? []
      : [
          {
            mark: '*',
            name: criticalName,
            status: '',
            cells: barCells(strip, [], lengthNs, barColumns),
            length: lengthText(critical?.makespanNs),
          },
        ];

  const line = ({ mark, name, status, cells, length }: DrawnRow): string =>
    [
      mark === '*' ? `${paint('*', 'bold', 'magenta')} ` : '  ',
      paint(fit(name, nameColumns), ...(mark === '*' ? (['bold'] as const) : [])),
      ` ${paint(fit(status, statusColumns), ...statusStyle(status))} `,
      paintCells(cells, paint),
      paint(fit(length, lengthColumns, 'right'), 'dim'),
    ].join('');
  const indent = ' '.repeat(nameColumns + statusColumns + 4);
  const [labels, ticks] = timeAxis(lengthNs, barColumns);
  return [
    paint(indent + labels, 'dim'),
    paint(indent + ticks, 'dim'),
    ...drawn.map(line),
    ...path.map(line),
    '',
    legend([...drawn, ...path], paint),
  ].map((text) => text.trimEnd());
}

function nameOf({ depth = 0, name = '', stepId = '', iteration = 0, attempts = [] }: TimelineRowJson): string {
  const round = iteration === 0 ? '' : ` #${iteration}`;
  const tries = attempts.length > 1 ? ` ×${attempts.length}` : '';
  return `${'  '.repeat(depth)}${printable(name === '' ? stepId : name)}${round}${tries}`;
}

function drawRow(
  row: TimelineRowJson,
  hasRowsBelow: boolean,
  { zero, nowNs, lengthNs, barColumns }: { zero: bigint; nowNs: number; lengthNs: number; barColumns: number },
): DrawnRow {
  const attempts = row.attempts ?? [];
  const pieces = attempts.flatMap((bar) => piecesOf(bar, zero, nowNs));
  const shown = hasRowsBelow ? pieces.map((piece) => (piece.kind === 'run' ? { ...piece, kind: 'span' } : piece)) : pieces;
  const marks = attempts.flatMap(({ status = '', startNs, endNs }): Mark[] => {
    const glyph = endGlyphs[status];
    const atNs = since(zero, endNs);
    return glyph === undefined || atNs === undefined || startNs === undefined ? [] : [{ atNs, glyph, kind: status }];
  });
  const length =
    pieces.length === 0
      ? ''
      : formatDuration(Math.max(...pieces.map(({ toNs }) => toNs)) - Math.min(...pieces.map(({ fromNs }) => fromNs)));
  return {
    mark: row.critical === true ? '*' : ' ',
    name: nameOf(row),
    status: row.status ?? '',
    cells: barCells(shown, marks, lengthNs, barColumns),
    length,
  };
}

const endGlyphs: Readonly<Record<string, string>> = { failed: '✗', timed_out: '✗', cancelled: '⊘' };

function stripOf(critical: GetCriticalPathResponseJson | undefined, zero: bigint): Piece[] {
  return (critical?.segments ?? []).map(({ kind = 'unknown', startNs, endNs }) => ({
    kind,
    fromNs: since(zero, startNs) ?? 0,
    toNs: since(zero, endNs) ?? 0,
  }));
}

function lengthText(ns: string | undefined): string {
  return ns === undefined ? '' : formatDuration(Number(ns));
}

/** Neighbours of one kind are coloured together. */
function paintCells(cells: readonly Cell[], paint: Paint): string {
  const runs: { kind: string; text: string }[] = [];
  for (const { kind, glyph } of cells) {
    const last = runs.at(-1);
    if (last?.kind === kind) last.text += glyph;
    else runs.push({ kind, text: glyph });
  }
  return runs.map(({ kind, text }) => (kind === '' ? text : paint(text, ...cellStyle(kind)))).join('');
}

function cellStyle(kind: string): readonly Style[] {
  return kind in endGlyphs ? statusStyle(kind) : kindLook(kind).styles;
}

function legend(rows: readonly DrawnRow[], paint: Paint): string {
  const used = new Set<string>();
  for (const { cells } of rows) for (const { kind } of cells) used.add(kind);
  used.delete('');
  const ends = Object.entries(endGlyphs).filter(([status]) => used.delete(status));
  const kinds = legendOf(used).map(({ glyph, label, styles }) => `${paint(glyph, ...styles)} ${label}`);
  const marks = ends.map(([status, glyph]) => `${paint(glyph, ...statusStyle(status))} ${status.replace('_', ' ')}`);
  const critical = rows.some(({ mark }) => mark === '*') ? [`${paint('*', 'bold', 'magenta')} on the critical path`] : [];
  return [...kinds, ...marks, ...critical].join('   ');
}
