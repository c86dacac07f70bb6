export { Problem, type ProblemKind, problemKinds, type ProblemOptions } from './problem.ts';
export { grpcCodes, httpStatuses, kindOfGrpcCode, retryable } from './wire-table.ts';
export { problemDocument, type ProblemDocument } from './problem-document.ts';
