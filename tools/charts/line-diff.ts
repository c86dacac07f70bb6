/**
 * What is different between two texts, as `diff -u` shows it: lines that went with `-`, that came with `+`, each with two lines around
 * them; `@@` where lines are left out. Quadratic in their lines.
 */
export function lineDiff(from: readonly string[], to: readonly string[], around = 2): string[] {
  const marked = allLines(from, to);
  const near = marked.map((_, at) =>
    marked.slice(Math.max(0, at - around), at + around + 1).some((line) => !line.startsWith(' ')),
  );
  return marked.flatMap((line, at) => (near[at] === true ? [...(at > 0 && near[at - 1] === false ? ['@@'] : []), line] : []));
}

/** Every line of both, marked; the longest common subsequence is what stays. */
function allLines(from: readonly string[], to: readonly string[]): string[] {
  const lengths = Array.from({ length: from.length + 1 }, () => new Uint32Array(to.length + 1));
  const length = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = from.length - 1; i >= 0; i -= 1) {
    for (let j = to.length - 1; j >= 0; j -= 1) {
      lengths[i]![j] = from[i] === to[j] ? length(i + 1, j + 1) + 1 : Math.max(length(i + 1, j), length(i, j + 1));
    }
  }
  const result: string[] = [];
  for (let i = 0, j = 0; i < from.length || j < to.length;) {
    if (i < from.length && j < to.length && from[i] === to[j]) {
      result.push(` ${from[i] ?? ''}`);
      i += 1;
      j += 1;
    } else if (i < from.length && (j === to.length || length(i + 1, j) >= length(i, j + 1))) {
      result.push(`-${from[i] ?? ''}`);
      i += 1;
    } else {
      result.push(`+${to[j] ?? ''}`);
      j += 1;
    }
  }
  return result;
}
