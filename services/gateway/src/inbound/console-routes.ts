import { gzipSync } from 'node:zlib';
import { express, type Response, type Router } from '@tmws/http';
import { Problem } from '@tmws/problems';
import type { Logger } from '@tmws/telemetry';
import type { ConsoleFiles } from '../ports.ts';

/**
 * The console: its page, never cached, and by path what the page loads, cached for ever because the names hold hashes. A person who
 * opens any other path gets the page too, as a 404: it says so, and how to go on. A client that asks for no HTML gets the problem.
 */
export function consoleRoutes(built: Promise<ConsoleFiles>, logger: Logger): Router {
  built.catch((error: unknown) => logger.error({ err: error }, 'the console could not be built'));
  const console = (): Promise<ConsoleFiles> =>
    built.catch((error: unknown) => {
      throw new Problem('unavailable', 'the console could not be built; the log says why', { cause: error });
    });
  const zipped = new Map<string, Buffer>();
  const page = async (response: Response, status = 200): Promise<void> => {
    const { index } = await console();
    response.status(status).set('cache-control', 'no-store').type('text/html; charset=utf-8').send(index);
  };
  const router = express.Router();
  router.get(['/', ...['/executions', '/alerts', '/audit'].flatMap((area) => [area, `${area}/*rest`])], (_request, response) =>
    page(response),
  );
  router.get('/*path', async (request, response, next) => {
    if (request.path.startsWith('/api/')) return next();
    const file = (await console()).files.get(request.path);
    if (file === undefined) return request.accepts(['json', 'html']) === 'html' ? page(response, 404) : next();
    response.set({ 'cache-control': 'public, max-age=31536000, immutable', vary: 'accept-encoding' }).type(file.contentType);
    if (request.acceptsEncodings('gzip') === false) return response.send(file.body);
    const body = zipped.get(request.path) ?? gzipSync(file.body);
    zipped.set(request.path, body);
    response.set('content-encoding', 'gzip').send(body);
  });
  return router;
}
