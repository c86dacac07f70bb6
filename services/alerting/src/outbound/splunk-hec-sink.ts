// Splunk's HTTP Event Collector with indexer acknowledgement: a notification is sent once indexers say that they have it.
//
//   post → ackId → asked until Splunk says true        → sent
//                  not within this attempt             → waiting; the next attempt asks first
//                  not within ack_timeout              → posted again
//   answer lost, or killed before one was written down → the channel is asked before anything is posted again: its ackIds count from 0
import { setTimeout as sleep } from 'node:timers/promises';
import type { SplunkHecConfig } from '../domain/config/more-receivers.ts';
import type { Sink, SinkAnswer, TakenNotification } from '../ports.ts';
import { answering } from './sink-answer.ts';
import type { SinkKind, SinkParts } from './sink-kind.ts';
import { hecBodies } from './splunk-hec-events.ts';
import {
  acksToAsk,
  allDone,
  formatProgress,
  type HecProgress,
  progressOf,
  settled,
  toPost,
  withIndexed,
  withPosted,
} from './splunk-hec-progress.ts';
import { hecRequests } from './splunk-hec-requests.ts';

/** How long an attempt asks, and how long it is asked whether a request whose answer was lost is indexed. */
export interface HecPace {
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  readonly holdMs: number;
  readonly doubtMs: number;
}

const usualPace: HecPace = { firstPauseMs: 100, longestPauseMs: 500, holdMs: 2000, doubtMs: 30_000 };
const wholeMs = 9_300;
const leastPostMs = 1_000;
const againMs = 1_000;
const defaultAckTimeoutMs = 120_000;

/** Without acknowledgement (`ack: false`, or a token that gives none) 200 is all that is known, and a lost answer means a second copy. */
export function splunkHecSink(config: SplunkHecConfig, { http, clock, atLeastOnce }: SinkParts, pace: HecPace = usualPace): Sink {
  const { ack = true, ack_timeout: ackTimeoutMs = defaultAckTimeoutMs } = config;
  const doubtForMs = Math.min(ackTimeoutMs, pace.doubtMs);

  return (notification) => answering(() => send(notification));

  async function send(notification: TakenNotification): Promise<SinkAnswer> {
    const { id, attempts } = notification;
    const startMs = performance.now();
    const leftMs = (): number => wholeMs - (performance.now() - startMs);
    const bodies = hecBodies(config, notification);
    const requests = await hecRequests(config, http, ack ? id : '', clock);
    let progress = progressOf(notification.progress, attempts, bodies.length, clock());
    if (!ack) progress = settled(progress);
    const notSent = (answer: SinkAnswer & { sent: false }): SinkAnswer => ({ ...answer, progress: formatProgress(progress) });
    let pauseMs = pace.firstPauseMs;
    for (;;) {
      let said = '';
      const asked = acksToAsk(progress, ackTimeoutMs, clock());
      if (asked.size > 0) {
        const polled = await requests.poll(asked.keys(), leftMs());
        if ('refused' in polled) return notSent(polled.refused);
        said = polled.said;
        progress = withIndexed(
          progress,
          [...asked].filter(([one]) => polled.indexed.has(one)).map(([one, body]) => [body, one]),
        );
      }
      if (allDone(progress)) return { sent: true, receipt: receiptOf(progress, id) };
      const { doubt } = progress;
      if (doubt !== undefined && clock() - doubt.sinceMs >= doubtForMs) progress = settled(progress);
      const open = progress.doubt === undefined && leftMs() > leastPostMs ? toPost(progress, ackTimeoutMs, clock()) : [];
      for (const index of open) {
        if (leftMs() <= leastPostMs) break;
        const posted = await requests.post(bodies[index] ?? '', leftMs());
        if ('refused' in posted) {
          if (ack && posted.unsure) progress = { ...progress, doubt: { sinceMs: clock(), body: index } };
          return notSent(posted.refused);
        }
        if (ack && posted.ack === undefined) atLeastOnce?.();
        progress = withPosted(progress, index, ack ? posted.ack : undefined, clock());
      }
      if (open.length > 0) continue;
      if (performance.now() - startMs + pauseMs > pace.holdMs) {
        const error = [waitingFor(progress), said].filter(Boolean).join(': ');
        return notSent({ sent: false, permanent: false, waiting: true, retryAfterMs: againMs, error });
      }
      await sleep(pauseMs);
      pauseMs = Math.min(pauseMs * 2, pace.longestPauseMs);
    }
  }
}

const leastAckTimeoutMs = 10_000;

export const splunkHecKind: SinkKind<SplunkHecConfig> = {
  sendResolved: true,
  keepsRecords: true,
  guarantee: ({ ack = true }) => (ack ? 'exactly_once' : 'at_least_once'),
  sink: splunkHecSink,
  check: ({ ack_timeout: ms }) =>
    ms === undefined || ms >= leastAckTimeoutMs
      ? []
      : ['ack_timeout must be at least 10s: indexers take seconds, and what is posted again is a second copy'],
};

function waitingFor({ bodies, doubt }: HecProgress): string {
  const open = bodies.filter(({ done }) => done === undefined);
  if (doubt !== undefined) return 'its answer was lost, and Splunk does not say yet whether it indexed it';
  const acks = open.flatMap(({ acks }) => acks.slice(-1)).slice(0, 5);
  const which = acks.length === 0 ? '' : ` (ackId ${acks.join(', ')})`;
  return `Splunk took it and has not acknowledged ${open.length} of ${bodies.length} requests yet${which}`;
}

function receiptOf({ bodies }: HecProgress, channel: string): string {
  const acks = bodies.flatMap(({ done }) => (done === undefined || done < 0 ? [] : [done]));
  if (bodies.length === 0) return 'there was nothing to send';
  if (acks.length === 0) return '200, without acknowledgement';
  const shown = acks.slice(0, 20).join(',');
  return `ackId ${shown}${acks.length > 20 ? ',…' : ''} channel ${channel}`;
}
