/** Values by number, those used last, as many as fit. */
export interface LastUsed<V> {
  /** Makes it the one used last. */
  get(no: bigint): V | undefined;
  /** In place of what was there. A value that alone is too large is not kept. */
  put(no: bigint, value: V, bytes: number): void;
}

export function openLastUsed<V>(maxBytes: number): LastUsed<V> {
  const kept = new Map<bigint, { readonly value: V; readonly bytes: number }>();
  let held = 0;
  const drop = (no: bigint): void => {
    held -= kept.get(no)?.bytes ?? 0;
    kept.delete(no);
  };
  return {
    get(no) {
      const known = kept.get(no);
      if (known === undefined) return undefined;
      kept.delete(no);
      kept.set(no, known);
      return known.value;
    },
    put(no, value, bytes) {
      drop(no);
      if (bytes > maxBytes) return;
      kept.set(no, { value, bytes });
      held += bytes;
      for (const [oldest] of kept) {
        if (held <= maxBytes) break;
        drop(oldest);
      }
    },
  };
}
