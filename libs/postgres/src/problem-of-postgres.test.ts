import { Problem } from '@tmws/problems';
import { problemOfPostgres } from './problem-of-postgres.ts';

const driverError = (message: string, code?: string): Error => Object.assign(new Error(message), code !== undefined && { code });

test.each([
  ['08006', 'connection failure'],
  ['08P01', 'protocol violation'],
  ['53300', 'sorry, too many clients already'],
  ['53100', 'could not extend file: No space left on device'],
  ['57P01', 'terminating connection due to administrator command'],
  ['57P03', 'the database system is starting up'],
  ['25P03', 'terminating connection due to idle-in-transaction timeout'],
  ['ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:5432'],
  ['ECONNRESET', 'read ECONNRESET'],
  ['EPIPE', 'write EPIPE'],
  ['ENOTFOUND', 'getaddrinfo ENOTFOUND db'],
  ['ETIMEDOUT', 'connect ETIMEDOUT'],
])('%s means the database is away', (code, message) => {
  const cause = driverError(message, code);
  expect(problemOfPostgres(cause)).toMatchObject({
    kind: 'unavailable',
    message: 'the database is away',
    retryAfterMs: 1000,
    cause,
  });
});

test.each([
  'Connection terminated',
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
])('the driver\'s "%s" means the database is away', (message) => {
  expect(problemOfPostgres(driverError(message))).toMatchObject({ kind: 'unavailable', message: 'the database is away' });
});

test.each(['40001', '40P01', '55P03'])('%s may succeed when tried again', (code) => {
  expect(problemOfPostgres(driverError('x', code))).toMatchObject({
    kind: 'unavailable',
    message: 'the database asks to try again',
  });
});

test.each([driverError('canceling statement due to statement timeout', '57014'), driverError('Query read timeout')])(
  'a statement that took too long is a timeout (%s)',
  (cause) => {
    expect(problemOfPostgres(cause)).toMatchObject({
      kind: 'timeout',
      message: 'the database took too long and the statement was cancelled',
      cause,
    });
  },
);

test.each([
  driverError('duplicate key', '23505'),
  driverError('syntax error', '42601'),
  driverError('password authentication failed', '28P01'),
  driverError('numeric value out of range', '22003'),
  driverError('something else'),
  new Problem('stale', 'moved on'),
  'no error at all',
  undefined,
])('what the caller has to look at itself passes as it is (%s)', (error) => {
  expect(problemOfPostgres(error)).toBe(error);
});
