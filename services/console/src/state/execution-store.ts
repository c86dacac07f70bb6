// One execution: its timeline as columns, then what the stream changes in them. What is told beside its steps is in `execution-answers.ts`.
import { batch, type ReadonlySignal, signal } from '@preact/signals';
import type { TimelineRowJson, WatchExecutionResponseJson } from '@tmws/contracts/timeline';
import { type Api, ApiProblem, executionPath } from '../api/api.ts';
import type { LiveState, LiveStream } from '../api/live-stream.ts';
import type { Domain } from '../model/axis.ts';
import { type ColumnsJson, columnsInParts, columnsType } from '../model/columns.ts';
import { type Execution, isGrowing, readExecution } from '../model/execution.ts';
import { failuresOf } from '../model/find-step.ts';
import { inSlices } from '../model/in-parts.ts';
import { heardNs, type LateRows, lateRowsOf } from '../model/late-rows.ts';
import { type Patcher, patcherOf } from '../model/patch-steps.ts';
import { indexKeys, type KeyIndex, stepKeyAt } from '../model/step-key.ts';
import type { Steps } from '../model/steps.ts';
import { timeText } from '../model/when.ts';
import { type Answers, openAnswers } from './execution-answers.ts';
import { createPace } from './pace.ts';

/** What is shown of an execution at one moment. */
export interface Picture {
  readonly execution: Execution;
  readonly steps: Steps;
  readonly index: KeyIndex;
  /** Rows that came with the stream. */
  readonly late: LateRows;
  /** The server's time when it answered, and this page's clock then: together they tell the server's time now. */
  readonly asOfNs: number;
  readonly asOfMs: number;
}

export interface ExecutionStore extends Omit<Answers, 'loadPath' | 'loadHistory'> {
  /** Undefined until the first answer. */
  readonly picture: ReadonlySignal<Picture | undefined>;
  /** Another number whenever the columns hold something else; several times a second while much happens. */
  readonly version: ReadonlySignal<number>;
  /** The same once a second: for words and panels. */
  readonly calm: ReadonlySignal<number>;
  /** Every row can be found by its key. */
  readonly indexed: ReadonlySignal<boolean>;
  readonly problem: ReadonlySignal<ApiProblem | undefined>;
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
/** So many rows of the critical path are known by their keys at once; more of them with all others. */
const mostSoon = 500;
/** Keys are not waited for longer than this before the next of them are made, however busy the page is. */
const idleMs = 100;
/** What stands above the chart is waited for so long, so that the chart need not move when it comes; with many rows it comes late anyway. */
const holdMs = 1_500;
const mostHeldRows = 5_000;

/** @param awaitForMs  how long an execution that is not known yet is asked for again before that is a problem */
export function openExecution(api: Api, id: string, awaitForMs: number): ExecutionStore {
  const picture = signal<Picture | undefined>(undefined);
  const version = signal(0);
  const calm = signal(0);
  const indexed = signal(false);
  const problem = signal<ApiProblem | undefined>(undefined);
  const live = signal<LiveState>('connecting');
  const awaited = signal(false);
  const closing = new AbortController();
  const answers = openAnswers(api, id, closing.signal);
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

  const write = (into: Patcher, key: string, row: TimelineRowJson): void => {
    const now = picture.peek();
    if (now === undefined) return;
    const { steps, index: keys, late } = now;
    const known = keys.get(key);
    const before = known === undefined ? NaN : heardNs(steps, known);
    into.apply([row]);
    const at = keys.get(key);
    if (at !== undefined && heardNs(steps, at) !== before) late.add(at, key);
  };
  const writeChanges = (): void => {
    if (patcher === undefined || changed.size === 0) return;
    const until = performance.now() + sliceMs;
    for (const [key, row] of changed) {
      changed.delete(key);
      write(patcher, key, row);
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
  const show = (json: ColumnsJson, steps: Steps, asOfMs: number): void => {
    const soon: number[] = [];
    for (let row = 0; row < steps.rows.count && soon.length < mostSoon; row++) if (steps.rows.critical[row] === 1) soon.push(row);
    const keys = indexKeys(steps, soon);
    patcher = undefined;
    told = undefined;
    batch(() => {
      picture.value = {
        execution: readExecution(json.execution ?? { id }, asOfMs),
        steps,
        index: keys,
        late: lateRowsOf(steps),
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
  const read = (json: ColumnsJson, origin: bigint | undefined, wanted: () => boolean): Promise<Steps | undefined> =>
    inSlices(columnsInParts(json, origin), sliceMs, (goOn) => later(goOn, 0), wanted);
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
      const asOfMs = performance.now();
      const steps = await read(json, origin, () => mine === looked);
      if (steps !== undefined) show(json, steps, asOfMs);
    } catch (error) {
      if (!closing.signal.aborted && mine === looked) problem.value = ApiProblem.from(error);
    }
  };
  /** What stands above the chart: the path, what failed first, how long others took. */
  const loadAnswers = async (execution: Execution, steps: Steps): Promise<void> => {
    const open = isGrowing(execution);
    const [first] = steps.rows.count > mostHeldRows ? [] : failuresOf(steps);
    await Promise.all([
      answers.loadPath(steps.originNs, open),
      ...(first === undefined ? [] : [answers.loadError(stepKeyAt(steps, first))]),
      ...(open && execution.workflow !== '' ? [answers.loadHistory(execution.workflow)] : []),
    ]);
  };
  const store: ExecutionStore = {
    picture,
    version,
    calm,
    indexed,
    path: answers.path,
    bottlenecks: answers.bottlenecks,
    noBottlenecks: answers.noBottlenecks,
    history: answers.history,
    error: answers.error,
    pathProblem: answers.pathProblem,
    loadError: answers.loadError,
    problem,
    live,
    awaited,
    async load() {
      try {
        let json = await columns({});
        if (json.rows['keyedBySpan']?.includes(1) === true) json = await columns({ keys: '1' });
        const asOfMs = performance.now();
        const steps = await read(json, picture.peek()?.steps.originNs, () => !closing.signal.aborted);
        if (steps === undefined) return;
        const rest = loadAnswers(readExecution(json.execution ?? { id }, asOfMs), steps);
        if (picture.peek() === undefined && steps.rows.count <= mostHeldRows)
          await Promise.race([rest, new Promise<void>((resolve) => later(resolve, holdMs))]);
        if (closing.signal.aborted) return;
        show(json, steps, asOfMs);
        follow(json.execution?.revision ?? '0');
        await rest;
      } catch (error) {
        if (closing.signal.aborted) return;
        const said = ApiProblem.from(error);
        awaited.value = said.status === 404 && performance.now() < awaitUntilMs;
        if (awaited.value) later(() => void store.load(), awaitEveryMs);
        else problem.value = said;
      }
    },
    async loadPath() {
      const now = picture.peek();
      if (now === undefined) return;
      const began = performance.now();
      await answers.loadPath(now.steps.originNs, isGrowing(now.execution));
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
