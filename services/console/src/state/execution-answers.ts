// What is told of an execution beside its steps: its critical path and drag, what a step failed with, how long its workflow took before.
import { type ReadonlySignal, signal } from '@preact/signals';
import type { GetBottlenecksResponseJson, GetCriticalPathResponseJson, GetStepResponseJson } from '@tmws/contracts/timeline';
import { type Api, ApiProblem, executionPath } from '../api/api.ts';
import { type CriticalPath, readCriticalPath } from '../model/critical-path.ts';
import type { History } from '../model/eta.ts';
import type { StepFailure } from '../model/execution.ts';

/** What a step failed with; undefined where nothing was told of that. */
export interface ErrorOfStep {
  readonly stepKey: string;
  readonly error: StepFailure | undefined;
}

export interface Answers {
  readonly path: ReadonlySignal<CriticalPath | undefined>;
  readonly bottlenecks: ReadonlySignal<GetBottlenecksResponseJson | undefined>;
  /** Drag was asked for and is not known, so nothing of it is to be expected soon. */
  readonly noBottlenecks: ReadonlySignal<boolean>;
  readonly history: ReadonlySignal<History | undefined>;
  /** Of the step asked for last. */
  readonly error: ReadonlySignal<ErrorOfStep | undefined>;
  readonly pathProblem: ReadonlySignal<ApiProblem | undefined>;
  /** The path and, now and then, drag. @param open  it goes on, so that both are asked for again */
  loadPath(originNs: bigint, open: boolean): Promise<void>;
  loadHistory(workflow: string): Promise<void>;
  loadError(stepKey: string): Promise<void>;
}

const mostSteps = '1000';
/** Drag costs the server more than the path; while much happens it may be older: it is asked for in a tenth of the time at most. */
const dragEveryMs = 10_000;
const mostPathFailures = 3;

interface Durations {
  readonly workflows?: readonly { workflow?: string; runs?: number; p50Ns?: string; p90Ns?: string }[];
}

export function openAnswers(api: Api, id: string, closing: AbortSignal): Answers {
  const path = signal<CriticalPath | undefined>(undefined);
  const bottlenecks = signal<GetBottlenecksResponseJson | undefined>(undefined);
  const noBottlenecks = signal(false);
  const history = signal<History | undefined>(undefined);
  const error = signal<ErrorOfStep | undefined>(undefined);
  const pathProblem = signal<ApiProblem | undefined>(undefined);
  let pathFailures = 0;
  let dragDueMs = -Infinity;
  let dragIsTooLarge = false;

  const loadBottlenecks = async (): Promise<void> => {
    if (dragIsTooLarge) return;
    try {
      const query = { limit: mostSteps };
      bottlenecks.value = await api.get<GetBottlenecksResponseJson>(executionPath(id, '/bottlenecks'), query, closing);
    } catch (fault) {
      // Drag is one more thing to know; without it the page says less, not wrong.
      noBottlenecks.value = true;
      dragIsTooLarge ||= ApiProblem.from(fault).status === 413;
    }
  };
  const loadSegments = async (originNs: bigint): Promise<void> => {
    try {
      const json = await api.get<GetCriticalPathResponseJson>(executionPath(id, '/critical-path'), {}, closing);
      path.value = readCriticalPath(json, originNs);
      pathProblem.value = undefined;
      pathFailures = 0;
    } catch (fault) {
      if (closing.aborted) return;
      // While it goes on it is asked for again by itself; what is shown is a little older meanwhile.
      pathFailures++;
      const told = path.peek() !== undefined && pathFailures < mostPathFailures;
      if (!told) pathProblem.value = ApiProblem.from(fault);
    }
  };
  return {
    path,
    bottlenecks,
    noBottlenecks,
    history,
    error,
    pathProblem,
    async loadPath(originNs, open) {
      const nowMs = performance.now();
      const drag = !open || nowMs > dragDueMs;
      if (drag) dragDueMs = Infinity;
      await Promise.all([loadSegments(originNs), ...(drag ? [loadBottlenecks()] : [])]);
      const tookMs = performance.now() - nowMs;
      if (drag) dragDueMs = nowMs + Math.max(dragEveryMs, tookMs * 10);
    },
    async loadHistory(workflow) {
      try {
        const { workflows } = await api.get<Durations>('executions/durations', {}, closing);
        const own = workflows?.find((each) => each.workflow === workflow);
        if (own !== undefined)
          history.value = { runs: own.runs ?? 0, p50Ns: Number(own.p50Ns ?? 0), p90Ns: Number(own.p90Ns ?? 0) };
      } catch {
        // Without a history there is no band.
      }
    },
    async loadError(stepKey) {
      if (error.peek()?.stepKey === stepKey) return;
      try {
        const { row } = await api.get<GetStepResponseJson>(executionPath(id, `/steps/${stepKey}`), {}, closing);
        const told = row?.attempts?.at(-1)?.error;
        error.value = { stepKey, error: told && { type: told.type ?? '', message: told.message ?? '', detail: '' } };
      } catch {
        // The panel says why when the step is chosen.
        if (!closing.aborted) error.value = { stepKey, error: undefined };
      }
    },
  };
}
