import type { ProblemKind } from './problem.ts';

/** gRPC status codes by kind (grpc.io, "Status codes and their use in gRPC"). */
export const grpcCodes: Readonly<Record<ProblemKind, number>> = {
  invalid: 3,
  precondition: 9,
  unauthenticated: 16,
  forbidden: 7,
  not_found: 5,
  conflict: 6,
  stale: 10,
  limited: 8,
  unavailable: 14,
  timeout: 4,
  too_large: 3,
  unsupported: 12,
  internal: 13,
};

/** HTTP statuses by kind (RFC 9110). A body of an unreadable type is 415, a thing we do not do is 501. */
export const httpStatuses: Readonly<Record<ProblemKind, number>> = {
  invalid: 400,
  precondition: 409,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 412,
  limited: 429,
  unavailable: 503,
  timeout: 504,
  too_large: 413,
  unsupported: 415,
  internal: 500,
};

const kindsByGrpcCode = new Map(Object.entries(grpcCodes).map(([kind, code]) => [code, kind as ProblemKind]));
kindsByGrpcCode.set(grpcCodes.invalid, 'invalid');

/** The kind a peer's gRPC status means to us. Unknown codes are `internal`; a cancelled call was ours to cancel. */
export function kindOfGrpcCode(code: number): ProblemKind {
  return kindsByGrpcCode.get(code) ?? 'internal';
}

/** Whether the same call may succeed later with nothing changed. */
export function retryable(kind: ProblemKind): boolean {
  return kind === 'limited' || kind === 'unavailable' || kind === 'timeout';
}
