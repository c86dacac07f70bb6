// The list of executions: pages of the API as they are scrolled to, what the stream changes, and what is new and waits to be shown.
import { batch, type ReadonlySignal, signal } from '@preact/signals';
import type { GetDurationsResponseJson, SummarizeResponseJson } from '@tmws/contracts/listing';
import type { ExecutionJson, ListExecutionsResponseJson } from '@tmws/contracts/timeline';
import { type Api, ApiProblem } from '../api/api.ts';
import type { LiveState, LiveStream } from '../api/live-stream.ts';
import type { Query } from '../api/url.ts';
import { type Execution, readExecution } from '../model/execution.ts';
import { appendRows, mergeRows, unseenRows, updateRows, withoutRow } from '../model/fresh-rows.ts';
import { type History, readDurations, readSummary, type Summary } from '../model/listing.ts';

export interface ExecutionsStore {
  /** Undefined until the first answer. */
  readonly items: ReadonlySignal<readonly Execution[] | undefined>;
  readonly problem: ReadonlySignal<ApiProblem | undefined>;
  readonly live: ReadonlySignal<LiveState>;
  /** New ones that wait to be shown. */
  readonly fresh: ReadonlySignal<readonly Execution[]>;
  /** Whether there are further pages. */
  readonly more: ReadonlySignal<boolean>;
  readonly loadingMore: ReadonlySignal<boolean>;
  readonly summary: ReadonlySignal<Summary | undefined>;
  readonly summaryProblem: ReadonlySignal<ApiProblem | undefined>;
  readonly durations: ReadonlySignal<ReadonlyMap<string, History>>;
  load(): Promise<void>;
  loadMore(): Promise<void>;
  loadSummary(): Promise<void>;
  /** Shows what waited. */
  showFresh(): void;
  close(): void;
}

export interface ListAsked {
  /** The filter at a moment: a moving range moves with each load. */
  readonly filter: (nowMs: number) => Query;
  readonly sort: string;
  /** The ids whose rows are seen now, and whether nothing is read that a new row would move. */
  readonly seen: () => { ids: readonly string[]; atTop: boolean };
}

const pageSize = '200';
const headSize = '50';
const headEveryMs = 1_500;
const summaryEveryMs = 5_000;
const goneEveryMs = 15_000;

