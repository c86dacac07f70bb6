// One execution: its timeline, then the rows the stream changes, and the critical path after them.
import { batch, type ReadonlySignal, signal } from '@preact/signals';
import type { GetCriticalPathResponseJson, GetTimelineResponseJson, WatchExecutionResponseJson } from '@tmws/contracts/timeline';
import { type Api, ApiProblem, executionPath } from '../api/api.ts';
import type { LiveState, LiveStream } from '../api/live-stream.ts';
import { type CriticalPath, readCriticalPath } from '../model/critical-path.ts';
import { type Execution, isGrowing, readExecution } from '../model/execution.ts';
import { mergeRows, orderRows } from '../model/rows.ts';
import { readRow, type Row, since } from '../model/timeline.ts';

/** What is shown of an execution at one moment. Times are ns after `originNs`, the execution's first known instant when the page opened. */
export interface Picture {
  execution: Execution;
  originNs: bigint;
  rows: readonly Row[];
  /** The server's time when it answered, and this page's clock then: together they tell the server's time now. */
  asOfNs: number;
  asOfMs: number;
}

export interface ExecutionStore {
  /** Undefined until the first answer. */
  readonly picture: ReadonlySignal<Picture | undefined>;
  readonly path: ReadonlySignal<CriticalPath | undefined>;
  readonly problem: ReadonlySignal<ApiProblem | undefined>;
  readonly pathProblem: ReadonlySignal<ApiProblem | undefined>;
  readonly live: ReadonlySignal<LiveState>;
  /** It was just started and nothing has arrived of it yet. */
  readonly awaited: ReadonlySignal<boolean>;
  load(): Promise<void>;
  loadPath(): Promise<void>;
  close(): void;
}

const pathDelayMs = 400;
/** A long step changes no row for long, but the path grows with it. */
const pathEveryMs = 5_000;
const awaitEveryMs = 500;

/** @param awaitForMs  how long an execution that is not known yet is asked for again before that is a problem */
export function openExecution(api: Api, id: string, awaitForMs: number): ExecutionStore {
  const picture = signal<Picture | undefined>(undefined);
  const path = signal<CriticalPath | undefined>(undefined);
  const problem = signal<ApiProblem | undefined>(undefined);
  const pathProblem = signal<ApiProblem | undefined>(undefined);
  const live = signal<LiveState>('connecting');
  const awaited = signal(false);
  const closing = new AbortController();
  const awaitUntilMs = performance.now() + awaitForMs;
  let stream: LiveStream | undefined;
  let unfollow = (): void => undefined;
  let pathTimer: ReturnType<typeof setTimeout> | undefined;
  let awaitTimer: ReturnType<typeof setTimeout> | undefined;

  /** After the first change, not after the last: a busy execution never rests. */
  const pathSoon = (): void => {
    pathTimer ??= setTimeout(() => {
      pathTimer = undefined;
      void store.loadPath();
    }, pathDelayMs);
  };
  const apply = (change: WatchExecutionResponseJson): void => {
    const before = picture.value;
    if (before === undefined) return;
    const { originNs } = before;
    const nowMs = performance.now();
    const execution = change.execution === undefined ? before.execution : readExecution(change.execution, nowMs);
    if (execution.revision < before.execution.revision) return;
    const changed = (change.rows ?? []).map((row) => readRow(row, originNs));
    const rows = changed.length === 0 ? before.rows : mergeRows(before.rows, changed);
    const asOfNs = change.asOfNs === undefined ? before.asOfNs : since(originNs, change.asOfNs);
    picture.value = { ...before, execution, rows, asOfNs, asOfMs: change.asOfNs === undefined ? before.asOfMs : nowMs };
  };
  /** Many changes at once are one: the last execution, each row's last state. */
  const onEvents = (events: readonly unknown[]): void => {
    const changes = events as WatchExecutionResponseJson[];
    const rows = new Map(changes.flatMap((each) => each.rows ?? []).map((row) => [row.stepKey, row]));
    apply({ ...changes.at(-1), rows: [...rows.values()] });
    pathSoon();
  };
  const follow = (from: string): void => {
    if (stream !== undefined) return stream.resumeAfter(from);
    stream = api.follow({ path: executionPath(id, '/stream'), since: from, event: 'change', onEvents, onLost });
    unfollow = stream.state.subscribe((state) => {
      live.value = state;
      // The server is back: what could not be loaded meanwhile can be now.
      if (state === 'live' && problem.peek() !== undefined) void store.load();
    });
  };
  const show = (json: GetTimelineResponseJson): void => {
    const asOfMs = performance.now();
    // Of an execution that has not begun, `startNs` is 0.
    const originNs = picture.value?.originNs ?? (BigInt(json.startNs ?? 0) || BigInt(json.asOfNs ?? 0));
    batch(() => {
      picture.value = {
        execution: readExecution(json.execution ?? { id }, asOfMs),
        originNs,
        rows: orderRows((json.rows ?? []).map((row) => readRow(row, originNs))),
        asOfNs: since(originNs, json.asOfNs ?? json.endNs ?? '0'),
        asOfMs,
      };
      problem.value = undefined;
      awaited.value = false;
    });
  };
  const growing = setInterval(() => {
    if (picture.value !== undefined && isGrowing(picture.value.execution) && !document.hidden) pathSoon();
  }, pathEveryMs);
  const onLost = async (): Promise<boolean> => {
    await store.load();
    return problem.peek() === undefined;
  };
  const store: ExecutionStore = {
    picture,
    path,
    problem,
    pathProblem,
    live,
    awaited,
    async load() {
      try {
        const json = await api.get<GetTimelineResponseJson>(executionPath(id, '/timeline'), {}, closing.signal);
        show(json);
        follow(json.execution?.revision ?? '0');
        await store.loadPath();
      } catch (error) {
        if (closing.signal.aborted) return;
        const said = ApiProblem.from(error);
        awaited.value = said.status === 404 && performance.now() < awaitUntilMs;
        if (awaited.value) awaitTimer = setTimeout(() => void store.load(), awaitEveryMs);
        else problem.value = said;
      }
    },
    async loadPath() {
      const originNs = picture.value?.originNs;
      if (originNs === undefined) return;
      try {
        const json = await api.get<GetCriticalPathResponseJson>(executionPath(id, '/critical-path'), {}, closing.signal);
        path.value = readCriticalPath(json, originNs);
        pathProblem.value = undefined;
      } catch (error) {
        if (!closing.signal.aborted) pathProblem.value = ApiProblem.from(error);
      }
    },
    close() {
      closing.abort();
      clearInterval(growing);
      clearTimeout(pathTimer);
      clearTimeout(awaitTimer);
      unfollow();
      stream?.close();
    },
  };
  return store;
}
