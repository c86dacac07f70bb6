import { create, toBinary } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import { Metadata, type ServiceError, status, type StatusObject } from '@grpc/grpc-js';
import { grpcCodes, kindOfGrpcCode, Problem, type ProblemKind } from '@tmws/problems';
import { RetryInfoSchema } from '../gen/google/rpc/error_details_pb.ts';
import { StatusSchema } from '../gen/google/rpc/status_pb.ts';

// The kind and field go along in trailers, because several kinds share a status code.
const kindKey = 'tmws-problem-kind';
const fieldKey = 'tmws-problem-field';
const positionKey = 'tmws-problem-position';
const retryKey = 'retry-after-ms';
// google.rpc.Status, as clients of other houses read it (gRPC, "Richer error model").
const detailsKey = 'grpc-status-details-bin';

// Trailers have room for 64 KiB, and a character may take nine bytes there.
const maxDetails = 4000;

/** The problem as a gRPC status. */
export function statusOf(problem: Problem): StatusObject {
  const metadata = new Metadata();
  metadata.set(kindKey, problem.kind);
  if (problem.field !== undefined) metadata.set(fieldKey, encodeURIComponent(problem.field.slice(0, 400).toWellFormed()));
  if (problem.position !== undefined) metadata.set(positionKey, `${problem.position.start}-${problem.position.end}`);
  if (problem.retryAfterMs !== undefined) {
    metadata.set(retryKey, String(problem.retryAfterMs));
    metadata.set(detailsKey, retryDetails(problem, problem.retryAfterMs));
  }
  // grpc-js throws on a lone surrogate. Its enum of codes has the numbers of our table; linters want a cast and call it needless.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
  return { code: grpcCodes[problem.kind], details: problem.message.slice(0, maxDetails).toWellFormed(), metadata };
}

function retryDetails({ kind, message }: Problem, retryAfterMs: number): Buffer {
  const retryDelay = { seconds: BigInt(Math.floor(retryAfterMs / 1000)), nanos: Math.round(retryAfterMs % 1000) * 1_000_000 };
  const details = [anyPack(RetryInfoSchema, create(RetryInfoSchema, { retryDelay }))];
  const status = create(StatusSchema, { code: grpcCodes[kind], message: message.slice(0, maxDetails).toWellFormed(), details });
  return Buffer.from(toBinary(StatusSchema, status));
}

/** What a failed call to `peer` means to us. A peer that did not speak of a problem itself gets a sentence of ours: its own may hold addresses. */
export function problemOf(error: unknown, peer: string): Problem {
  const { code, details, metadata } = error as Partial<ServiceError>;
  if (typeof code !== 'number') return Problem.from(error);
  const one = (key: string): string | undefined => metadata?.get(key)[0]?.toString();
  const told = one(kindKey);
  if (told === undefined || !(told in grpcCodes)) return untold(code, peer, error);
  const retryAfter = one(retryKey);
  const field = one(fieldKey);
  const [, start, end] = /^(\d+)-(\d+)$/.exec(one(positionKey) ?? '') ?? [];
  return new Problem(told as ProblemKind, details ?? '', {
    cause: error,
    ...(field !== undefined && { field: decodeURIComponent(field) }),
    ...(end !== undefined && { position: { start: Number(start), end: Number(end) } }),
    ...(retryAfter !== undefined && { retryAfterMs: Number(retryAfter) }),
  });
}

function untold(code: number, peer: string, cause: unknown): Problem {
  // A call we did not cancel was cut off by a peer that stops.
  const kind = code === (status.CANCELLED as number) ? 'unavailable' : kindOfGrpcCode(code);
  if (kind === 'unavailable') {
    return new Problem(kind, `${peer} is away; try again in a moment`, { cause, retryAfterMs: 1000 });
  }
  if (kind === 'timeout') return new Problem(kind, `${peer} did not answer in time`, { cause });
  if (kind === 'unsupported')
    return new Problem(kind, `${peer} does not know this call; it may be of another version`, { cause });
  if (kind === 'internal') return Problem.from(cause);
  return new Problem(kind, `${peer} refused the call`, { cause });
}
