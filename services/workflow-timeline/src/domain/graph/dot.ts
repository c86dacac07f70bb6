import type { Picture } from './picture.ts';
import { drawableText } from '../drawable-text.ts';

/** The picture in the DOT language of Graphviz. Boxes are named n0, n1, …, so no text of an engine is ever part of the syntax. */
export function dotText({ boxes, edges }: Picture): string {
  const nodes = boxes.map(
    ({ lines, critical }, i) => `  n${i} [label=${quoted(lines)}${critical ? ', penwidth=2, color=red' : ''}];`,
  );
  const arrows = edges.map(
    ({ from, to, kind }) => `  n${from} -> n${to}${kind === 'inside' ? ' [style=dashed, arrowhead=none]' : ''};`,
  );
  return ['digraph execution {', '  rankdir=LR;', '  node [shape=box];', ...nodes, ...arrows, '}', ''].join('\n');
}

/**
 * A quoted string of DOT. In a label a backslash begins an escape, `&` an HTML entity, and a line ends with `\n`
 * (graphviz.org/doc/info/lang.html; graphviz.org/docs/attr-types/escString).
 */
function quoted(lines: readonly string[]): string {
  const escaped = drawableText(lines.join('\n'))
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('&', '&amp;')
    .replaceAll('\n', '\\n');
  return `"${escaped}"`;
}
