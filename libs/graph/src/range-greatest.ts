/**
 * For each index 0 … count - 1 the greatest value of the spans [from, to) over it; 0 where none is. O(S log count).
 *
 * A segment tree over an array, bottom up: node i has the children 2i and 2i + 1, the leaves begin at `count`.
 *
 * @param values  ≥ 0, one a span
 */
export function greatestCovering(count: number, from: Int32Array, to: Int32Array, values: Float64Array): Float64Array {
  const tree = new Float64Array(2 * count);
  for (let span = 0; span < from.length; span++) {
    const value = values[span] ?? 0;
    let low = (from[span] ?? 0) + count;
    let high = (to[span] ?? 0) + count;
    for (; low < high; low >>= 1, high >>= 1) {
      if (low & 1) {
        if (value > (tree[low] ?? 0)) tree[low] = value;
        low++;
      }
      if (high & 1) {
        high--;
        if (value > (tree[high] ?? 0)) tree[high] = value;
      }
    }
  }
  for (let node = 2; node < 2 * count; node++) tree[node] = Math.max(tree[node] ?? 0, tree[node >> 1] ?? 0);
  return tree.slice(count);
}
