import type { Problem } from './problem.ts';
import { httpStatuses } from './wire-table.ts';

const titles: Readonly<Record<Problem['kind'], string>> = {
  invalid: 'The request is not valid',
  precondition: 'The state of the thing does not allow this',
  unauthenticated: 'Sign in first',
  forbidden: 'Not allowed',
  not_found: 'Not found',
  conflict: 'It exists already',
  stale: 'It has changed meanwhile',
  limited: 'Too many requests',
  unavailable: 'Not available at the moment',
  timeout: 'It took too long',
  too_large: 'Too large',
  unsupported: 'Not supported',
  internal: 'Something went wrong on our side',
};

/** The body of an `application/problem+json` answer (RFC 9457), with our `kind`, `field`, `position` and `traceId` as extension members. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  kind: Problem['kind'];
  field?: string;
  position?: { start: number; end: number };
  instance?: string;
  requestId?: string;
  traceId?: string;
}

/** The problem as RFC 9457 writes it. `more` says which request it was. */
export function problemDocument(
  problem: Problem,
  more: { instance?: string; requestId?: string; traceId?: string } = {},
): ProblemDocument {
  return {
    type: `urn:tmws:problem:${problem.kind}`,
    title: titles[problem.kind],
    status: httpStatuses[problem.kind],
    detail: problem.message,
    kind: problem.kind,
    ...(problem.field !== undefined && { field: problem.field }),
    ...(problem.position !== undefined && { position: { ...problem.position } }),
    ...more,
  };
}
