// Groups that fire: what the stream says has changed is loaded anew, and stays where it is under the eye.
//
//   load ─answer▶ shown ─stream: changed▶ loaded anew ─held▶ shown in its place, new ones wait ─showFresh or released▶ in the server's order
import { batch, type ReadonlySignal, signal } from '@preact/signals';
import type { ListAlertGroupsResponseJson } from '@tmws/contracts/alerting';
import { type Api, ApiProblem } from '../api/api.ts';
import type { LiveState, LiveStream } from '../api/live-stream.ts';
import type { Query } from '../api/url.ts';
import { type AlertGroup, type Counts, type GroupsPage, readGroupsPage } from '../model/alert-group.ts';
import { heldOrder, keepSame } from '../model/alert-order.ts';

export interface AlertGroupsStore {
  /** Undefined until the first answer. */
  readonly groups: ReadonlySignal<readonly AlertGroup[] | undefined>;
  readonly counts: ReadonlySignal<Counts | undefined>;
  /** Of all pages. */
  readonly total: ReadonlySignal<number>;
  readonly lastFiredMs: ReadonlySignal<number | undefined>;
  /** Groups that are not shown yet. */
  readonly fresh: ReadonlySignal<number>;
  /** Shown in another order than the server's, or with groups that ended. */
  readonly heldBack: ReadonlySignal<boolean>;
  readonly problem: ReadonlySignal<ApiProblem | undefined>;
  readonly live: ReadonlySignal<LiveState>;
  readonly more: ReadonlySignal<boolean>;
  load(): Promise<void>;
  loadMore(): Promise<void>;
  /** Nothing is under the eye any more that would move. */
  release(): void;
  showFresh(): void;
  close(): void;
}

const pageSize = 50;
const mostAtOnce = 500;
const againMs = 700;

/** @param held  whether something is looked at that must not move */
export function openAlertGroups(api: Api, query: Query, held: () => boolean): AlertGroupsStore {
  const groups = signal<readonly AlertGroup[] | undefined>(undefined);
  const counts = signal<Counts | undefined>(undefined);
  const total = signal(0);
  const lastFiredMs = signal<number | undefined>(undefined);
  const fresh = signal(0);
  const heldBack = signal(false);
  const problem = signal<ApiProblem | undefined>(undefined);
  const live = signal<LiveState>('connecting');
  const more = signal(false);
  const closing = new AbortController();
  let latest: readonly AlertGroup[] = [];
  let cursor = '';
  let stream: LiveStream | undefined;
  let unfollow = (): void => undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let underWay: Promise<void> | undefined;
  let furtherUnderWay: Promise<void> | undefined;

  const ask = async (limit: number, after = ''): Promise<GroupsPage> =>
    readGroupsPage(
      await api.get<ListAlertGroupsResponseJson>(
        'alerts/groups',
        { ...query, limit: String(limit), cursor: after },
        closing.signal,
      ),
    );
  const guarded = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      problem.value = undefined;
    } catch (error) {
      if (!closing.signal.aborted) problem.value = ApiProblem.from(error);
    }
  };
  const show = (): void =>
    batch(() => {
      groups.value = latest;
      fresh.value = 0;
      heldBack.value = false;
    });
  const take = (page: GroupsPage): void => {
    latest = keepSame(latest, page.items);
    cursor = page.cursor;
    batch(() => {
      counts.value = page.counts;
      total.value = page.total;
      lastFiredMs.value = page.lastFiredMs;
      more.value = cursor !== '';
      if (groups.peek() === undefined || !held()) return show();
      const next = heldOrder(groups.peek() ?? [], latest);
      groups.value = next.shown;
      fresh.value = next.fresh;
      heldBack.value = next.moved || next.fresh > 0 || next.shown.some(({ gone }) => gone === true);
    });
  };
  const follow = (since: string): void => {
    if (stream !== undefined) return stream.resumeAfter(since);
    const onLost = async (): Promise<boolean> => {
      await store.load();
      return problem.peek() === undefined;
    };
    stream = api.follow({ path: 'alerts/stream', since, event: 'change', onEvents: soon, onLost });
    unfollow = stream.state.subscribe((state) => {
      live.value = state;
      if (state === 'live' && problem.peek()?.status === 0) void store.load();
    });
  };
  /** After a while, once: a storm of alerts does not become one of questions. */
  const soon = (): void => {
    if (closing.signal.aborted) return;
    again ??= setTimeout(() => {
      again = undefined;
      void store.load();
    }, againMs);
  };
  const load = (): Promise<void> =>
    guarded(async () => {
      const page = await ask(Math.min(mostAtOnce, Math.max(pageSize, latest.length)));
      if (closing.signal.aborted) return;
      take(page);
      follow(page.revision);
    });
  const further = async (): Promise<void> => {
    // What is loaded anew meanwhile says where the next page begins.
    while (underWay !== undefined) await underWay;
    if (cursor === '' || closing.signal.aborted) return;
    underWay = guarded(async () => {
      const page = await ask(pageSize, cursor);
      const known = new Set(latest.map(({ id }) => id));
      const added = page.items.filter(({ id }) => !known.has(id));
      batch(() => {
        latest = [...latest, ...added];
        const shown = new Set(groups.peek()?.map(({ id }) => id));
        groups.value = [...(groups.peek() ?? []), ...added.filter(({ id }) => !shown.has(id))];
        cursor = page.cursor;
        more.value = cursor !== '';
      });
    });
    await underWay.finally(() => (underWay = undefined));
  };
  const store: AlertGroupsStore = {
    groups,
    counts,
    total,
    lastFiredMs,
    fresh,
    heldBack,
    problem,
    live,
    more,
    async load() {
      if (underWay !== undefined) {
        soon();
        return await underWay;
      }
      underWay = load();
      await underWay.finally(() => (underWay = undefined));
    },
    loadMore: () => (furtherUnderWay ??= further().finally(() => (furtherUnderWay = undefined))),
    release() {
      if (heldBack.peek() && !held()) show();
    },
    showFresh: show,
    close() {
      closing.abort();
      clearTimeout(again);
      unfollow();
      stream?.close();
    },
  };
  return store;
}
