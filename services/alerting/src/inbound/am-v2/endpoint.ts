// Paths and their methods, refused in the order of Alertmanager's router: 404 path, 405 method, 401/403 who, 415 what is sent, 406 what
// is wanted.
import { express, type Request, type Response, type Router } from '@tmws/http';
import type { Logger } from '@tmws/telemetry';
import { answerRefusal, refused } from './refusal.ts';

export type Handler = (request: Request, response: Response) => Promise<void> | void;

export interface Endpoint {
  readonly path: string;
  readonly methods: Readonly<Partial<Record<'GET' | 'POST' | 'DELETE', Handler>>>;
}

/** Whether a request may come in. Throws Problem. */
export type Admit = (
  request: Request,
  response: Response,
  needs: { readonly scope: 'read' | 'write' | 'operate'; readonly act?: string | undefined },
) => Promise<void>;

/** A router of these paths; what it does not know it refuses. */
export function endpoints(all: readonly Endpoint[], logger: Logger): Router {
  const router = express.Router();
  for (const { path, methods } of all) {
    router.all(path, async (request, response) => {
      try {
        const handler = methods[request.method as keyof typeof methods];
        if (handler === undefined || !Object.hasOwn(methods, request.method)) {
          const allowed = Object.keys(methods).join(',');
          throw refused(405, `method ${request.method} is not allowed, but [${allowed}] are`, { allow: allowed });
        }
        await handler(request, response);
      } catch (error) {
        answerRefusal(error, request, response, logger);
      }
    });
  }
  router.use((request, response) => {
    answerRefusal(refused(404, `path ${request.originalUrl.replace(/\?.*$/s, '')} was not found`), request, response, logger);
  });
  return router;
}

const json = 'application/json';

/** @throws Refusal unless JSON is sent, if anything is, and taken as an answer */
export function negotiate(request: Request): void {
  const hasBody = request.get('transfer-encoding') !== undefined || Number(request.get('content-length') ?? 0) > 0;
  const type = request.get('content-type') ?? 'application/octet-stream';
  if (hasBody && request.method === 'POST' && type.split(';')[0]?.trim().toLowerCase() !== json) {
    throw refused(415, `unsupported media type ${JSON.stringify(type.slice(0, 100))}, only [${json}] are allowed`);
  }
  const wanted = request.headers.accept ?? '*/*';
  if (wanted !== '*/*' && wanted !== json && request.accepts(json) === false) {
    throw refused(406, `unsupported media type requested, only [${json}] are available`);
  }
}
