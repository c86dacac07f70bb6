// One execution: its timeline as columns, then what the stream changes in them, and the critical path and drag after them.
import { batch, type ReadonlySignal, signal } from '@preact/signals';
import type {
  GetBottlenecksResponseJson,
  GetCriticalPathResponseJson,
  TimelineRowJson,
  WatchExecutionResponseJson,
} from '@tmws/contracts/timeline';
import { type Api, ApiProblem, executionPath } from '../api/api.ts';
import type { LiveState, LiveStream } from '../api/live-stream.ts';
import type { Domain } from '../model/axis.ts';
import { type ColumnsJson, columnsType, readColumns } from '../model/columns.ts';
import { type CriticalPath, readCriticalPath } from '../model/critical-path.ts';
import type { History } from '../model/eta.ts';
import { type Execution, isGrowing, readExecution } from '../model/execution.ts';
import { type Patcher, patcherOf } from '../model/patch-steps.ts';
import { indexKeys, type KeyIndex } from '../model/step-key.ts';
import type { Steps } from '../model/steps.ts';
import { timeText } from '../model/when.ts';
import { createPace } from './pace.ts';

/** What is shown of an execution at one moment. */
export interface Picture {
  readonly execution: Execution;
  readonly steps: Steps;
  readonly index: KeyIndex;
  /** The server's time when it answered, and this page's clock then: together they tell the server's time now. */
  readonly asOfNs: number;
  readonly asOfMs: number;
}

export interface ExecutionStore {
  /** Undefined until the first answer. */
  readonly picture: ReadonlySignal<Picture | undefined>;
  /** Another number whenever the columns hold something else; several times a second while much happens. */
  readonly version: ReadonlySignal<number>;
  /** The same once a second: for words and panels. */
  readonly calm: ReadonlySignal<number>;
  /** Every row can be found by its key. */
  readonly indexed: ReadonlySignal<boolean>;
  readonly path: ReadonlySignal<CriticalPath | undefined>;
  readonly bottlenecks: ReadonlySignal<GetBottlenecksResponseJson | undefined>;
  readonly history: ReadonlySignal<History | undefined>;
  readonly problem: ReadonlySignal<ApiProblem | undefined>;
  readonly pathProblem: ReadonlySignal<ApiProblem | undefined>;
  readonly live: ReadonlySignal<LiveState>;
  /** It was just started and nothing has arrived of it yet. */
  readonly awaited: ReadonlySignal<boolean>;
  load(): Promise<void>;
  loadPath(): Promise<void>;
  /** Of an execution too large to be sent whole: what a window of it looks like on so many pixels. */
  look(view: Domain | undefined, widthPx: number): void;
  close(): void;
}

/** A long step changes no row for long, but the path grows with it. */
const pathEveryMs = 5_000;
const awaitEveryMs = 500;
const lookDelayMs = 180;
/** Work in one go, so that the page stays quick. */
const sliceMs = 6;
/** Keys are not waited for longer than this before the next of them are made, however busy the page is. */
const idleMs = 100;
const mostSteps = '1000';
/** Drag costs the server more than the path; while much happens it may be older. */
const dragEveryMs = 10_000;
const mostPathFailures = 3;

