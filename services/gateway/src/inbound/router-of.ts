import { answerProblem, express, type Router } from '@tmws/http';
import { Problem } from '@tmws/problems';
import type { Route } from './route.ts';

/** The routes as a router. A method that a path does not take is answered 405 with `Allow` (RFC 9110, 15.5.6); nothing is cached. */
export function routerOf(routes: readonly Route[]): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  for (const [path, some] of Map.groupBy(routes, (route) => route.path)) {
    const allowed = some.flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])).join(', ');
    const at = router.route(path.replaceAll(/\{(\w+)\}/g, ':$1'));
    for (const { method, handle } of some) {
      at[method](async (request, response) => {
        response.set('cache-control', 'no-store');
        await handle(request, response);
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
