import { Problem, problemDocument } from '@tmws/problems';
import { type Logger, traceIdNow } from '@tmws/telemetry';
import type { ErrorRequestHandler, RequestHandler } from 'express';

/** What no route has taken. */
export const notFound: RequestHandler = (request, _response, next) => {
  next(
    new Problem('not_found', `there is nothing at ${request.method} ${request.path}; /api/v1/openapi.json lists what there is`),
  );
};

/** The last handler: every error leaves as `application/problem+json`; unknown ones as a fixed sentence, with the rest in the log. */
export function answerProblems(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const problem = fromExpress(error);
    const requestId = response.locals.requestId as string;
    if (problem.kind === 'internal') logger.error({ err: error, requestId, path: request.path }, 'a request failed');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const traceId = traceIdNow();
    const document = problemDocument(problem, { instance: request.path, requestId, ...(traceId !== undefined && { traceId }) });
    if (problem.retryAfterMs !== undefined) response.set('retry-after', String(Math.ceil(problem.retryAfterMs / 1000)));
    if (problem.kind === 'too_large') response.set('connection', 'close');
    response.status(document.status).type('application/problem+json').send(JSON.stringify(document));
  };
}

// Errors of express itself carry an HTTP status: a malformed escape in the path, for one.
function fromExpress(error: unknown): Problem {
  const { status, message } = error as { status?: number; message?: string };
  if (!(error instanceof Problem) && status === 400)
    return new Problem('invalid', `the request is malformed: ${message ?? ''}`, { cause: error });
  return Problem.from(error);
}
