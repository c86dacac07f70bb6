import type { ExecutionFact, Fact, StepFact } from '../../../domain/fact.ts';
import { readImport } from '../read-import.ts';

export interface Read {
  readonly id: string;
  readonly facts: readonly Fact[];
  readonly execution: ExecutionFact;
  readonly steps: readonly StepFact[];
  step(stepId: string, iteration?: number): StepFact;
}

/** The bytes of a value, as a file would have them. */
export function bytesOf(value: unknown): Buffer {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
}

/** Reads a file of one execution. */
export function readOne(value: unknown): Read {
  const { executions } = readImport(bytesOf(value), '0123456789abcdef'.repeat(4));
  const [read] = executions;
  if (read === undefined || executions.length !== 1) throw new Error(`expected one execution, got ${executions.length}`);
  const { id, facts } = read;
  const execution = facts.find((fact) => fact.about === 'execution');
  if (execution === undefined) throw new Error('the execution itself has no fact');
  const steps = facts.filter((fact) => fact.about === 'step');
  const step = (stepId: string, iteration = 0): StepFact => {
    const found = steps.find((fact) => fact.step.stepId === stepId && fact.step.iteration === iteration);
    if (found === undefined) throw new Error(`no step ${stepId}; there are ${steps.map((fact) => fact.step.stepId).join(', ')}`);
    return found;
  };
  return { id, facts, execution, steps, step };
}

/** What went wrong, as a sentence with its kind. */
export function problemOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    return `${(error as { kind?: string }).kind ?? 'no Problem'}: ${(error as Error).message}`;
  }
  return 'nothing went wrong';
}
