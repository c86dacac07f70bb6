import { Problem, problemDocument } from '@tmws/problems';
import { type Logger, traceIdNow } from '@tmws/telemetry';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';

/** What no route has taken. */
export const notFound: RequestHandler = (request, _response, next) => {
  next(
    new Problem('not_found', `there is nothing at ${request.method} ${request.path}; /api/v1/openapi.json lists what there is`),
  );
};

/**
 * Answers with a problem, as `application/problem+json` (RFC 9457).
 *
 * @param more  extension members; `status` and `title` may stand for those of the kind
 */
export function answerProblem(
  request: Request,
  response: Response,
  problem: Problem,
  more: { readonly status?: number; readonly title?: string; readonly [member: string]: unknown } = {},
): void {
  const traceId = traceIdNow();
  const about = {
    instance: request.path,
    requestId: response.locals.requestId as string,
    ...(traceId !== undefined && { traceId }),
  };
  const document = { ...problemDocument(problem, about), ...more };
  if (problem.retryAfterMs !== undefined) response.set('retry-after', String(Math.ceil(problem.retryAfterMs / 1000)));
  response.status(document.status).type('application/problem+json').send(JSON.stringify(document));
}

/** The last handler: every error leaves as `application/problem+json`; unknown ones as a fixed sentence, with the rest in the log. */
export function answerProblems(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const problem = fromExpress(error);
    if (problem.kind === 'internal') {
      logger.error({ err: error, requestId: response.locals.requestId as string, path: request.path }, 'a request failed');
    }
    if (!response.headersSent) answerProblem(request, response, problem);
    else if (!response.writableEnded) response.destroy();
  };
}

// Errors of express itself carry an HTTP status: a malformed escape in the path, for one.
function fromExpress(error: unknown): Problem {
  const { status, message } = error as { status?: number; message?: string };
  if (!(error instanceof Problem) && status === 400)
    return new Problem('invalid', `the request is malformed: ${message ?? ''}`, { cause: error });
  return Problem.from(error);
}
