// Elasticsearch's and OpenSearch's _bulk: a document for each alert, created under an _id that stays, so that it is there once however often it is sent.
import type { ElasticsearchConfig } from '../domain/config/more-receivers.ts';
import { type SiemAlert, siemAlerts } from '../domain/siem/siem-alert.ts';
import type { NotificationDoc, Sink, SinkAnswer, TakenNotification } from '../ports.ts';
import { bulkLines, indexAt, indexFaults, readBulkAnswer } from './elasticsearch-bulk.ts';
import { answering, type HttpAnswer, refusal, retryAfterMs } from './sink-answer.ts';
import { addressOf, secretText } from './sink-credentials.ts';
import type { SinkKind, SinkParts } from './sink-kind.ts';
import { userAgent } from './webhook-sink.ts';

/** So few that what is read of an answer (64 KiB) mostly holds a word on each. */
const mostDocuments = 50;
const mostBytes = 5_000_000;
const wholeMs = 9_300;
const leastMs = 1_000;

/** What is known of each alert, by its place; absent: nothing yet. */
interface Outcomes {
  /** '' = it is there; else why it was refused for good. */
  readonly settled: Record<number, string>;
  /** Why it is to be sent again. */
  readonly again: Map<number, string>;
  retryAfterMs: number | undefined;
}

export function elasticsearchSink(config: ElasticsearchConfig, { http, clock }: SinkParts): Sink {
  return (notification) => answering(() => send(notification));

  async function send(notification: TakenNotification): Promise<SinkAnswer> {
    const startMs = performance.now();
    const alerts = siemAlerts(notification, JSON.parse(notification.doc) as NotificationDoc);
    const lines = alerts.map((alert) => bulkLines(config.index ?? '', alert));
    const { url, headers } = await requestOf(config);
    const outcomes: Outcomes = { settled: settledIn(notification.progress), again: new Map(), retryAfterMs: undefined };
    const open = [...lines.keys()].filter((place) => outcomes.settled[place] === undefined);
    const queue = chunksOf(open, lines);
    for (let chunk = queue.shift(); chunk !== undefined; chunk = queue.shift()) {
      const leftMs = wholeMs - (performance.now() - startMs);
      if (leftMs < leastMs) {
        for (const place of chunk) outcomes.again.set(place, 'there was no time left for it');
        continue;
      }
      const body = chunk.map((place) => lines[place] ?? '').join('');
      const answer = await http.post(url, headers, body, Math.min(leftMs, config.timeout || Infinity));
      if (answer.status !== 200 && answer.status !== 413) {
        const refused = refusal('Elasticsearch', answer, saidIn(answer), clock());
        return refused.sent ? refused : { ...refused, progress: JSON.stringify(outcomes.settled) };
      }
      if (take(answer, chunk, outcomes)) continue;
      const half = Math.ceil(chunk.length / 2);
      queue.unshift(chunk.slice(0, half), chunk.slice(half));
    }
    return answerOf(alerts, outcomes, config.index ?? '');
  }

  /** @returns false if it says nothing of so many: less is to be sent at once */
  function take(answer: HttpAnswer, chunk: readonly number[], outcomes: Outcomes): boolean {
    const { settled, again } = outcomes;
    const items = answer.status === 200 ? readBulkAnswer(answer.body, chunk.length) : undefined;
    if (items === undefined) {
      if (chunk.length > 1) return false;
      const [place = 0] = chunk;
      if (answer.status === 413) settled[place] = '413 it is larger than the server takes';
      else again.set(place, 'what was answered is not what _bulk answers');
      return true;
    }
    outcomes.retryAfterMs = Math.max(outcomes.retryAfterMs ?? 0, retryAfterMs(answer.headers['retry-after'], clock()) ?? 0);
    for (const [at, place] of chunk.entries()) {
      const item = items[at];
      if (item === undefined || item.done) settled[place] = '';
      else if (item.again) again.set(place, item.why);
      else settled[place] = item.why;
    }
    return true;
  }
}

