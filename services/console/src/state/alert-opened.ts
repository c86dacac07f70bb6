import { useEffect, useMemo } from 'preact/hooks';

/** A store that is opened anew when what it depends on changes, loaded at once, and closed when the page goes. */
export function useOpened<Store extends { load(): Promise<void>; close(): void }>(
  open: () => Store,
  depends: readonly unknown[],
): Store {
  const store = useMemo(open, depends);
  useEffect(() => {
    void store.load();
    return store.close;
  }, [store]);
  return store;
}