export function openExecutions(api: Api, { filter, sort, seen }: ListAsked): ExecutionsStore {
  const items = signal<readonly Execution[] | undefined>(undefined);
  const problem = signal<ApiProblem | undefined>(undefined);
  const live = signal<LiveState>('connecting');
  const fresh = signal<readonly Execution[]>([]);
  const more = signal(false);
  const loadingMore = signal(false);
  const summary = signal<Summary | undefined>(undefined);
  const summaryProblem = signal<ApiProblem | undefined>(undefined);
  const durations = signal<ReadonlyMap<string, History>>(new Map());
  const closing = new AbortController();
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  let cursor = '';
  let asked: Query = {};
  let stream: LiveStream | undefined;
  let unfollow = (): void => undefined;

  /** After a while, once: a busy server never rests. */
  const soon = (name: string, ms: number, work: () => Promise<void>): void => {
    if (timers.has(name) || closing.signal.aborted) return;
    const run = (): void => {
      timers.delete(name);
      if (!closing.signal.aborted) void work();
    };
    timers.set(name, setTimeout(run, ms));
  };
  const read = (all: readonly ExecutionJson[] = []): Execution[] => {
    const receivedAtMs = performance.now();
    return all.map((each) => readExecution(each, receivedAtMs));
  };
  const fetchList = (query: Query) => api.get<ListExecutionsResponseJson>('executions', { sort, ...query }, closing.signal);
  const guarded = async (shown: typeof problem, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      shown.value = undefined;
    } catch (error) {
      if (!closing.signal.aborted) shown.value = ApiProblem.from(error);
    }
  };
  const quietly = (work: () => Promise<void>) => (): Promise<void> => work().catch(() => undefined);

  /** What begins the list on the server now. Rows that are not shown yet wait, unless nothing would move under the eye. */
  const lookAtHead = quietly(async () => {
    const page = await fetchList({ ...filter(Date.now()), limit: headSize });
    const head = read(page.items);
    const { list } = updateRows(items.value ?? [], head);
    const unseen = sort === '-startedAt' ? unseenRows(list, head) : [];
    batch(() => {
      items.value = seen().atTop ? mergeRows(list, unseen) : list;
      fresh.value = seen().atTop ? [] : unseen;
    });
  });
  const onEvents = (events: readonly unknown[]): void => {
    const { list, others } = updateRows(items.value ?? [], read(events as ExecutionJson[]));
    items.value = list;
    if (others) soon('head', headEveryMs, lookAtHead);
    soon('summary', summaryEveryMs, store.loadSummary);
  };
  const onDeleted = (event: unknown): void => {
    const { id = '' } = event as { id?: string };
    batch(() => {
      items.value = withoutRow(items.value ?? [], id);
      fresh.value = withoutRow(fresh.value, id);
    });
    soon('summary', summaryEveryMs, store.loadSummary);
  };
  /** Nobody tells of executions whose time was over (retention): those in sight are asked for. */
  const lookForGone = quietly(async () => {
    soon('gone', goneEveryMs, lookForGone);
    if (document.hidden || live.value !== 'live') return;
    const ids: string[] = [];
    let q = 'id:';
    for (const id of seen().ids) {
      const next = `${q}${ids.length === 0 ? '' : ','}"${id.replaceAll(/["\\*]/g, String.raw`\$&`)}"`;
      if (next.length > 1000) break;
      q = next;
      ids.push(id);
    }
    if (ids.length === 0) return;
    const page = await api.get<ListExecutionsResponseJson>('executions', { q, limit: '500' }, closing.signal);
    // Ids that others begin with may fill the page.
    if ((page.nextCursor ?? '') !== '') return;
    const there = new Set((page.items ?? []).map(({ id }) => id));
    const gone = new Set(ids.filter((id) => !there.has(id)));
    if (gone.size > 0) items.value = (items.value ?? []).filter(({ id }) => !gone.has(id));
  });
  const follow = (since: string): void => {
    if (stream !== undefined) return stream.resumeAfter(since);
    const also = { event: 'deleted', onEvent: onDeleted };
    stream = api.follow({ path: 'executions', since, event: 'execution', onEvents, onLost, also });
    unfollow = stream.state.subscribe((state) => {
      live.value = state;
      // The server is back: what could not be loaded meanwhile can be now.
      if (state === 'live' && problem.peek()?.status === 0) void store.load();
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
    fresh,
    more,
    loadingMore,
    summary,
    summaryProblem,
    durations,
    load: () =>
      guarded(problem, async () => {
        asked = filter(Date.now());
        const loading = fetchList({ ...asked, limit: pageSize });
        void loading.then(store.loadSummary, () => undefined);
        const page = await loading;
        if (closing.signal.aborted) return;
        batch(() => {
          items.value = read(page.items);
          fresh.value = [];
          cursor = page.nextCursor ?? '';
          more.value = cursor !== '';
        });
        follow(page.revision ?? '0');
        soon('gone', goneEveryMs, lookForGone);
        soon('durations', 0, async () => {
          const known = await api
            .get<GetDurationsResponseJson>('executions/durations', {}, closing.signal)
            .catch(() => undefined);
          if (known !== undefined) durations.value = readDurations(known);
        });
      }),
    loadSummary: () =>
      guarded(summaryProblem, async () => {
        if (document.hidden && summary.value !== undefined) return;
        summary.value = readSummary(
          await api.get<SummarizeResponseJson>('executions/summary', filter(Date.now()), closing.signal),
        );
      }),
    async loadMore() {
      if (loadingMore.value || cursor === '') return;
      loadingMore.value = true;
      await guarded(problem, async () => {
        const page = await fetchList({ ...asked, limit: pageSize, cursor });
        batch(() => {
          items.value = appendRows(items.value ?? [], read(page.items));
          cursor = page.nextCursor ?? '';
          more.value = cursor !== '';
        });
      });
      loadingMore.value = false;
    },
    showFresh() {
      // A whole page of news: there may be more between it and what is shown.
      if (fresh.value.length >= Number(headSize)) return void store.load();
      batch(() => {
        items.value = mergeRows(items.value ?? [], fresh.value);
        fresh.value = [];
      });
    },
    close() {
      closing.abort();
      for (const timer of timers.values()) clearTimeout(timer);
      unfollow();
      stream?.close();
    },
  };
  return store;
}
