// The two requests to Splunk's HTTP Event Collector, and what its answers mean. Source: Splunk's "HTTP Event Collector REST API endpoints" and
// "Possible error codes".
import type { SplunkHecConfig } from '../domain/config/more-receivers.ts';
import type { SinkAnswer } from '../ports.ts';
import { codeOf, type HttpAnswer, refusal, SinkFault } from './sink-answer.ts';
import { addressOf, secretText } from './sink-credentials.ts';
import type { SinkHttp } from './sink-http.ts';
import { userAgent } from './webhook-sink.ts';

type Refused = SinkAnswer & { sent: false };

/** Of a post: taken, with its ackId if Splunk gives one; or not. `unsure`: it may have been taken all the same. */
export type Posted = { readonly ack: number | undefined } | { readonly refused: Refused; readonly unsure: boolean };
export type Polled = { readonly indexed: ReadonlySet<number>; readonly said: string } | { readonly refused: Refused };

export interface HecRequests {
  post(body: string, timeoutMs: number): Promise<Posted>;
  /** Which of these ackIds are indexed. Splunk says no of those it does not know, and forgets one once it said yes. */
  poll(acks: Iterable<number>, timeoutMs: number): Promise<Polled>;
}

/** @param channel  '' = none, so without ackIds @throws SinkFault if the address or the token cannot be had */
export async function hecRequests(
  config: SplunkHecConfig,
  http: SinkHttp,
  channel: string,
  nowMs: () => number,
): Promise<HecRequests> {
  const url = await addressOf(config.url_file === undefined ? 'url' : 'url_file', config.url, config.url_file);
  const token = await secretText('token_file', config.token, config.token_file);
  const base = url.pathname.replace(/\/services\/collector(?:\/.*)?$/, '').replace(/\/$/, '');
  const at = (path: string): URL => {
    const to = new URL(url);
    to.pathname = `${base}/services/collector/${path}`;
    return to;
  };
  const ackUrl = at('ack');
  ackUrl.searchParams.set('channel', channel);
  const headers = {
    'content-type': 'application/json',
    'user-agent': userAgent,
    authorization: `Splunk ${token}`,
    // A connection that is kept may be closed by Splunk while the next request is on its way; that one would be sent twice.
    connection: 'close',
    ...(channel !== '' && { 'x-splunk-request-channel': channel }),
  };
  const send = (to: URL, body: string, leftMs: number): Promise<HttpAnswer> =>
    http.post(to, headers, body, Math.max(1, Math.min(leftMs, config.timeout || Infinity)));
  return {
    async post(body, leftMs) {
      let answer: HttpAnswer;
      try {
        answer = await send(at('event'), body, leftMs);
      } catch (error) {
        if (!(error instanceof SinkFault)) throw error;
        return { refused: { sent: false, error: error.message, permanent: error.permanent }, unsure: !neverLeft(error) };
      }
      const { text, code, ackId } = read(answer.body);
      if (answer.status === 200 && code === 0) return { ack: Number.isSafeInteger(ackId) ? ackId : undefined };
      return { refused: refused('Splunk', answer, text, code), unsure: [200, 408, 502, 504].includes(answer.status) };
    },
    async poll(acks, leftMs) {
      let answer: HttpAnswer;
      try {
        answer = await send(ackUrl, JSON.stringify({ acks: [...acks] }), leftMs);
      } catch (error) {
        if (!(error instanceof SinkFault)) throw error;
        return { refused: { sent: false, error: `asked for acknowledgement: ${error.message}`, permanent: error.permanent } };
      }
      const { text, code, acks: said } = read(answer.body);
      // 11: it does not know the channel, 14: acknowledgement is off. Nothing of it was indexed under this channel then.
      if (answer.status === 400) return { indexed: new Set(), said: wordsOf(text, code) };
      if (answer.status !== 200) return { refused: refused('Splunk, asked for acknowledgement,', answer, text, code) };
      const yes = Object.entries(said ?? {}).filter(([, indexed]) => indexed === true);
      return { indexed: new Set(yes.map(([ack]) => Number(ack))), said: '' };
    },
  };

  function refused(who: string, answer: HttpAnswer, text: string, code: number | undefined): Refused {
    // A success that does not say so is somebody else's, or broke off.
    if (answer.status < 300) return { sent: false, permanent: false, error: `${who} answered what a collector does not answer` };
    const said = refusal(who, answer, wordsOf(text, code), nowMs()) as Refused;
    // 8: internal error, 9: server is busy.
    return code === 8 || code === 9 ? { ...said, permanent: false } : said;
  }
}

interface HecAnswer {
  readonly text: string;
  readonly code?: number;
  readonly ackId?: number;
  readonly acks?: Readonly<Record<string, unknown>>;
}

function read(body: string): HecAnswer {
  try {
    const answer = JSON.parse(body) as Partial<HecAnswer> | null;
    return { ...answer, text: typeof answer?.text === 'string' ? answer.text : '' };
  } catch {
    return { text: '' };
  }
}

const wordsOf = (text: string, code: number | undefined): string =>
  [text.replace(/[^ -~]/g, ' ').slice(0, 200), ...(code === undefined ? [] : [`(code ${code})`])].join(' ').trim();

/** Whether nothing can have reached it: there was no connection, or no request. */
const neverLeft = ({ permanent, cause }: SinkFault): boolean =>
  permanent || /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|.*CERT.*|.*SIGNATURE.*)$/.test(codeOf(cause));
