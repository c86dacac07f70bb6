// Splunk's HTTP Event Collector on a real socket, as its documentation has it: what breaks its rules is kept as a violation, and ends the test with an error.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const hecToken = '11111111-2222-3333-4444-555555555555';
const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
const mostBytes = 1_000_000;

export interface HecEvent {
  readonly time: number;
  readonly host: string;
  readonly source: string;
  readonly sourcetype: string;
  readonly index?: string;
  readonly event: Readonly<Record<string, unknown>>;
  readonly fields: Readonly<Record<string, string>>;
}

/** What happens to a request in place of the usual. `lost`: it is taken, and the connection breaks before the answer. `cut`: it breaks before that. */
export type HecFault =
  'lost' | 'cut' | 'hang' | { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> };

export interface FakeSplunk extends AsyncDisposable {
  readonly url: string;
  readonly indexed: HecEvent[];
  /** `post` and `ack` in the order they came, with the ackIds. */
  readonly requests: string[];
  /** Ids that are indexed more than once. */
  doubles(): string[];
  nextPost(...faults: (HecFault | undefined)[]): void;
  nextAsk(...faults: (HecFault | undefined)[]): void;
  /** From then on questions are answered `true`; until then, when `acknowledging` was false, not. */
  acknowledge(): void;
  /** Channels and ackIds are forgotten, and counted from 0 again. What is indexed stays. */
  restart(): void;
}

/** @param ackIds  false: a token without acknowledgement, as in Splunk Cloud */
export async function startFakeSplunk({ acknowledging = true, ackIds = true } = {}): Promise<FakeSplunk> {
  const indexed: HecEvent[] = [];
  const violations: string[] = [];
  const requests: string[] = [];
  const posts: (HecFault | undefined)[] = [];
  const asks: (HecFault | undefined)[] = [];
  const channels = new Map<string, { next: number; readonly open: Set<number> }>();
  let saysYes = acknowledging;

  const post = (request: IncomingMessage, body: string): { status: number; body: unknown } => {
    const channel = String(request.headers['x-splunk-request-channel'] ?? '');
    if (ackIds && channel === '') return { status: 400, body: { text: 'Data channel is missing', code: 10 } };
    if (channel !== '' && !uuid.test(channel)) return { status: 400, body: { text: 'Invalid data channel', code: 11 } };
    if (Buffer.byteLength(body) > mostBytes) return { status: 413, body: { text: 'Content-Length of body too large', code: 27 } };
    const events = eventsIn(body, violations);
    if (events === undefined || events.length === 0) return { status: 400, body: { text: 'Invalid data format', code: 6 } };
    indexed.push(...events);
    if (!ackIds) return { status: 200, body: { text: 'Success', code: 0 } };
    const of = channels.get(channel) ?? { next: 0, open: new Set() };
    channels.set(channel, of);
    const ackId = of.next++;
    of.open.add(ackId);
    return { status: 200, body: { text: 'Success', code: 0, ackId } };
  };
  const ask = (url: URL, body: string): { status: number; body: unknown } => {
    if (!ackIds) return { status: 400, body: { text: 'ACK is disabled', code: 14 } };
    const { acks } = JSON.parse(body) as { acks: number[] };
    if (!Array.isArray(acks) || acks.length === 0 || !acks.every(Number.isSafeInteger)) violations.push(`acks: ${body}`);
    const of = channels.get(url.searchParams.get('channel') ?? '');
    // It says yes once, and forgets.
    return {
      status: 200,
      body: { acks: Object.fromEntries(acks.map((ack) => [ack, saysYes && of?.open.delete(ack) === true])) },
    };
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const url = new URL(request.url ?? '/', 'http://splunk');
    const isPost = url.pathname === '/services/collector/event';
    const { authorization } = request.headers;
    let answer: { status: number; body: unknown } = { status: 404, body: { text: 'The requested URL was not found', code: 404 } };
    if (request.method !== 'POST') violations.push(`${request.method ?? ''} ${url.pathname}`);
    const fault = isPost ? posts.shift() : asks.shift();
    if (fault === 'cut') return void request.socket.destroy();
    if (typeof fault === 'object') {
      requests.push(`${isPost ? 'post' : 'ask'} ${fault.status}`);
      response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers }).end(fault.body ?? '');
      return;
    }
    if (authorization !== `Splunk ${hecToken}`) answer = { status: 403, body: { text: 'Invalid token', code: 4 } };
    else if (isPost) answer = post(request, body);
    else if (url.pathname === '/services/collector/ack') answer = ask(url, body);
    else violations.push(`there is no ${url.pathname}`);
    requests.push(isPost ? `post ${answer.status}` : `ask ${body}`);
    if (fault === 'lost') return void request.socket.destroy();
    if (fault === 'hang') return;
    response.writeHead(answer.status, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(answer.body));
  };
  const server = createServer((request, response) => void handle(request, response).catch(() => request.socket.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    indexed,
    requests,
    doubles: () => indexed.map(({ fields }) => fields.tmws_id ?? '').filter((id, index, all) => all.indexOf(id) !== index),
    nextPost: (...faults) => posts.push(...faults),
    nextAsk: (...faults) => asks.push(...faults),
    acknowledge: () => (saysYes = true),
    restart: () => channels.clear(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      if (violations.length > 0) throw new Error(`Splunk would not have taken: ${violations.join('; ')}`);
    },
  };
}

const keys = ['time', 'host', 'source', 'sourcetype', 'index', 'event', 'fields'];

/** Objects one after the other, with nothing between; undefined if it is anything else. */
function eventsIn(body: string, violations: string[]): HecEvent[] | undefined {
  const events: HecEvent[] = [];
  for (let rest = body; rest !== '';) {
    const end = endOfObject(rest);
    let event: HecEvent;
    try {
      event = JSON.parse(rest.slice(0, end)) as HecEvent;
    } catch {
      violations.push(`not JSON objects one after the other: ${rest.slice(0, 60)}`);
      return undefined;
    }
    const { time, event: of, fields } = event;
    const unknown = Object.keys(event).filter((key) => !keys.includes(key));
    if (unknown.length > 0) violations.push(`unknown keys ${unknown.join()}`);
    if (typeof time !== 'number' || time < 1e9 || time > 1e10 || !/^\d+(?:\.\d{1,3})?$/.test(String(time)))
      violations.push(`time ${String(time)}`);
    if (typeof of !== 'object' || Object.keys(of).length === 0) violations.push('event field is blank');
    if (!Object.values(fields).every((value) => typeof value === 'string')) violations.push('fields are not flat');
    events.push(event);
    rest = rest.slice(end);
  }
  return events;
}

function endOfObject(text: string): number {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const each = text[at];
    if (quoted) {
      if (each === '\\') at++;
      else if (each === '"') quoted = false;
    } else if (each === '"') quoted = true;
    else if (each === '{') depth++;
    else if (each === '}' && --depth === 0) return at + 1;
  }
  return text.length;
}
