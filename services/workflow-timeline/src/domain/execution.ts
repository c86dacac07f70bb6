import type { StepStatus } from './attempt.ts';
import { type ExecutionFact, isTerminal, type Origin, type StepError } from './fact.ts';
import { compareFacts } from './rank.ts';

export type ExecutionStatus = 'planned' | 'running' | 'completed' | 'failed' | 'cancelled' | 'timed_out' | 'unknown';

/** What the execution's own events tell; `status` undefined if there are none. */
export interface ExecutionWord {
  readonly status: ExecutionStatus | undefined;
  readonly name: string;
  readonly startNs: bigint | undefined;
  readonly endNs: bigint | undefined;
  readonly error: StepError | undefined;
  readonly origin: Origin | undefined;
}

/** What the facts about an execution amount to, by the rules of an attempt (M1 to M4 of attempt.ts). */
export function foldExecution(facts: readonly ExecutionFact[]): ExecutionWord {
  const ranked = facts.toSorted((a, b) => compareFacts(b, a));
  const told = <K extends keyof ExecutionFact>(field: K): ExecutionFact[K] | undefined =>
    ranked.find((fact) => fact[field] !== undefined)?.[field];
  const [top] = ranked;
  return {
    status: top === undefined ? undefined : top.type === 'started' ? 'running' : top.type,
    name: told('name') ?? '',
    startNs: told('startNs') ?? ranked.find(({ type }) => type === 'started')?.stamp.timeNs,
    endNs: told('endNs') ?? ranked.find(({ type }) => isTerminal(type))?.stamp.timeNs,
    error: told('error'),
    origin: told('origin'),
  };
}

const openSteps: readonly StepStatus[] = ['ready', 'queued', 'running', 'paused', 'retry_scheduled'];

/**
 * The execution's status: its own word, but a plan whose steps began is running. Without a word it runs while a step is
 * open; when all known steps have ended nobody knows whether more will come.
 *
 * @param heard  spans tell of it, and not long ago: spans come when they end, so the one around them may still come
 */
export function executionStatus(
  word: ExecutionStatus | undefined,
  stepsByStatus: Readonly<Record<string, number>>,
  heard: boolean,
): ExecutionStatus {
  if (word !== undefined && word !== 'planned') return word;
  if (heard || openSteps.some((status) => (stepsByStatus[status] ?? 0) > 0)) return 'running';
  const anyBegan = Object.entries(stepsByStatus).some(([status, count]) => status !== 'planned' && count > 0);
  if (word === 'planned') return anyBegan ? 'running' : 'planned';
  return 'unknown';
}

/** The span of an execution, ns. */
export interface Span {
  readonly startNs: bigint;
  readonly endNs: bigint;
}

/**
 * From the first start to the later of execution end and last step end; a running execution grows to `asOfNs`.
 *
 * @returns undefined before anything started. Never negative: an end before the start counts as the start.
 */
export function spanOf(
  times: {
    startNs: bigint | undefined;
    endNs: bigint | undefined;
    firstStartNs: bigint | undefined;
    lastEndNs: bigint | undefined;
  },
  running: boolean,
  asOfNs: bigint,
): Span | undefined {
  const startNs = least(times.startNs, times.firstStartNs);
  if (startNs === undefined) return undefined;
  const endNs = greatest(greatest(times.endNs, times.lastEndNs), running ? asOfNs : undefined) ?? startNs;
  return { startNs, endNs: endNs < startNs ? startNs : endNs };
}

export function least(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}

export function greatest(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}
