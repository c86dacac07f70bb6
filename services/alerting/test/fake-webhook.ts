// A receiver of webhooks on a real socket: it keeps what it was sent, and answers as it is told to.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * `hang`: no answer. `cut`: the connection breaks when the request was read. `half`: an answer that breaks off within its body.
 * `shut`: our half of the connection is closed in place of an answer.
 */
export type Answer =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  | 'hang'
  | 'cut'
  | 'half'
  | 'shut';

export interface FakeWebhook extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  /** What comes next is answered so, in turn; then as always. */
  next(...answers: Answer[]): void;
}

/** @param always  the answer when none was asked for */
export async function startFakeWebhook(always: (received: Received) => Answer = () => ({ status: 200 })): Promise<FakeWebhook> {
  const received: Received[] = [];
  const asked: Answer[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = '';
    for await (const chunk of request as AsyncIterable<Buffer>) body += chunk.toString();
    const one = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
    received.push(one);
    const answer = asked.shift() ?? always(one);
    if (answer === 'cut') request.socket.destroy();
    else if (answer === 'shut') request.socket.end();
    else if (answer === 'half') {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('o');
      setImmediate(() => request.socket.destroy());
    } else if (answer !== 'hang') response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
  };
  const server = createServer((request, response) => void handle(request, response).catch(() => request.socket.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    next: (...answers) => asked.push(...answers),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
