import { kindLook } from './kinds.ts';
import type { Piece } from './pieces.ts';

/** One character of a bar and what it stands for. */
export interface Cell {
  readonly glyph: string;
  readonly kind: string;
}

/** A sign at an instant: where a try failed. */
export interface Mark {
  readonly atNs: number;
  readonly glyph: string;
  readonly kind: string;
}

const lefts = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

/**
 * Pieces as so many characters. Each character shows the kind that has most of its time; where that is a run that fills only a part of it,
 * the part is drawn in eighths (left) or halves (right). A run is always seen, however short; marks lie on top.
 *
 * @param lengthNs  what the whole width stands for, more than 0
 */
export function barCells(pieces: readonly Piece[], marks: readonly Mark[], lengthNs: number, width: number): Cell[] {
  const scale = width / lengthNs;
  const spans = pieces.map(({ kind, fromNs, toNs }) => {
    const from = Math.min(Math.max(fromNs * scale, 0), width - 1 / 8);
    const to = Math.min(toNs * scale, width);
    return { kind, from, to: kind === 'run' ? Math.max(to, from + 1 / 8) : to };
  });
  const cells = Array.from({ length: width }, () => empty);
  const from = Math.floor(Math.min(width, ...spans.map((span) => span.from)));
  const to = Math.ceil(Math.max(0, ...spans.map((span) => span.to)));
  for (let column = from; column < to; column++) {
    const inside = spans
      .map(({ kind, from, to }) => ({ kind, from: Math.max(from - column, 0), to: Math.min(to - column, 1) }))
      .filter(({ from, to }) => from < to);
    cells[column] = cellOf(inside);
  }
  for (const { atNs, glyph, kind } of marks) {
    const column = Math.min(Math.max(Math.ceil(atNs * scale) - 1, 0), width - 1);
    cells[column] = { glyph, kind };
  }
  return cells;
}

const empty: Cell = { glyph: ' ', kind: '' };

/** @param inside  stretches within one character, from 0 to 1 */
function cellOf(inside: readonly { kind: string; from: number; to: number }[]): Cell {
  const [only] = inside;
  if (only === undefined) return empty;
  const shares = new Map<string, number>();
  for (const { kind, from, to } of inside) shares.set(kind, (shares.get(kind) ?? 0) + to - from);
  const [kind, share] = [...shares].reduce((most, each) => (each[1] > most[1] ? each : most));
  if (kind !== 'run') {
    // A sliver of waiting beside nothing would only be noise; beside a run the run is what counts.
    if (shares.has('run') && share < 0.5) return { glyph: '█', kind: 'run' };
    return share < 0.2 ? (shares.has('run') ? { glyph: '▏', kind: 'run' } : empty) : { glyph: kindLook(kind).glyph, kind };
  }
  if (shares.size > 1) return { glyph: '█', kind };
  const runs = inside.filter((piece) => piece.kind === 'run');
  const from = Math.min(...runs.map((piece) => piece.from));
  const to = Math.max(...runs.map((piece) => piece.to));
  return { glyph: runGlyph(from, to), kind };
}

function runGlyph(from: number, to: number): string {
  const share = to - from;
  if (share >= 15 / 16) return '█';
  if (from >= 1 / 2 || (from > 1 / 16 && to > 15 / 16)) return share >= 3 / 4 ? '█' : share >= 0.3 ? '▐' : '▕';
  return lefts[Math.min(Math.max(Math.round(share * 8), 1), 8) - 1] ?? '█';
}
