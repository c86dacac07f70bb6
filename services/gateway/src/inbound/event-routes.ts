import { injectTrace, type Logger } from '@tmws/telemetry';
import { answerProblem, callerOf, readBody, type Request, type Response } from '@tmws/http';
import { Problem, problemDocument, retryable } from '@tmws/problems';
import { z } from 'zod';
import type { AcceptEvents, EventResult } from '../usecases/accept-events.ts';
import { namespaced } from './parameters.ts';
import { readQuery } from './read-input.ts';
import type { Route } from './route.ts';
import { eventRequestContent, eventResults } from './schemas/events.ts';
import { problems } from './schemas/problem.ts';

const query = z.strictObject({ ...namespaced }, { error: 'only namespace is taken' });

interface Needs {
  readonly accept: AcceptEvents;
  readonly maxBodyBytes: number;
  readonly logger: Pick<Logger, 'error'>;
}

/** CloudEvents in. */
export function eventRoutes({ accept, maxBodyBytes, logger }: Needs): Route[] {
  return [
    {
      method: 'post',
      path: '/api/v1/events',
      needs: { scope: 'write' },
      operation: {
        operationId: 'postEvents',
        summary: 'Take CloudEvents: one (binary or structured mode), or a batch',
        description:
          '202 when they are on the log. The mode is told by the content type; in binary mode the attributes are headers `ce-*` ' +
          'and the body is the data. In a batch each event has its own result; when none was accepted the answer is a problem ' +
          'with the results as `items`. Events are taken once by namespace, source and id, so a request may be sent again ' +
          'after any error; an Idempotency-Key is not needed and not read.',
        tags: ['events'],
        requestParams: { query },
        requestBody: { required: true, content: eventRequestContent },
        responses: {
          202: { description: 'A result for each event, in order', content: { 'application/json': { schema: eventResults } } },
          ...problems(400, 413, 415, 429, 503),
        },
      },
      async handle(request, response) {
        readQuery(query, request);
        const { namespace, bounds } = callerOf(request, response);
        const body = await readBody(request, maxBodyBytes);
        const traceparent = injectTrace().traceparent ?? traceparentOf(request);
        const { batch, results } = await accept({
          headers: headersOf(request),
          body,
          namespace,
          traceparent,
          ...(bounds !== undefined && { bounds }),
        });
        const refusals = results.flatMap((result) => (result.status === 'refused' ? [result.problem] : []));
        const [first] = refusals;
        if (!batch && first !== undefined) throw first;
        for (const problem of refusals.filter(({ kind }) => kind === 'internal')) {
          logger.error({ err: problem, requestId: response.locals.requestId as string }, 'an event could not be taken');
        }
        if (refusals.length < results.length || results.length === 0) {
          response.status(202).json({ items: results.map(itemOf) });
          return;
        }
        refuseAll(request, response, refusals, results);
      },
    },
  ];
}

// If waiting helps for any, that is the answer; else the events are wrong.
function refuseAll(request: Request, response: Response, refusals: readonly Problem[], results: readonly EventResult[]): void {
  const problem =
    refusals.find(({ kind }) => kind === 'internal' || retryable(kind)) ??
    new Problem('invalid', `none of the ${results.length} events was accepted; items says why`, { field: 'items' });
  answerProblem(request, response, problem, { items: results.map(itemOf) });
}

function itemOf(result: EventResult) {
  if (result.status === 'accepted') return { id: result.id, status: result.status };
  return { id: result.id, status: result.status, problem: problemDocument(result.problem) };
}

function headersOf({ headers }: Request): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.at(-1) : value]));
}

/** The request's trace context, if it is one (W3C Trace Context, 3.2). */
function traceparentOf(request: Request): string | undefined {
  const given = request.get('traceparent');
  return given !== undefined && /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(given) ? given : undefined;
}
