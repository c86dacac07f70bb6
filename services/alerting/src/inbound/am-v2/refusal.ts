// Answers that refuse, in Alertmanager's two forms: those of its request binding are `{"code", "message"}`, those of its handlers a
// JSON string. Codes above 600 are the binding's own; they go out as 422.
import { Problem } from '@tmws/problems';
import type { Request, Response } from '@tmws/http';
import type { Logger } from '@tmws/telemetry';

/** Ends a request with what is wrong with it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, body: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** By the request binding. */
export const refused = (code: number, message: string, headers: Readonly<Record<string, string>> = {}): Refusal =>
  new Refusal(code >= 600 ? 422 : code, message, JSON.stringify({ code, message }), headers);

export const required = (field: string): Refusal => refused(602, `${field} in body is required`);

/** By a handler. */
export const said = (status: number, message: string): Refusal => new Refusal(status, message, `${JSON.stringify(message)}\n`);

const codes: Partial<Record<Problem['kind'], number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  too_large: 413,
  unsupported: 415,
  limited: 429,
};

/** Sends what came of an error. What is not the client's fault is 500, as Alertmanager has it. */
export function answerRefusal(error: unknown, request: Request, response: Response, logger: Logger): void {
  if (response.headersSent) {
    logger.warn({ err: error, path: request.path }, 'an answer broke off');
    response.destroy();
    return;
  }
  const refusal = error instanceof Refusal ? error : refusalOf(Problem.from(error));
  if (refusal.status >= 500) logger.warn({ err: error, path: request.path }, 'a request failed');
  response.writeHead(refusal.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(refusal.body),
    'cache-control': 'no-store',
    ...refusal.headers,
  });
  response.end(request.method === 'HEAD' ? undefined : refusal.body);
}

function refusalOf(problem: Problem): Refusal {
  const code = codes[problem.kind];
  return code === undefined ? said(500, problem.message) : refused(code, problem.message, retryAfter(problem));
}

/** The header that says when to come again, if there is a time. */
export const retryAfter = ({ retryAfterMs }: Problem): Readonly<Record<string, string>> =>
  retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) };
