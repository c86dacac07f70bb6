import { Metadata, type ServiceError, type status, type StatusObject } from '@grpc/grpc-js';
import { grpcCodes, kindOfGrpcCode, Problem, type ProblemKind } from '@tmws/problems';

// The kind and field go along in trailers, because several kinds share a status code.
const kindKey = 'tmws-problem-kind';
const fieldKey = 'tmws-problem-field';
const retryKey = 'retry-after-ms';

/** The problem as a gRPC status. */
export function statusOf(problem: Problem): StatusObject {
  const metadata = new Metadata();
  metadata.set(kindKey, problem.kind);
  if (problem.field !== undefined) metadata.set(fieldKey, encodeURIComponent(problem.field));
  if (problem.retryAfterMs !== undefined) metadata.set(retryKey, String(problem.retryAfterMs));
  return { code: grpcCodes[problem.kind] as status, details: problem.message, metadata };
}

/** What a failed call to `peer` means to us. */
export function problemOf(error: unknown, peer: string): Problem {
  const { code, details, metadata } = error as Partial<ServiceError>;
  if (typeof code !== 'number') return Problem.from(error);
  const one = (key: string): string | undefined => metadata?.get(key)[0]?.toString();
  const told = one(kindKey);
  const kind = told !== undefined && told in grpcCodes ? (told as ProblemKind) : kindOfGrpcCode(code);
  const retryAfter = one(retryKey);
  const field = one(fieldKey);
  const message = told === undefined ? `${peer} did not answer: ${details ?? 'no details'}` : (details ?? '');
  return new Problem(kind, message, {
    cause: error,
    ...(field !== undefined && { field: decodeURIComponent(field) }),
    ...(retryAfter !== undefined && { retryAfterMs: Number(retryAfter) }),
  });
}
