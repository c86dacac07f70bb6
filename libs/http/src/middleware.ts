import { requestIdOf } from '@tmws/contracts';
import { isIP } from 'node:net';
import { Problem } from '@tmws/problems';
import { extractTrace, inSpan, type Metrics, SpanKind } from '@tmws/telemetry';
import type { RequestHandler } from 'express';

/** Gives each request an id: the client's `x-request-id` if it is a plain word, else a new one. It is in the answer and in every problem. */
export const identify: RequestHandler = (request, response, next) => {
  response.locals.requestId = requestIdOf(request.get('x-request-id'));
  response.setHeader('x-request-id', response.locals.requestId as string);
  next();
};

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers that keep a browser from doing more than it must. No CORS header is ever sent. */
export const secure: RequestHandler = (_request, response, next) => {
  response.setHeader('content-security-policy', contentSecurityPolicy);
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
  next();
};

/**
 * Turns away what a browser sends in the name of another site: a foreign Origin, or a name that was made to point at this machine.
 *
 * @param anyName  where sign-in is on: another name has no cookie of ours, so it gains nothing
 */
export const refuseForeignSites =
  (anyName: boolean): RequestHandler =>
  (request, _response, next) => {
    const { host, origin } = request.headers;
    const own = anyName || isOwnName(host);
    if (origin !== undefined && origin !== 'null' && URL.parse(origin)?.host === host && own) return next();
    if (origin === undefined && own) return next();
    next(new Problem('forbidden', 'this request comes from another site; open the console by its own address'));
  };

// What nearly all requests bring, known without taking an address apart.
const plainOwnName = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::[1-5]?\d{1,4})?$/;

// While everybody is let in, listeners are on loopback, so only names of loopback are ours.
function isOwnName(host: string | undefined): boolean {
  if (host !== undefined && plainOwnName.test(host)) return true;
  const name = URL.parse(`http://${host ?? ''}`)?.hostname.replace(/^\[|\]$/g, '') ?? '';
  return name === 'localhost' || name.endsWith('.localhost') || isIP(name) !== 0;
}

/** Span and duration of each request, by route and status. */
export function observe(metrics: Metrics): RequestHandler {
  const seconds = metrics.histogram('tmws_http_server_seconds', 'time an HTTP request took', ['method', 'route', 'status']);
  return (request, response, next) => {
    const end = seconds.startTimer({ method: request.method });
    const carrier = { traceparent: request.get('traceparent'), tracestate: request.get('tracestate') };
    const handled = new Promise<void>((resolve) => {
      response.once('close', () => {
        const route = `${request.baseUrl}${(request.route as { path?: string } | undefined)?.path ?? ''}`;
        end({ route: route || 'none', status: response.statusCode });
        resolve();
      });
    });
    void extractTrace(carrier, () =>
      inSpan(`${request.method} ${request.path}`, SpanKind.SERVER, { 'http.request.method': request.method }, () => {
        next();
        return handled;
      }),
    );
  };
}
