import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly line: string;
  readonly namespace: string | undefined;
  readonly authorization?: string;
  readonly contentType: string | undefined;
  readonly body: string;
}

type Answer = (url: URL, body: string, response: ServerResponse) => unknown;

/** A server that gives canned answers, by `METHOD /path`, and keeps what it was asked. What a handler returns is sent as JSON. */
export async function openFakeGateway(answers: Record<string, Answer>) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const url = new URL(request.url ?? '/', 'http://fake');
    const { 'x-tmws-namespace': namespace, 'content-type': contentType, authorization } = request.headers;
    asked.push({
      line: `${request.method ?? ''} ${request.url ?? ''}`,
      namespace: namespace?.toString(),
      contentType,
      body,
      ...(authorization !== undefined && { authorization }),
    });
    const handler = answers[`${request.method ?? ''} ${url.pathname}`];
    if (handler === undefined) return problem(response, 404, 'not_found', `there is no ${url.pathname}`);
    const given = handler(url, body, response);
    if (given === undefined || response.headersSent) return;
    response.setHeader('content-type', 'application/json').end(JSON.stringify(given));
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function problem(response: ServerResponse, status: number, kind: string, detail: string): undefined {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ type: `urn:tmws:problem:${kind}`, title: kind, status, detail, kind }));
}
