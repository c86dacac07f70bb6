import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Problem } from '@tmws/problems';
import type { Logger, Metrics } from '@tmws/telemetry';
import express, { type Express, type Router } from 'express';
import { answerProblems, notFound } from './answer-problem.ts';
import { answerClientError } from './client-error.ts';
import { identify, observe, refuseForeignSites, secure } from './middleware.ts';

export interface HttpServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Connections at once; more are turned away. */
  readonly maxConnections?: number;
  /** How long a client may take for its request, ms. */
  readonly requestTimeoutMs?: number;
  /** How long a connection may stand still while an answer is sent, ms: a reader that stopped reading is cut off. */
  readonly stallTimeoutMs?: number;
  /** Whether it may be asked by any name, not only by those of loopback: once sign-in keeps others out. */
  readonly anyName?: boolean;
  /** Proxies in front of it: so many entries of `X-Forwarded-For` are believed, from the right. */
  readonly proxyHops?: number;
}

/** One listener of a process, with the house's manners: request ids, problems, limits, no other sites. */
export interface HttpServer {
  mount(path: string, router: Router): void;
  /** @returns the port taken. @throws Problem `precondition` if the port is in use */
  listen(): Promise<number>;
  /** From now on every answer ends its connection, so that clients that keep theirs open go elsewhere; it still serves. */
  leave(): void;
  /** Stops listening, lets requests finish for `graceMs`, then cuts them off. */
  close(graceMs?: number): Promise<void>;
  /** Aborted when the server closes: streams end by it. */
  readonly closing: AbortSignal;
}

/** Makes the server; nothing listens until `listen`. */
export function openHttpServer(options: HttpServerOptions): HttpServer {
  const { host, port, logger, metrics, maxConnections = 2000, requestTimeoutMs = 30_000, stallTimeoutMs = 120_000 } = options;
  const closing = new AbortController();
  const state = { leaving: false };
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('trust proxy', options.proxyHops ?? 0);
  app.use(identify, secure, observe(metrics), refuseForeignSites(options.anyName === true));

  const server = createServer(
    {
      requestTimeout: requestTimeoutMs,
      headersTimeout: Math.min(10_000, requestTimeoutMs),
      connectionsCheckingInterval: Math.min(2000, requestTimeoutMs),
      keepAliveTimeout: 5000,
      maxHeaderSize: 16 * 1024,
      ...bornAs(app, () => state.leaving),
    },
    app,
  );
  server.setTimeout(stallTimeoutMs);
  server.on('clientError', answerClientError);
  server.maxConnections = maxConnections;
  return {
    closing: closing.signal,
    mount: (path, router) => void app.use(path, router),
    listen() {
      app.use(notFound, answerProblems(logger));
      return new Promise((resolve, reject) => {
        server.once('error', (error: NodeJS.ErrnoException) => {
          const why = error.code === 'EADDRINUSE' ? 'the port is in use by another process' : error.message;
          reject(new Problem('precondition', `HTTP cannot listen on ${host}:${port}: ${why}`, { cause: error }));
        });
        server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
      });
    },
    leave: () => void (state.leaving = true),
    async close(graceMs = 3000) {
      state.leaving = true;
      closing.abort();
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const cutOff = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(cutOff);
    },
  };
}

/** Requests and answers made with express's methods from the start: changing the prototype of each later makes all that touches it slow. */
function bornAs(app: Pick<Express, 'request' | 'response'>, leaving: () => boolean) {
  function Request(socket: Socket): IncomingMessage {
    return Reflect.construct(IncomingMessage, [socket], Request) as IncomingMessage;
  }
  function Response(request: IncomingMessage, options?: object): ServerResponse {
    return Reflect.construct(ServerResponse, [request, options], Response) as ServerResponse;
  }
  Request.prototype = app.request;
  Response.prototype = app.response;
  // Every answer comes by here when its head is written, also one that began before.
  app.response.writeHead = function (this: ServerResponse, ...head: unknown[]) {
    if (leaving()) this.shouldKeepAlive = false;
    return Reflect.apply(ServerResponse.prototype.writeHead, this, head) as ServerResponse;
  } as ServerResponse['writeHead'] as typeof app.response.writeHead;
  return {
    IncomingMessage: Request as unknown as typeof IncomingMessage,
    ServerResponse: Response as unknown as typeof ServerResponse,
  };
}
