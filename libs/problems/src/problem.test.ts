import { grpcCodes, httpStatuses, kindOfGrpcCode, Problem, problemDocument, retryable } from './index.ts';

test('each kind has one gRPC status and one HTTP status', () => {
  const table = Object.keys(grpcCodes).map((kind) => [
    kind,
    grpcCodes[kind as Problem['kind']],
    httpStatuses[kind as Problem['kind']],
  ]);
  expect(table).toEqual([
    ['invalid', 3, 400],
    ['precondition', 9, 409],
    ['unauthenticated', 16, 401],
    ['forbidden', 7, 403],
    ['not_found', 5, 404],
    ['conflict', 6, 409],
    ['stale', 10, 412],
    ['limited', 8, 429],
    ['unavailable', 14, 503],
    ['timeout', 4, 504],
    ['too_large', 3, 413],
    ['unsupported', 12, 415],
    ['internal', 13, 500],
  ]);
});

test('a peer that says INVALID_ARGUMENT means invalid; a code nobody knows is internal', () => {
  expect([3, 14, 99].map(kindOfGrpcCode)).toEqual(['invalid', 'unavailable', 'internal']);
});

test('an unknown error leaves as a fixed sentence and keeps its cause for the log', () => {
  const cause = new TypeError('cannot read password of undefined');
  const problem = Problem.from(cause);
  expect(problem).toMatchObject({ kind: 'internal', cause });
  expect(problem.message).not.toContain('password');
  expect(Problem.from(problem)).toBe(problem);
});

test('a problem as a document names status, field and request', () => {
  const problem = new Problem('invalid', 'limit must be 1 to 500 (got 0)', { field: 'limit' });
  expect(problemDocument(problem, { instance: '/api/v1/executions', requestId: 'r1' })).toEqual({
    type: 'urn:tmws:problem:invalid',
    title: 'The request is not valid',
    status: 400,
    detail: 'limit must be 1 to 500 (got 0)',
    kind: 'invalid',
    field: 'limit',
    instance: '/api/v1/executions',
    requestId: 'r1',
  });
});

test('only what may pass by itself is tried again', () => {
  expect((Object.keys(grpcCodes) as Problem['kind'][]).filter(retryable)).toEqual(['limited', 'unavailable', 'timeout']);
});
