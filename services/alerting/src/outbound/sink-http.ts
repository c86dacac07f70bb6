// One POST to a receiver, as its http_config says: who asks, TLS, redirects, a deadline for all of it, and no more of the answer
// than is of use. HTTP/1.1; a receiver that is sent to often keeps its connections.
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import type { HttpConfig } from '../domain/config/http.ts';
import { codeOf, type HttpAnswer, SinkFault } from './sink-answer.ts';
import { headersOf } from './sink-credentials.ts';
import { credentialsOf, masked } from './sink-mask.ts';
import { tlsOptions } from './sink-tls.ts';

export interface SinkHttp {
  /** What the answer says again of credentials is masked. @throws SinkFault if there is no answer */
  post(
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: string,
    timeoutMs: number | undefined,
    how?: PostOptions,
  ): Promise<HttpAnswer>;
  /** Ends idle connections. */
  close(): void;
}

interface PostOptions {
  /** Of the answer; absent: 64 KiB. */
  readonly mostBytes?: number;
  /** It may be said twice when a kept connection broke: the receiver knows it by its Idempotency-Key. Absent: it may. */
  readonly twice?: boolean;
}

/** A Sink answers within ten seconds; the rest is for what comes before and after. */
const longestMs = 9_500;
const mostBodyBytes = 65_536;
const mostRedirects = 10;

interface Attempt {
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string;
  readonly tls: ConnectionOptions;
  readonly signal: AbortSignal;
  readonly mostBytes: number;
  readonly twice: boolean;
}

export function openSinkHttp(config: HttpConfig | undefined): SinkHttp {
  const agents = {
    'http:': new http.Agent({ keepAlive: true, maxSockets: 64 }),
    'https:': new https.Agent({ keepAlive: true, maxSockets: 64 }),
  };
  const once = (url: URL, attempt: Attempt): Promise<HttpAnswer> => {
    const { headers, body, tls, signal, mostBytes, twice } = attempt;
    const secure = url.protocol === 'https:';
    const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
    const options = { method: 'POST', headers: { ...headers, 'content-length': Buffer.byteLength(body) }, signal };
    const request = secure
      ? https.request(url, { ...options, ...tls, agent: agents['https:'] })
      : http.request(url, { ...options, agent: agents['http:'] });
    let answered = false;
    request.once('response', (response) => {
      answered = true;
      void readAnswer(response, mostBytes).then(resolve);
    });
    request.once('error', (error) => {
      if (answered) return;
      // A kept connection that the receiver closed, mostly before it read this; if not, its Idempotency-Key tells.
      if (twice && request.reusedSocket && codeOf(error) === 'ECONNRESET') resolve(once(url, attempt));
      else reject(error);
    });
    request.end(body);
    return promise;
  };
  const follow = async (first: URL, attempt: Attempt): Promise<HttpAnswer> => {
    let url = first;
    let { headers } = attempt;
    for (let hops = 0; ; hops++) {
      const answer = await once(url, { ...attempt, headers });
      const { location } = answer.headers;
      if (!/^30[1-8]$/.test(String(answer.status)) || location === undefined || config?.follow_redirects === false) return answer;
      const next = redirected(url, answer.status, location, hops);
      // Who asks is for the first receiver only.
      if (next.origin !== url.origin) headers = withoutCredentials(headers);
      url = next;
    }
  };
  return {
    async post(url, headers, body, timeoutMs, { mostBytes = mostBodyBytes, twice = true } = {}) {
      const own = await headersOf(config);
      const tls = await tlsOptions(config?.tls_config);
      const limitMs = Math.min(longestMs, timeoutMs === undefined || timeoutMs === 0 ? longestMs : timeoutMs);
      const over = new AbortController();
      const timer = setTimeout(() => over.abort(), limitMs);
      try {
        const sent = { ...own, ...headers };
        const answer = await follow(url, { headers: sent, body, tls, signal: over.signal, mostBytes, twice });
        return { ...answer, body: masked(answer.body, credentialsOf(url, sent)) };
      } catch (error) {
        if (error instanceof SinkFault) throw error;
        if (over.signal.aborted) throw new SinkFault(`no answer within ${limitMs} ms`, false);
        throw requestFault(error);
      } finally {
        clearTimeout(timer);
      }
    },
    close: () => Object.values(agents).forEach((agent) => agent.destroy()),
  };
}

/** Reads a body to its end or its limit; what breaks off is an answer too, its status was said. */
async function readAnswer(response: IncomingMessage, mostBytes: number): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let complete = true;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= mostBytes) break;
    }
  } catch {
    complete = false;
  }
  const body = Buffer.concat(chunks).subarray(0, mostBytes).toString('utf8');
  return { status: response.statusCode ?? 0, headers: response.headers, body, complete };
}

/** Where a redirect leads. Only those that ask for the same POST again are followed: after the others the alerts would be left behind. */
function redirected(from: URL, status: number, location: string, hops: number): URL {
  if (status !== 307 && status !== 308) {
    throw new SinkFault(
      `it was redirected (${status}), which would turn the message into a GET without alerts: set the address that it leads to`,
      true,
    );
  }
  const next = URL.parse(location, from.href);
  if (next === null || !/^https?:$/.test(next.protocol))
    throw new SinkFault(`it was redirected (${status}) to what is no address of the web`, true);
  if (from.protocol === 'https:' && next.protocol === 'http:') {
    throw new SinkFault(`it was redirected (${status}) from https to http, which is not followed`, true);
  }
  if (hops + 1 >= mostRedirects) throw new SinkFault(`it was redirected ${mostRedirects} times`, true);
  return next;
}

/** Also a signature, which names no credential and without which the message would not be believed. */
const kept = ['content-type', 'user-agent', 'idempotency-key', 'webhook-id', 'webhook-timestamp', 'webhook-signature'];

const withoutCredentials = (headers: Attempt['headers']): Attempt['headers'] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => kept.includes(name)));

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was closed before an answer',
  EPIPE: 'the connection was closed before an answer',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up now',
  EHOSTUNREACH: 'it cannot be reached',
  ENETUNREACH: 'it cannot be reached',
  ETIMEDOUT: 'the connection timed out',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself: set tls_config.ca_file',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted: set tls_config.ca_file',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted: set tls_config.ca_file',
  CERT_HAS_EXPIRED: 'its certificate has expired',
};

/** The texts of errors hold names and addresses, so their codes are told; `cause` is for whoever must know how far it came. */
export function requestFault(error: unknown): SinkFault {
  const code = codeOf(error);
  const permanent = /^ERR_(?:INVALID_HTTP_TOKEN|INVALID_CHAR|INVALID_URL|UNESCAPED_CHARACTERS)$/.test(code);
  const what = permanent
    ? 'a header or the address holds a character that is not allowed'
    : (words[code] ?? 'the request failed');
  return new SinkFault(`${what} (${code})`, permanent, { cause: error });
}
