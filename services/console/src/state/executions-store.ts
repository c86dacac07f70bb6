// The list of executions: a page of the API, then what the stream brings, then further pages as they are asked for.
import { batch, type ReadonlySignal, signal } from '@preact/signals';
import type { ExecutionJson, ListExecutionsResponseJson } from '@tmws/contracts/timeline';
import { type Api, ApiProblem } from '../api/api.ts';
import type { LiveState, LiveStream } from '../api/live-stream.ts';
import { appendPage, type ListFilter, mergeIntoList } from '../model/execution-list.ts';
import { type Execution, readExecution } from '../model/execution.ts';

export interface ExecutionsStore {
  /** Undefined until the first answer. */
  readonly items: ReadonlySignal<readonly Execution[] | undefined>;
  readonly problem: ReadonlySignal<ApiProblem | undefined>;
  readonly live: ReadonlySignal<LiveState>;
  /** Whether there are further pages. */
  readonly more: ReadonlySignal<boolean>;
  readonly loadingMore: ReadonlySignal<boolean>;
  load(): Promise<void>;
  loadMore(): Promise<void>;
  close(): void;
}

const pageSize = '50';

export function openExecutions(api: Api, filter: ListFilter): ExecutionsStore {
  const items = signal<readonly Execution[] | undefined>(undefined);
  const problem = signal<ApiProblem | undefined>(undefined);
  const live = signal<LiveState>('connecting');
  const cursor = signal('');
  const more = signal(false);
  const loadingMore = signal(false);
  const closing = new AbortController();
  let stream: LiveStream | undefined;
  let unfollow = (): void => undefined;

  const fetchPage = async (from: string) => {
    const query = { q: filter.q.trim(), status: filter.status, limit: pageSize, cursor: from };
    const page = await api.get<ListExecutionsResponseJson>('executions', query, closing.signal);
    const receivedAtMs = performance.now();
    return { ...page, items: (page.items ?? []).map((each) => readExecution(each, receivedAtMs)) };
  };
  const guarded = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      problem.value = undefined;
    } catch (error) {
      if (!closing.signal.aborted) problem.value = ApiProblem.from(error);
    }
  };
  const merge = (events: readonly unknown[]): void => {
    const receivedAtMs = performance.now();
    const news = (events as ExecutionJson[]).map((each) => readExecution(each, receivedAtMs));
    items.value = mergeIntoList(items.value ?? [], news, filter, more.value);
  };
  const follow = (since: string): void => {
    if (stream !== undefined) return stream.resumeAfter(since);
    stream = api.follow({ path: 'executions', since, event: 'execution', onEvents: merge, onLost });
    unfollow = stream.state.subscribe((state) => {
      live.value = state;
      // The server is back: what could not be loaded meanwhile can be now.
      if (state === 'live' && problem.peek() !== undefined) void store.load();
    });
  };
  const onLost = async (): Promise<boolean> => {
    await store.load();
    return problem.peek() === undefined;
  };
  const store: ExecutionsStore = {
    items,
    problem,
    live,
    more,
    loadingMore,
    load: () =>
      guarded(async () => {
        const page = await fetchPage('');
        if (closing.signal.aborted) return;
        batch(() => {
          items.value = page.items;
          cursor.value = page.nextCursor ?? '';
          more.value = cursor.value !== '';
        });
        follow(page.revision ?? '0');
      }),
    async loadMore() {
      if (loadingMore.value || cursor.value === '') return;
      loadingMore.value = true;
      await guarded(async () => {
        const page = await fetchPage(cursor.value);
        batch(() => {
          items.value = appendPage(items.value ?? [], page.items);
          cursor.value = page.nextCursor ?? '';
          more.value = cursor.value !== '';
        });
      });
      loadingMore.value = false;
    },
    close() {
      closing.abort();
      unfollow();
      stream?.close();
    },
  };
  return store;
}
