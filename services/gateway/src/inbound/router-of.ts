import { type Door, lookAgainMs, openDoor, type SecurityFact, watchCredential } from '@tmws/auth';
import {
  admitRequest,
  answerProblem,
  callerOf,
  express,
  identifyRequest,
  principalOf,
  type Request,
  type Response,
  type Router,
  sourceOf,
} from '@tmws/http';
import { Problem } from '@tmws/problems';
import { needsOf, type Route } from './route.ts';

/** What stands before every route. */
export interface Guard {
  readonly door: Door;
  /** Resolves when it is stored. */
  readonly record: (fact: SecurityFact) => Promise<void>;
  /** How often an answer that goes on asks whether its credential is still good. */
  readonly lookAgainMs: number;
}

/** Where sign-in is off. */
export const nobodyAsked: Guard = { door: openDoor, record: () => Promise.resolve(), lookAgainMs };

/** The routes as a router; each asks of who comes what it needs, before anything else. A method that a path does not take is answered 405 with `Allow` (RFC 9110, 15.5.6); nothing is cached. */
export function routerOf(routes: readonly Route[], guard: Guard = nobodyAsked): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  for (const [path, some] of Map.groupBy(routes, (route) => route.path)) {
    const allowed = some.flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])).join(', ');
    const at = router.route(path.replaceAll(/\{(\w+)\}/g, ':$1'));
    for (const route of some) {
      at[route.method](async (request, response) => {
        response.set('cache-control', 'no-store');
        await admit(route, guard, request, response);
        await route.handle(request, response);
      });
    }
    at.all((request, response) => {
      response.set('allow', allowed);
      const problem = new Problem('unsupported', `${request.method} is not taken at ${request.path}; allowed are ${allowed}`);
      answerProblem(request, response, problem, { status: 405, title: 'Method not allowed' });
    });
  }
  return router;
}

/**
 * Lets the request in, or throws. What operators and admins do is in the audit before it is done. An answer that goes on, as a stream does,
 * is cut off when its credential is not good any more.
 */
async function admit(
  route: Route,
  { door, record, lookAgainMs: everyMs }: Guard,
  request: Request,
  response: Response,
): Promise<void> {
  const needs = needsOf(route);
  if (needs === 'open' || !door.on) return;
  await admitRequest(door, request, response, needs);
  const principal = principalOf(response);
  if (
    route.method !== 'get' &&
    needs.scope !== 'read' &&
    needs.scope !== 'write' &&
    needs.ownAudit !== true &&
    principal !== undefined
  ) {
    const { name, by, credential } = principal;
    const namespace = needs.everyNamespace === true ? '*' : callerOf(request, response).namespace;
    const source = sourceOf(request);
    const what = { reason: route.operation.operationId ?? source.method, source, namespace };
    await record({ type: 'tmws.admin.acted', principal: name, by, credential, ...what });
  }
  const over = new AbortController();
  if (response.closed) over.abort();
  response.once('close', () => over.abort());
  const look = () => identifyRequest(door, request, response);
  watchCredential(look, { everyMs, over: over.signal, ended: () => response.destroy() });
}
