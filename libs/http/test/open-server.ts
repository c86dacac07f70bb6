// A server on a free port with the routes a test is about.
import { connect } from 'node:net';
import { express, type HttpServer, type HttpServerOptions, openHttpServer, type Router } from '@tmws/http';
import { openLogger, openMetrics } from '@tmws/telemetry';

export interface Opened extends AsyncDisposable {
  readonly server: HttpServer;
  readonly port: number;
  readonly url: string;
  readonly lines: string[];
  /** Sends text over a plain socket; resolves with all that came when the server has closed it. */
  raw(text: string): Promise<string>;
}

export async function openServer(routes: (router: Router, server: HttpServer) => void, more: Partial<HttpServerOptions> = {}) {
  const lines: string[] = [];
  const logger = openLogger('test', 'info', { write: (line: string) => void lines.push(line) });
  const server = openHttpServer({ host: '127.0.0.1', port: 0, logger, metrics: openMetrics(), ...more });
  const router = express.Router();
  routes(router, server);
  server.mount('/', router);
  const port = await server.listen();
  const raw = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(text));
      let got = '';
      socket.setEncoding('utf8').on('data', (chunk: string) => (got += chunk));
      socket.on('close', () => resolve(got)).on('error', reject);
    });
  const opened: Opened = {
    server,
    port,
    url: `http://127.0.0.1:${port}`,
    lines,
    raw,
    [Symbol.asyncDispose]: () => server.close(0),
  };
  return opened;
}
