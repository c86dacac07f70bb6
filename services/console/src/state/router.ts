import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { linkToList, type Page, pageAt, withParameters } from './address.ts';

export interface Router {
  readonly page: ReadonlySignal<Page>;
  readonly path: ReadonlySignal<string>;
  readonly search: ReadonlySignal<URLSearchParams>;
  /** What the page shows was only just started, so that it may not be known yet. */
  awaited(): boolean;
  /** The list as it was left for this page, filter, range and order: the way up. */
  readonly toList: ReadonlySignal<string>;
  /** A new entry in the history. */
  go(href: string, awaited?: boolean): void;
  /** Changes the query of this page in place: Back leaves the page, it does not undo a filter letter by letter. */
  set(parameters: Readonly<Record<string, string>>): void;
  /** The same as a new entry in the history, which Back takes away. */
  push(parameters: Readonly<Record<string, string>>): void;
}

/** Follows the address bar and turns clicks on the console's own links into changes of page. */
export function createRouter(): Router {
  const href = signal(location.pathname + location.search);
  const read = (): void => {
    href.value = location.pathname + location.search;
  };
  /** The query of the list one came from goes along in the history, so that a reload keeps it. */
  const leftAs = (): string => {
    if (pageAt(location.pathname).name === 'executions') return location.search;
    return (history.state as { list?: string } | null)?.list ?? '';
  };
  const go = (to: string, awaited = false): void => {
    history.pushState({ awaited, list: leftAs() }, '', to);
    read();
    scrollTo(0, 0);
  };
  addEventListener('popstate', read);
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (event.defaultPrevented || !plain || link?.origin !== location.origin || link.target !== '') return;
    // A place within the page is the browser's own business, and so is what is no page.
    if (link.hash !== '' || pageAt(link.pathname).name === 'nowhere') return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
  const url = computed(() => new URL(href.value, location.origin));
  // Page objects are compared by what they say, so that a change of the query does not open the page anew.
  const path = computed(() => url.value.pathname);
  const search = computed(() => url.value.searchParams);
  const hrefWith = (parameters: Readonly<Record<string, string>>): string => {
    const query = withParameters(search.peek(), parameters).toString();
    return location.pathname + (query === '' ? '' : `?${query}`);
  };
  return {
    page: computed(() => pageAt(path.value)),
    path,
    search,
    toList: computed(() => linkToList(leftAs(), search.value)),
    awaited: () => (history.state as { awaited?: boolean } | null)?.awaited === true,
    go,
    set(parameters) {
      history.replaceState(history.state, '', hrefWith(parameters));
      read();
    },
    push(parameters) {
      const next = hrefWith(parameters);
      if (next === href.peek()) return;
      history.pushState({ list: leftAs() }, '', next);
      read();
    },
  };
}
