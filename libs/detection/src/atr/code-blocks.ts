/**
 * Where a Markdown text is code rather than prose: fenced blocks (an open one to the end), code in a line, and what is quoted in
 * the row of a table. Ends are not in the range.
 */
export function codeRanges(text: string): readonly (readonly [from: number, to: number])[] {
  const ranges: [number, number][] = [];
  let fence: number | undefined;
  let at = 0;
  for (const line of text.split('\n')) {
    if (line.trimStart().startsWith('```')) {
      if (fence !== undefined) ranges.push([fence, at + line.length + 1]);
      fence = fence === undefined ? at : undefined;
    }
    at += line.length + 1;
  }
  if (fence !== undefined) ranges.push([fence, text.length]);
  const fenced = [...ranges];
  for (const { index, 0: code } of text.matchAll(/`[^`\n]+`/g))
    if (!fenced.some(([from, to]) => index >= from && index < to)) ranges.push([index, index + code.length]);
  for (const { index, 0: row } of text.matchAll(/^\|.*$/gm))
    for (const quoted of row.matchAll(/"[^"\n]+"/g)) ranges.push([index + quoted.index, index + quoted.index + quoted[0].length]);
  return ranges;
}
