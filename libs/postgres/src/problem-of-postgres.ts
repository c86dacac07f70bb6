import { Problem } from '@tmws/problems';

// SQLSTATEs that mean "not now" (PostgreSQL documentation, appendix A): classes 08 connection, 53 resources, 57P operator
// intervention; 25P03 is a connection the server closed because its transaction stood idle.
const away = /^(08|53|57P|25P03)/;
const socketErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** A driver's error as a Problem where the caller can act on it; other errors pass as they are. */
export function problemOfPostgres(error: unknown): unknown {
  if (error instanceof Problem) return error;
  if (!Error.isError(error)) return error;
  const { code, message } = error as Error & { code?: string };
  if (code === '57014' || message === 'Query read timeout')
    return new Problem('timeout', 'the database took too long and the statement was cancelled', { cause: error });
  if (code === '40001' || code === '40P01' || code === '55P03') return unavailable('the database asks to try again', error);
  if (code !== undefined && (away.test(code) || socketErrors.has(code))) return unavailable('the database is away', error);
  if (
    code === undefined &&
    /^(Connection terminated|timeout exceeded when trying to connect|Client (has encountered a connection error|was closed))/.test(
      message,
    )
  ) {
    return unavailable('the database is away', error);
  }
  return error;
}

function unavailable(message: string, cause: unknown): Problem {
  return new Problem('unavailable', message, { cause, retryAfterMs: 1000 });
}
