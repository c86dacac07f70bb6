// Alerting's Alertmanager listener, as far as a proxy sees it.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Heard {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface FakeAlertmanager extends AsyncDisposable {
  readonly address: string;
  /** What it was asked, in order. */
  readonly heard: Heard[];
  /** What it does with a request; at first it answers 200 with `[]`. */
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;
}

export async function openFakeAlertmanager(): Promise<FakeAlertmanager> {
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => fake.heard.push({ method, path: url, headers, body: Buffer.concat(pieces).toString() }));
    void fake.answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeAlertmanager = {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard: [],
    answer: (request, response) => {
      request.resume();
      request.once('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('[]\n'));
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return fake;
}
