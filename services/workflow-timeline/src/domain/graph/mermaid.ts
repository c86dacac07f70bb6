import { drawableText } from '../drawable-text.ts';
import { collapsedPicture, type Picture, pictureEdges, wholePicture } from './picture.ts';
import type { TimelineRow } from '../timeline.ts';

/** What Mermaid draws by default. A diagram cannot raise it: `maxEdges` and `maxTextSize` are secure keys of its configuration. */
const maxEdges = 500;
const maxTextLength = 50_000;

export interface Mermaid {
  readonly text: string;
  /** What a box stands for; empty: a step. */
  readonly collapsedBy: '' | 'kind and level' | 'kind';
}

/**
 * The execution as a Mermaid flowchart that Mermaid draws: above 500 edges or 50,000 characters a box stands for all steps of
 * a kind at a level, and if that is still too much, of a kind.
 *
 * @returns undefined when even that is too much
 */
export function mermaidOf(rows: readonly TimelineRow[], critical: ReadonlySet<string | undefined>): Mermaid | undefined {
  const edges = pictureEdges(rows);
  for (const collapsedBy of ['', 'kind and level', 'kind'] as const) {
    if (collapsedBy === '' && edges.length > maxEdges) continue;
    const picture =
      collapsedBy === '' ? wholePicture(rows, critical, edges) : collapsedPicture(rows, critical, collapsedBy, edges);
    if (picture.edges.length > maxEdges) continue;
    const text = mermaidText(picture, collapsedBy === '' ? '' : `%% ${rows.length} steps, collapsed by ${collapsedBy}\n`);
    if (text.length <= maxTextLength) return { text, collapsedBy };
  }
  return undefined;
}

/** Boxes are named n0, n1, …, so no text of an engine (the word `end`, say) is ever part of the syntax. */
export function mermaidText({ boxes, edges }: Picture, comment = ''): string {
  const nodes = boxes.map(({ lines, critical }, i) => `  n${i}["${escaped(lines)}"]${critical ? ':::critical' : ''}`);
  const arrows = edges.map(({ from, to, kind }) => `  n${from} ${kind === 'inside' ? '-.-' : '-->'} n${to}`);
  return [`${comment}flowchart LR`, '  classDef critical stroke-width:3px', ...nodes, ...arrows, ''].join('\n');
}

/**
 * Letters, digits and what is harmless stay, all else is an entity code `#n;`, so that neither quotes nor Markdown, HTML or
 * directives are ever seen (mermaid.js.org/syntax/flowchart.html, "Entity codes to escape characters").
 */
function escaped(lines: readonly string[]): string {
  return drawableText(lines.join('\n'))
    .split('\n')
    .map((line) => line.replace(/[^\p{L}\p{M}\p{N} _]/gu, (character) => `#${character.codePointAt(0) ?? 0};`))
    .join('<br/>');
}
