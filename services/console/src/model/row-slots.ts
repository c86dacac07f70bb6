/**
 * The list's rows by the elements that show them.
 *
 *   S1  a row that stays in sight keeps its slot, wherever it goes
 *   S2  no two rows have the same
 *   S3  a row that comes takes the slot of one that went, as far as there is such
 */
export type RowSlots = ReadonlyMap<string, number>;

export function nextSlots(before: RowSlots, ids: readonly string[]): RowSlots {
  const next = new Map<string, number>();
  const taken = new Set<number>();
  for (const id of ids) {
    const slot = before.get(id);
    if (slot === undefined) continue;
    next.set(id, slot);
    taken.add(slot);
  }
  const free = [...before.values()].filter((slot) => !taken.has(slot)).reverse();
  let fresh = Math.max(-1, ...before.values()) + 1;
  for (const id of ids) if (!next.has(id)) next.set(id, free.pop() ?? fresh++);
  return next;
}
