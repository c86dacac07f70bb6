// What both doors do with a request, whatever it came by: read, map, put on the log, then answer.
import type { EventBus, OutgoingRecord } from '@tmws/events';
import { Problem } from '@tmws/problems';
import type { Logger, Metrics } from '@tmws/telemetry';
import { type Admission, type Admitted, openAdmission } from './admission.ts';
import { readLogs, readLogsJson } from './read-logs.ts';
import { readMetrics, readMetricsJson } from './read-metrics.ts';
import { readSpansJson } from './read-spans-json.ts';
import { readSpans } from './read-spans.ts';
import type { Outcome } from './refusals.ts';
import type { Sender } from './sender.ts';
import { takeLogs } from './take-logs.ts';
import { takeSpans } from './take-spans.ts';

export type Signal = 'traces' | 'logs' | 'metrics';
export type Encoding = 'protobuf' | 'json';

export interface Receiver {
  /** Asked for room before a body is read. @throws Problem `unavailable` */
  enter(): Admitted;
  /**
   * Takes a request; when it answers, all that was accepted is on the log.
   *
   * @param room  is left when nothing of the request is in memory any more
   * @throws Problem `invalid` for what cannot be decoded, `unavailable` when the log does not take it now
   */
  take(signal: Signal, encoding: Encoding, bytes: Buffer, sender: Sender, room: Admitted): Promise<Outcome>;
  readonly logger: Logger;
}

interface ReceiverOptions {
  readonly publish: EventBus['publish'];
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly answerWithinMs?: number;
  readonly admission?: Admission;
}

const maxBytes = 64 * 1024 * 1024;
const maxRequests = 1000;
// An exporter gives a request up after 10 s, a collector after 5.
const defaultAnswerWithinMs = 4500;

export function openReceiver(options: ReceiverOptions): Receiver {
  const { publish, metrics, logger, answerWithinMs = defaultAnswerWithinMs } = options;
  const admission = options.admission ?? openAdmission(maxBytes, maxRequests);
  const received = metrics.counter('tmws_otlp_items_total', 'spans, log records and metrics received', ['signal', 'outcome']);

  return {
    enter: admission.enter,
    logger,
    async take(signal, encoding, bytes, sender, room) {
      let published: Promise<void> | undefined;
      try {
        const { records, outcome } = await read(signal, encoding, bytes, sender);
        await sender.bounds?.told();
        published = publish(records);
        await inTime(published, answerWithinMs);
        received.inc({ signal, outcome: 'accepted' }, outcome.accepted);
        if (outcome.rejected > 0) received.inc({ signal, outcome: 'rejected' }, outcome.rejected);
        return outcome;
      } catch (error) {
        throw forSender(error);
      } finally {
        // What was answered too late is still in memory.
        void (published ?? Promise.resolve()).catch(() => undefined).then(room.leave);
      }
    },
  };
}

async function read(
  signal: Signal,
  encoding: Encoding,
  bytes: Buffer,
  sender: Sender,
): Promise<{ records: readonly OutgoingRecord[]; outcome: Outcome }> {
  const json = encoding === 'json';
  if (signal === 'traces') return await takeSpans(json ? readSpansJson(bytes) : readSpans(bytes), sender);
  if (signal === 'logs') return takeLogs(json ? readLogsJson(bytes) : readLogs(bytes), sender);
  const accepted = json ? readMetricsJson(bytes) : readMetrics(bytes);
  return { records: [], outcome: { accepted, rejected: 0, message: '' } };
}

async function inTime(work: Promise<void>, ms: number): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Problem('unavailable', 'the log did not take it in time; send it again', { retryAfterMs: 1000 })),
    ms,
  );
  try {
    await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Too much at once is said as `unavailable`: of all codes that ask for another try the one every exporter knows. */
function forSender(error: unknown): Problem {
  const problem = Problem.from(error);
  if (problem.kind !== 'limited' && problem.kind !== 'unavailable' && problem.kind !== 'timeout') return problem;
  return new Problem('unavailable', problem.message, { retryAfterMs: problem.retryAfterMs ?? 1000, cause: error });
}
