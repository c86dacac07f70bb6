import { type Operation, OperationSchema } from '@tmws/contracts';
import { toJson } from '@bufbuild/protobuf';
import { answerProblem, type Request, type Response } from '@tmws/http';
import { Problem, type ProblemKind } from '@tmws/problems';
import { z } from 'zod';
import type { OperationsPort } from '../ports.ts';
import { callOf } from './call-of.ts';

const longest = 5 * 60_000;
const error = 'must be a duration from 0s to 5m, like "30s"';
const msOf = { ms: 1, s: 1000, m: 60_000 } as const;

/** `?wait=`, in ms. */
export const wait = z
  .string({ error })
  .regex(/^\d{1,6}(ms|s|m)$/, { error })
  .meta({ examples: ['30s'] })
  .transform((text) => Number.parseInt(text, 10) * msOf[text.replace(/^\d+/, '') as keyof typeof msOf])
  .refine((ms) => ms <= longest, { error })
  .optional()
  .meta({ description: 'How long the answer may wait for the end of the operation, at most `5m`; absent: not at all' });

function hasEnded({ status }: Operation): boolean {
  return status !== 'queued' && status !== 'running';
}

/** The operation when it has ended, or as it is after `waitMs`. */
export async function waitFor(
  operations: OperationsPort,
  operation: Operation,
  waitMs: number,
  request: Request,
  response: Response,
): Promise<Operation> {
  let last = operation;
  if (waitMs === 0 || hasEnded(last)) return last;
  const { caller, signal } = callOf(request, response);
  const over = AbortSignal.any([AbortSignal.timeout(waitMs), ...(signal === undefined ? [] : [signal])]);
  for await (const { operation: now } of operations.watchOperation({ id: operation.id }, { caller, signal: over }))
    last = now ?? last;
  return last;
}

export function operationJson(operation: Operation) {
  return toJson(OperationSchema, operation, { alwaysEmitImplicit: true });
}

/** One that failed as the problem it failed with, and the operation beside it. */
export function answerFailure(request: Request, response: Response, operation: Operation): void {
  const { problem, status } = operation;
  const kind = (problem?.kind ?? 'precondition') as ProblemKind;
  const told = new Problem(
    kind,
    problem?.detail ?? `the operation was ${status}`,
    problem?.field ? { field: problem.field } : {},
  );
  answerProblem(request, response, told, { operation: operationJson(operation) });
}