/** Those that are to be sent again come first: dead is said once nothing is left to try. */
function answerOf(alerts: readonly SiemAlert[], { settled, again, retryAfterMs }: Outcomes, index: string): SinkAnswer {
  const progress = JSON.stringify(settled);
  const of = `of ${alerts.length} alerts`;
  const named = (entries: Iterable<readonly [number, string]>): string =>
    [...entries].slice(0, 3).map(([place, why]) => `${alerts[place]?.fingerprint ?? ''}: ${why}`).join('; '); // prettier-ignore
  if (again.size > 0) {
    const error = `Elasticsearch could not take ${again.size} ${of} yet: ${named(again)}`;
    return { sent: false, permanent: false, error, retryAfterMs, progress };
  }
  const refused = Object.entries(settled).flatMap(([place, why]) => (why === '' ? [] : [[Number(place), why] as const]));
  if (refused.length === 0) return { sent: true, receipt: receiptOf(alerts, index) };
  const error = `Elasticsearch refused ${refused.length} ${of}, the others are there: ${named(refused)}`;
  return { sent: false, permanent: true, error, progress };
}

function receiptOf(alerts: readonly SiemAlert[], index: string): string {
  const ids = alerts.slice(0, 3).map(({ id }) => id);
  const where = alerts[0] === undefined ? '' : ` in ${indexAt(index, alerts[0].atMs)}`;
  return `${alerts.length} created${where}${ids.length === 0 ? '' : `: ${ids.join(', ')}${alerts.length > 3 ? ', …' : ''}`}`;
}

function chunksOf(places: readonly number[], lines: readonly string[]): number[][] {
  const chunks: number[][] = [];
  let bytes = Infinity;
  for (const place of places) {
    const size = Buffer.byteLength(lines[place] ?? '');
    const last = chunks.at(-1);
    if (last === undefined || last.length >= mostDocuments || bytes + size > mostBytes) {
      chunks.push([place]);
      bytes = size;
    } else {
      last.push(place);
      bytes += size;
    }
  }
  return chunks;
}

function settledIn(progress: string): Record<number, string> {
  try {
    return { ...(JSON.parse(progress || '{}') as Record<number, string>) };
  } catch {
    return {};
  }
}

async function requestOf(config: ElasticsearchConfig): Promise<{ url: URL; headers: Record<string, string> }> {
  const url = await addressOf(config.url_file === undefined ? 'url' : 'url_file', config.url, config.url_file);
  url.pathname = `${url.pathname.replace(/\/_bulk\/?$|\/$/, '')}/_bulk`;
  if (config.pipeline !== undefined) url.searchParams.set('pipeline', config.pipeline);
  const key = await secretText('api_key_file', config.api_key, config.api_key_file);
  // The key as Elasticsearch gives it out is base64; id and key with a colon between are what it stands for.
  const encoded = key.includes(':') ? Buffer.from(key).toString('base64') : key;
  return {
    url,
    headers: {
      'content-type': 'application/x-ndjson',
      'user-agent': userAgent,
      ...(encoded !== '' && { authorization: `ApiKey ${encoded}` }),
    },
  };
}

/** The error that an answer names, which may be JSON. */
function saidIn({ body }: HttpAnswer): string {
  try {
    const { error } = JSON.parse(body) as { error?: { type?: unknown; reason?: unknown } | string };
    const words = typeof error === 'object' ? [error.type, error.reason] : [error];
    return words.filter((word) => typeof word === 'string').join(': ').replace(/[^ -~]/g, ' ').slice(0, 200); // prettier-ignore
  } catch {
    return '';
  }
}

export const elasticsearchKind: SinkKind<ElasticsearchConfig> = {
  sendResolved: true,
  keepsRecords: true,
  guarantee: 'exactly_once',
  sink: elasticsearchSink,
  check: ({ index = '', api_key: key, api_key_file: file, http_config: http }) => {
    const twice = (key ?? file) !== undefined && (http?.basic_auth ?? http?.authorization ?? http?.bearer_token) !== undefined;
    return [...indexFaults(index), ...(twice ? ['api_key and what http_config says of who asks cannot both be set'] : [])];
  },
};
