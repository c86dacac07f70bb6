import { LogProblem } from '@tmws/log';
import { type Logger } from '@tmws/telemetry';

const quietMs = 10_000;

/** Writes errors that clients were answered with to our log: what it is the client's to mend not at all, the rest once in a while. */
export function complaints(logger: Logger, nowMs: () => number): (what: string, error: unknown) => void {
  const saidAtMs = new Map<string, number>();
  return (what, error) => {
    const reason = error instanceof LogProblem ? error.reason : 'unknown';
    if (error instanceof LogProblem && !['internal', 'unavailable'].includes(error.kind)) return;
    const kind = `${what}: ${reason}`;
    const now = nowMs();
    if (now - (saidAtMs.get(kind) ?? Number.NEGATIVE_INFINITY) < quietMs) return;
    saidAtMs.set(kind, now);
    logger.error({ err: error, reason }, `could not ${what}: ${Error.isError(error) ? error.message : String(error)}`);
  };
}