/** @param awaitForMs  how long an execution that is not known yet is asked for again before that is a problem */
export function openExecution(api: Api, id: string, awaitForMs: number): ExecutionStore {
  const picture = signal<Picture | undefined>(undefined);
  const version = signal(0);
  const calm = signal(0);
  const indexed = signal(false);
  const path = signal<CriticalPath | undefined>(undefined);
  const bottlenecks = signal<GetBottlenecksResponseJson | undefined>(undefined);
  const history = signal<History | undefined>(undefined);
  const problem = signal<ApiProblem | undefined>(undefined);
  const pathProblem = signal<ApiProblem | undefined>(undefined);
  const live = signal<LiveState>('connecting');
  const awaited = signal(false);
  const closing = new AbortController();
  const awaitUntilMs = performance.now() + awaitForMs;
  let stream: LiveStream | undefined;
  let unfollow = (): void => undefined;
  let patcher: Patcher | undefined;
  /** Rows the stream changed, each as it was told last, until there is time for them. */
  const changed = new Map<string, TimelineRowJson>();
  let timers = new Set<ReturnType<typeof setTimeout>>();
  let window: { view: Domain | undefined; widthPx: number } | undefined;
  let lookTimer: ReturnType<typeof setTimeout> | undefined;
  let looked = 0;
  let pathFailures = 0;
  let dragAtMs = -Infinity;

  const later = (work: () => void, ms: number): ReturnType<typeof setTimeout> => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timers.add(timer);
    return timer;
  };
  /** What the stream told of the execution since it was drawn. */
  let told: Pick<Picture, 'execution' | 'asOfNs' | 'asOfMs'> | undefined;
  const pace = createPace(later, {
    draw: () =>
      batch(() => {
        const before = picture.peek();
        if (before !== undefined && told !== undefined) picture.value = { ...before, ...told };
        told = undefined;
        version.value++;
        pace.rows(before?.steps.rows.count ?? 0);
      }),
    tell: () => calm.value++,
    path: () => void store.loadPath(),
  });

  const writeChanges = (): void => {
    if (patcher === undefined || changed.size === 0) return;
    const until = performance.now() + sliceMs;
    for (const [key, row] of changed) {
      changed.delete(key);
      patcher.apply([row]);
      if (performance.now() > until) break;
    }
    pace.changed();
    if (changed.size > 0) later(writeChanges, 0);
  };
  /** In the time frames leave, or, where a browser does not tell of it, a little at a time. */
  const indexSoon = (steps: Steps, keys: KeyIndex): void => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => index(steps, keys), { timeout: idleMs });
    else later(() => index(steps, keys), 16);
  };
  const index = (steps: Steps, keys: KeyIndex): void => {
    if (picture.peek()?.steps !== steps) return;
    const until = performance.now() + sliceMs;
    if (!keys.work(() => performance.now() < until)) {
      indexSoon(steps, keys);
      return;
    }
    patcher = steps.detail.whole ? patcherOf(steps, keys) : undefined;
    indexed.value = true;
    writeChanges();
  };
  /** Many changes at once are one: the last execution, each row's last state. */
  const onEvents = (events: readonly unknown[]): void => {
    const before = picture.peek();
    if (before === undefined) return;
    const changes = events as WatchExecutionResponseJson[];
    const last = changes.at(-1);
    const nowMs = performance.now();
    const known = told ?? before;
    const execution = last?.execution === undefined ? known.execution : readExecution(last.execution, nowMs);
    if (execution.revision < known.execution.revision) return;
    told =
      last?.asOfNs === undefined
        ? { execution, asOfNs: known.asOfNs, asOfMs: known.asOfMs }
        : { execution, asOfNs: Number(BigInt(last.asOfNs) - before.steps.originNs), asOfMs: nowMs };
    pace.changed();
    if (before.steps.detail.whole) {
      for (const change of changes) {
        for (const row of change.rows ?? []) {
          const key = row.stepKey ?? '';
          // The last word stands last, so that a parent told first is written first.
          changed.delete(key);
          changed.set(key, row);
        }
      }
      writeChanges();
    } else if (lookTimer === undefined) look(pathEveryMs);
    pace.pathChanged();
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
  const show = (json: ColumnsJson): void => {
    const asOfMs = performance.now();
    const steps = readColumns(json, picture.peek()?.steps.originNs);
    const soon: number[] = [];
    for (let row = 0; row < steps.rows.count; row++) if (steps.rows.critical[row] === 1) soon.push(row);
    const keys = indexKeys(steps, soon);
    patcher = undefined;
    told = undefined;
    batch(() => {
      picture.value = {
        execution: readExecution(json.execution ?? { id }, asOfMs),
        steps,
        index: keys,
        asOfNs: steps.asOfNs,
        asOfMs,
      };
      indexed.value = false;
      problem.value = undefined;
      awaited.value = false;
      version.value++;
      calm.value++;
    });
    indexSoon(steps, keys);
  };
  const columns = (query: Readonly<Record<string, string | undefined>>): Promise<ColumnsJson> =>
    api.get<ColumnsJson>(executionPath(id, '/timeline'), query, closing.signal, columnsType);
  const onLost = async (): Promise<boolean> => {
    await store.load();
    return problem.peek() === undefined;
  };
  const growing = setInterval(() => {
    const now = picture.peek();
    if (now !== undefined && isGrowing(now.execution) && !document.hidden) pace.pathChanged();
  }, pathEveryMs);
  /** Asks for the window again after a while. */
  const look = (afterMs: number): void => {
    clearTimeout(lookTimer);
    lookTimer = later(() => {
      lookTimer = undefined;
      void lookNow();
    }, afterMs);
  };
  const lookNow = async (): Promise<void> => {
    const origin = picture.peek()?.steps.originNs;
    if (origin === undefined || window === undefined) return;
    const mine = ++looked;
    const { view, widthPx } = window;
    const at = (ns: number): string => timeText(origin + BigInt(Math.round(ns)));
    const range = view === undefined ? {} : { from: at(view.fromNs), to: at(view.toNs) };
    try {
      const json = await columns({ ...range, px: String(Math.min(10_000, Math.max(300, Math.round(widthPx)))), keys: '1' });
      if (mine === looked) show(json);
    } catch (error) {
      if (!closing.signal.aborted && mine === looked) problem.value = ApiProblem.from(error);
    }
  };
  const loadBottlenecks = async (): Promise<void> => {
    try {
      const query = { limit: mostSteps };
      const json = await api.get<GetBottlenecksResponseJson>(executionPath(id, '/bottlenecks'), query, closing.signal);
      bottlenecks.value = json;
    } catch {
      // Drag is one more thing to know; without it the page says less, not wrong.
    }
  };
  const loadHistory = async (workflow: string): Promise<void> => {
    try {
      const { workflows } = await api.get<Durations>('executions/durations', {}, closing.signal);
      const own = workflows?.find((each) => each.workflow === workflow);
      if (own !== undefined)
        history.value = { runs: own.runs ?? 0, p50Ns: Number(own.p50Ns ?? 0), p90Ns: Number(own.p90Ns ?? 0) };
    } catch {
      // Without a history there is no band.
    }
  };
  const store: ExecutionStore = {
    picture,
    version,
    calm,
    indexed,
    path,
    bottlenecks,
    history,
    problem,
    pathProblem,
    live,
    awaited,
    async load() {
      try {
        let json = await columns({});
        if (json.rows['keyedBySpan']?.includes(1) === true) json = await columns({ keys: '1' });
        show(json);
        follow(json.execution?.revision ?? '0');
        const now = picture.peek()?.execution;
        const growsNow = now !== undefined && isGrowing(now);
        await Promise.all([store.loadPath(), ...(growsNow && now.workflow !== '' ? [loadHistory(now.workflow)] : [])]);
      } catch (error) {
        if (closing.signal.aborted) return;
        const said = ApiProblem.from(error);
        awaited.value = said.status === 404 && performance.now() < awaitUntilMs;
        if (awaited.value) later(() => void store.load(), awaitEveryMs);
        else problem.value = said;
      }
    },
    async loadPath() {
      const originNs = picture.peek()?.steps.originNs;
      if (originNs === undefined) return;
      const began = performance.now();
      try {
        const json = await api.get<GetCriticalPathResponseJson>(executionPath(id, '/critical-path'), {}, closing.signal);
        path.value = readCriticalPath(json, originNs);
        pathProblem.value = undefined;
        pathFailures = 0;
        const now = picture.peek()?.execution;
        const open = now !== undefined && isGrowing(now);
        if (!open || began - dragAtMs > dragEveryMs) {
          dragAtMs = began;
          await loadBottlenecks();
        }
      } catch (error) {
        if (closing.signal.aborted) return;
        // While it goes on it is asked for again by itself; what is shown is a little older meanwhile.
        pathFailures++;
        const told = path.peek() !== undefined && pathFailures < mostPathFailures;
        if (!told) pathProblem.value = ApiProblem.from(error);
      }
      pace.pathTook(performance.now() - began);
    },
    look(view, widthPx) {
      if (picture.peek()?.steps.detail.whole !== false) return;
      if (window?.view?.fromNs === view?.fromNs && window?.view?.toNs === view?.toNs && window?.widthPx === widthPx) return;
      window = { view, widthPx };
      look(lookDelayMs);
    },
    close() {
      closing.abort();
      clearInterval(growing);
      for (const timer of timers) clearTimeout(timer);
      timers = new Set();
      unfollow();
      stream?.close();
    },
  };
  return store;
}

interface Durations {
  readonly workflows?: readonly { workflow?: string; runs?: number; p50Ns?: string; p90Ns?: string }[];
}
