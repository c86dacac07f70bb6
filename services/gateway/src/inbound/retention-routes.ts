import { toJson } from '@bufbuild/protobuf';
import { type Retention as RetentionMessage, RetentionSchema } from '@tmws/contracts';
import type { Request, Response } from '@tmws/http';
import { Problem } from '@tmws/problems';
import { z } from 'zod';
import type { Retention } from '../ports.ts';
import { callOf } from './call-of.ts';
import { executionId, namespaced } from './parameters.ts';
import { readJson, readPath, readQuery } from './read-input.ts';
import type { Route } from './route.ts';
import { problems } from './schemas/problem.ts';
import { maxRetentionDays, retention as retentionSchema, retentionRequest } from './schemas/retention.ts';

const daysError = `must be a whole number from 0 to ${maxRetentionDays}`;
const forecastQuery = z.strictObject(
  {
    ...namespaced,
    days: z
      .string({ error: 'must be given once' })
      .regex(/^\d{1,4}$/, { error: daysError })
      .transform(Number)
      .refine((days) => days <= maxRetentionDays, { error: daysError })
      .optional()
      .meta({ description: 'Forecast for so many days instead of those in force; 0 = for ever', examples: ['90'] }),
  },
  { error: 'days and namespace are taken' },
);
const plainQuery = z.strictObject({ ...namespaced }, { error: 'only namespace is taken' });
const deleteQuery = z.strictObject(
  {
    ...namespaced,
    force: z
      .enum(['true', 'false'], { error: 'must be true or false' })
      .optional()
      .meta({ description: 'Also while it runs: what is told of it later makes it anew' }),
  },
  { error: 'force and namespace are taken' },
);
const ifMatch = z.object({
  'if-match': z.string().optional().meta({ description: 'The ETag of the answer that is to be changed; else 412' }),
});

interface Needs {
  readonly retention: Retention;
  readonly maxBodyBytes: number;
}

/** How long executions are kept, and taking one away. */
export function retentionRoutes({ retention, maxBodyBytes }: Needs): Route[] {
  const kept = { description: 'What is kept', content: { 'application/json': { schema: retentionSchema } } };
  return [
    {
      method: 'get',
      path: '/api/v1/retention',
      operation: {
        operationId: 'getRetention',
        summary: "How long the namespace's executions are kept, what they take on disk and what they will take",
        tags: ['retention'],
        requestParams: { query: forecastQuery },
        responses: { 200: kept, ...problems(400, 503, 504) },
      },
      async handle(request, response) {
        const { days } = readQuery(forecastQuery, request);
        answer(response, await retention.getRetention({ ...(days !== undefined && { days }) }, callOf(request, response)));
      },
    },
    {
      method: 'put',
      path: '/api/v1/retention',
      needs: { scope: 'operate' },
      operation: {
        operationId: 'setRetention',
        summary: 'Keep them for another number of days from now on',
        tags: ['retention'],
        requestParams: { query: plainQuery, header: ifMatch },
        requestBody: { required: true, content: { 'application/json': { schema: retentionRequest } } },
        responses: { 200: kept, ...problems(400, 412, 415, 503, 504) },
      },
      async handle(request, response) {
        readQuery(plainQuery, request);
        const { days } = await readJson(retentionRequest, request, maxBodyBytes);
        const revision = revisionOf(request);
        const asked = { ...(days !== null && { days }), ...(revision !== undefined && { revision }) };
        answer(response, await retention.setRetention(asked, callOf(request, response)));
      },
    },
    {
      method: 'delete',
      path: '/api/v1/executions/{id}',
      needs: { scope: 'operate' },
      operation: {
        operationId: 'deleteExecution',
        summary: 'Take an execution away with all its steps, now',
        description:
          'What was told of it up to now stays away, also when the read model is made anew. The log keeps what the producer wrote until ' +
          'its own retention cuts it.',
        tags: ['executions'],
        requestParams: { path: executionId, query: deleteQuery },
        responses: { 204: { description: 'It is gone' }, ...problems(400, 404, 409, 503, 504) },
      },
      async handle(request, response) {
        const { force } = readQuery(deleteQuery, request);
        const { id } = readPath(executionId, request);
        await retention.deleteExecution({ id, force: force === 'true' }, callOf(request, response));
        response.status(204).end();
      },
    },
  ];
}

function answer(response: Response, message: RetentionMessage): void {
  response.set('etag', `"${message.revision}"`).json(toJson(RetentionSchema, message, { alwaysEmitImplicit: true }));
}

function revisionOf(request: Request): bigint | undefined {
  const given = request.get('if-match');
  if (given === undefined || given === '*') return undefined;
  const digits = /^"(\d{1,18})"$/.exec(given)?.[1];
  if (digits === undefined)
    throw new Problem('stale', `If-Match must be the ETag of GET /api/v1/retention (got ${JSON.stringify(given.slice(0, 80))})`, {
      field: 'if-match',
    });
  return BigInt(digits);
}
