// Slack's Web API by its own client over this service's POST: the deadline, TLS and redirects are the sink's, and it never tries again by
// itself, as the ledger does.
import { type FetchFunction, type Logger, LogLevel, WebClient } from '@slack/web-api';
import type { SlackBotConfig } from '../domain/config/more-receivers.ts';
import type { SinkAnswer } from '../ports.ts';
import { codeOf, type HttpAnswer, refusal, retryAfterMs, SinkFault } from './sink-answer.ts';
import { secretText } from './sink-credentials.ts';
import type { SinkHttp } from './sink-http.ts';

export interface SlackMessageFound {
  readonly ts?: string;
  readonly metadata?: { readonly event_type?: string; readonly event_payload?: Readonly<Record<string, unknown>> };
}

export interface SlackSaid {
  readonly channel?: string;
  readonly ts?: string;
  readonly messages?: readonly SlackMessageFound[];
  readonly channels?: readonly { readonly id?: string; readonly name?: string }[];
  readonly response_metadata?: { readonly next_cursor?: string };
}

/** Slack did not do it. */
export class SlackRefusal extends Error {
  override readonly name = 'SlackRefusal';
  readonly answer: Extract<SinkAnswer, { sent: false }>;
  /** Slack's word for it: `channel_not_found`; empty: it said none. */
  readonly word: string;
  /** It certainly was not done. */
  readonly sure: boolean;

  constructor(answer: Extract<SinkAnswer, { sent: false }>, word: string, sure: boolean) {
    super(answer.error);
    this.answer = answer;
    this.word = word;
    this.sure = sure;
  }
}

/** @throws SlackRefusal */
export type SlackApi = (method: string, given: Readonly<Record<string, unknown>>) => Promise<SlackSaid>;

/** A Sink answers within ten seconds, however many calls it makes. */
const wholeMs = 9_000;
const mostAnswerBytes = 4 * 1024 * 1024;
export const slackApiUrl = 'https://slack.com/api/';

/** Words after which it may go well another time. Source: docs.slack.dev, errors of each method. */
const passing =
  /^(?:rate_?limited|internal_error|fatal_error|service_unavailable|request_timeout|team_added_to_org|message_limit_exceeded|external_channel_migrating|http_5\d\d)$/;
/** After these something of it may have been done all the same. */
const halfDone = /^(?:internal_error|fatal_error|service_unavailable|request_timeout)$/;

/** @throws SinkFault if there is no token, or an address that is none */
export async function openSlackApi(config: SlackBotConfig, http: SinkHttp, nowMs: () => number): Promise<SlackApi> {
  const token = await secretText('bot_token_file', config.bot_token, config.bot_token_file);
  if (token === '') throw new SinkFault('bot_token is empty', true);
  const base = config.api_url?.reveal() ?? slackApiUrl;
  if (URL.parse(base) === null) throw new SinkFault('api_url is no address (it is a secret, so it is not shown)', true);
  const untilMs = performance.now() + wholeMs;
  let last: { readonly answer?: HttpAnswer; readonly fault?: unknown } = {};
  const fetch: FetchFunction = async (url, init) => {
    const headers = Object.fromEntries(Object.entries(init?.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
    const body = typeof init?.body === 'string' ? init.body : '';
    const leftMs = Math.min(untilMs - performance.now(), config.timeout ?? wholeMs);
    try {
      if (leftMs < 50) throw new SinkFault('the time for this message is over', false);
      const how = { mostBytes: mostAnswerBytes, twice: false };
      const answer = await http.post(new URL(url), headers, body, Math.ceil(leftMs), how);
      last = { answer };
      return asResponse(answer);
    } catch (error) {
      last = { fault: error };
      throw error;
    }
  };
  const client = new WebClient(token, {
    ...{ slackApiUrl: base, fetch, logger: silent, retryConfig: { retries: 0 } },
    ...{ rejectRateLimitedCalls: true, allowAbsoluteUrls: false },
  });
  return async (method, given) => {
    last = {};
    try {
      return await client.apiCall(method, { ...given });
    } catch (error) {
      throw refusalOf(last, error, nowMs());
    }
  };
}

function refusalOf(
  { fault, answer }: { readonly fault?: unknown; readonly answer?: HttpAnswer },
  error: unknown,
  nowMs: number,
): Error {
  const no = (text: string, permanent: boolean, word = '', sure = permanent): SlackRefusal =>
    new SlackRefusal({ sent: false, permanent, error: text }, word, sure);
  if (fault instanceof SinkFault) return no(`Slack: ${fault.message}`, fault.permanent);
  if (answer === undefined) return no(`Slack: sending failed (${codeOf(fault ?? error)})`, false);
  const word = wordOf(answer);
  if (answer.status !== 200) {
    const told = refusal('Slack', answer, word, nowMs) as SlackRefusal['answer'];
    return new SlackRefusal(told, word || `http_${answer.status}`, answer.status < 500);
  }
  if (!answer.complete) return no('Slack broke off its answer', false);
  if (word === '') return no('Slack answered what is no answer of its Web API', false);
  if (!passing.test(word)) return no(`Slack answered: ${word}`, true, word);
  const waitMs = retryAfterMs(answer.headers['retry-after'], nowMs);
  const told = {
    sent: false,
    permanent: false,
    error: `Slack answered: ${word}`,
    retryAfterMs: waitMs,
    limited: /^rate_?limited$/.test(word),
  } as const;
  return new SlackRefusal(told, word, !halfDone.test(word));
}

/** Other text may hold what is secret. */
function wordOf({ body }: HttpAnswer): string {
  try {
    const { error } = JSON.parse(body) as { error?: unknown };
    return typeof error === 'string' && /^[a-z][\w]{1,59}$/.test(error) ? error : '';
  } catch {
    return '';
  }
}

const asResponse = ({ status, headers, body }: HttpAnswer): Awaited<ReturnType<FetchFunction>> => ({
  ...{ ok: status >= 200 && status < 300, status, statusText: '', url: '' },
  headers: {
    get: (name) => String(headers[name.toLowerCase()] ?? '') || null,
    entries: () =>
      Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])) as never,
  },
  arrayBuffer: () => Promise.resolve(new TextEncoder().encode(body).buffer),
  json: () => Promise.resolve(JSON.parse(body) as unknown),
  text: () => Promise.resolve(body),
});

const nothing = (): void => undefined;
/** What is wrong is said in the sink's answer. */
const silent: Logger = {
  ...{ debug: nothing, info: nothing, warn: nothing, error: nothing, setLevel: nothing, setName: nothing },
  getLevel: () => LogLevel.ERROR,
};
