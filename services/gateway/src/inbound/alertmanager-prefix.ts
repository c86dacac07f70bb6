// `/alertmanager`: alerting's Alertmanager door for those who have this address only. Who comes is asked here, by the scopes alerting asks
// for on its own port; then everything passes as it is, in both directions, piece by piece.
import type { OutgoingHttpHeaders } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Scope } from '@tmws/auth';
import { admitRequest, callerOf, express, principalOf, type Request, type Response, type Router, sourceOf } from '@tmws/http';
import { Problem } from '@tmws/problems';
import type { Logger } from '@tmws/telemetry';
import type { AlertmanagerProxy } from '../ports.ts';
import type { Guard } from './router-of.ts';

interface Prefix {
  readonly ask: AlertmanagerProxy;
  readonly guard: Guard;
  /** Shown to alerting, which then believes in whose name it is asked; undefined where sign-in is off. */
  readonly serviceToken: string | undefined;
  readonly logger: Logger;
}

/** What is mounted at `/alertmanager`: `/api/v2`, `/-/healthy`, `/-/ready`, `/-/reload`. Refusals are in Alertmanager's own form. */
export function alertmanagerPrefix({ ask, guard, serviceToken, logger }: Prefix): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  router.use(async (request, response) => {
    const scope = scopeOf(request);
    const asApi = request.path.startsWith('/api/');
    try {
      if (scope === undefined) throw new Problem('not_found', '404 page not found');
      if (scope !== 'open') await admit(guard, request, response, scope);
      await forward(request, response, ask, headersOf(request, response, serviceToken));
    } catch (error) {
      const problem = Problem.from(error);
      if (!statuses.has(problem.kind)) logger.warn({ err: error, path: request.originalUrl }, 'alerting gave no whole answer');
      if (response.headersSent || response.destroyed) response.destroy();
      else refuse(response, problem, asApi);
    }
  });
  return router;
}

/** As alerting's own routes have it. */
function scopeOf({ path, method }: Request): Scope | 'open' | undefined {
  if (path === '/-/healthy' || path === '/-/ready') return 'open';
  if (path === '/-/reload') return 'operate';
  if (!path.startsWith('/api/v2/')) return undefined;
  if (method === 'GET') return 'read';
  return /^\/api\/v2\/silences?(?:\/|$)/.test(path) ? 'operate' : 'write';
}

async function admit({ door, record }: Guard, request: Request, response: Response, scope: Scope): Promise<void> {
  await admitRequest(door, request, response, { scope });
  const principal = principalOf(response);
  if (scope !== 'operate' || principal === undefined) return;
  const { name, by, credential } = principal;
  const { namespace } = callerOf(request, response);
  const about = { source: sourceOf(request), reason: actOf(request), namespace };
  await record({ type: 'tmws.admin.acted', principal: name, by, credential, ...about });
}

function actOf({ path, method }: Request): string {
  if (path === '/-/reload') return 'reloadAlertmanager';
  return method === 'DELETE' ? 'expireSilence' : 'putSilence';
}

/** Of one connection, or about who is asking: alerting hears of that what was found here. */
const notPassed = new Set([
  ...['connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'expect', 'host', 'proxy-authorization'],
  ...['authorization', 'cookie', 'origin', 'referer', 'x-tmws-csrf', 'x-tmws-principal', 'x-tmws-namespace'],
]);

function headersOf(request: Request, response: Response, serviceToken: string | undefined): OutgoingHttpHeaders {
  const { namespace, principal, requestId } = callerOf(request, response);
  return {
    ...Object.fromEntries(Object.entries(request.headers).filter(([name]) => !notPassed.has(name))),
    'x-tmws-namespace': namespace,
    'x-request-id': requestId,
    ...(serviceToken !== undefined && {
      authorization: `Bearer ${serviceToken}`,
      'x-tmws-principal': encodeURIComponent(principal),
    }),
  };
}

async function forward(
  request: Request,
  response: Response,
  ask: AlertmanagerProxy,
  headers: OutgoingHttpHeaders,
): Promise<void> {
  const left = new AbortController();
  response.once('close', () => left.abort());
  const answer = await ask({ method: request.method, path: request.url, headers, body: request, signal: left.signal });
  response.status(answer.statusCode ?? 502);
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined && !notPassed.has(name)) response.setHeader(name, value);
  }
  await pipeline(answer, response);
}

const statuses: ReadonlyMap<Problem['kind'], number> = new Map([
  ['invalid', 400],
  ['unauthenticated', 401],
  ['forbidden', 403],
  ['not_found', 404],
  ['limited', 429],
  ['unavailable', 503],
  ['timeout', 504],
]);

function refuse(response: Response, { kind, message, retryAfterMs }: Problem, asApi: boolean): void {
  const status = statuses.get(kind) ?? 502;
  if (retryAfterMs !== undefined) response.set('retry-after', String(Math.ceil(retryAfterMs / 1000)));
  response.status(status).set('cache-control', 'no-store');
  if (!asApi) response.type('text/plain; charset=utf-8').end(`${message}\n`);
  else
    response
      .type('application/json')
      .end(status < 500 ? JSON.stringify({ code: status, message }) : `${JSON.stringify(message)}\n`);
}
