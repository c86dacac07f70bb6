// Answers of the alerting API as pages show them: one of them, or a list page by page.
import { batch, type ReadonlySignal, signal } from '@preact/signals';
import { type Api, ApiProblem } from '../api/api.ts';
import type { Query } from '../api/url.ts';

export interface Answer<Value> {
  /** Undefined until the first answer. */
  readonly value: ReadonlySignal<Value | undefined>;
  readonly problem: ReadonlySignal<ApiProblem | undefined>;
  load(): Promise<void>;
  close(): void;
}

/** What an answer's JSON says. */
type Read<Json, Value> = (json: Json) => Value;

/** One answer, loaded when it is asked for. */
export function openAnswer<Json, Value>(api: Api, path: string, read: Read<Json, Value>, query: Query = {}): Answer<Value> {
  const value = signal<Value | undefined>(undefined);
  const problem = signal<ApiProblem | undefined>(undefined);
  const closing = new AbortController();
  return {
    value,
    problem,
    async load() {
      try {
        const json = await api.get<Json>(path, query, closing.signal);
        batch(() => {
          value.value = read(json);
          problem.value = undefined;
        });
      } catch (error) {
        if (!closing.signal.aborted) problem.value = ApiProblem.from(error);
      }
    },
    close: () => closing.abort(),
  };
}

export interface Pages<Item> {
  /** Undefined until the first answer. */
  readonly items: ReadonlySignal<readonly Item[] | undefined>;
  /** Of all pages, where the server counts them. */
  readonly total: ReadonlySignal<number | undefined>;
  readonly problem: ReadonlySignal<ApiProblem | undefined>;
  readonly more: ReadonlySignal<boolean>;
  readonly loading: ReadonlySignal<boolean>;
  /** From the start, as many as are shown. */
  load(): Promise<void>;
  loadMore(): Promise<void>;
  close(): void;
}

interface PageJson<Json> {
  readonly items?: readonly Json[];
  readonly nextCursor?: string;
  readonly total?: number;
}

const pageSize = 100;
const mostAtOnce = 500;

/** A list with a cursor. @param onPage  what else its answers say */
export function openPages<Json, Item>(
  api: Api,
  path: string,
  read: Read<Json, Item>,
  query: Query = {},
  onPage?: (page: unknown) => void,
): Pages<Item> {
  const items = signal<readonly Item[] | undefined>(undefined);
  const total = signal<number | undefined>(undefined);
  const problem = signal<ApiProblem | undefined>(undefined);
  const more = signal(false);
  const loading = signal(false);
  const closing = new AbortController();
  let cursor = '';
  const ask = async (after: string): Promise<void> => {
    if (loading.peek()) return;
    loading.value = true;
    try {
      const before = after === '' ? [] : (items.peek() ?? []);
      const limit = after === '' ? Math.min(mostAtOnce, Math.max(pageSize, items.peek()?.length ?? 0)) : pageSize;
      const json = await api.get<PageJson<Json>>(path, { ...query, limit: String(limit), cursor: after }, closing.signal);
      batch(() => {
        items.value = [...before, ...(json.items ?? []).map(read)];
        total.value = json.total;
        onPage?.(json);
        cursor = json.nextCursor ?? '';
        more.value = cursor !== '';
        problem.value = undefined;
      });
    } catch (error) {
      if (!closing.signal.aborted) problem.value = ApiProblem.from(error);
    }
    loading.value = false;
  };
  return {
    items,
    total,
    problem,
    more,
    loading,
    load: () => ask(''),
    loadMore: () => (cursor === '' ? Promise.resolve() : ask(cursor)),
    close: () => closing.abort(),
  };
}
