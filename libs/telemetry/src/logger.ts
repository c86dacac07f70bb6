import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** Keys whose values never reach a log line, three levels deep. */
const secretKeys = ['password', 'passwd', 'secret', 'token', 'authorization', 'cookie', 'apiKey', 'api_key', 'connectionString'];
const redactedPaths = secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

/**
 * A JSON logger, one line an event, on standard error.
 *
 * @param service  name on every line
 * @param level    lines below it are not written
 * @param destination  where lines go; standard error if absent
 */
export function openLogger(service: string, level: LogLevel, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: { service },
      redact: { paths: redactedPaths, censor: '[redacted]' },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    destination ?? pino.destination({ fd: 2, sync: true }),
  );
}
