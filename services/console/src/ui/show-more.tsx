import type { ReadonlySignal } from '@preact/signals';

interface Pages {
  readonly more: ReadonlySignal<boolean>;
  readonly loading: ReadonlySignal<boolean>;
  loadMore(): Promise<void>;
}

/** The button at the end of a list that has more pages; nothing at the last. */
export function ShowMore({ pages }: { pages: Pages }) {
  if (!pages.more.value) return null;
  return (
    <p class="more">
      <button type="button" onClick={() => void pages.loadMore()} disabled={pages.loading.value}>
        Show more
      </button>
    </p>
  );
}
