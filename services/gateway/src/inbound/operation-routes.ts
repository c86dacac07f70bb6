import { Problem } from '@tmws/problems';
import { z } from 'zod';
import type { OperationsPort } from '../ports.ts';
import { callOf } from './call-of.ts';
import { limit, namespaced, plain, someOf } from './parameters.ts';
import { readPath, readQuery } from './read-input.ts';
import type { Route } from './route.ts';
import { operation, operationList, operationStatuses } from './schemas/imports.ts';
import { problems } from './schemas/problem.ts';
import { operationJson, wait, waitFor } from './wait-for-operation.ts';

const json = <S extends z.ZodType>(description: string, schema: S) => ({
  description,
  content: { 'application/json': { schema } },
});
const tags = ['operations'];
const base = '/api/v1/operations';
const plainQuery = z.strictObject({ ...namespaced }, { error: 'only namespace is taken' });
const waitQuery = z.strictObject({ ...namespaced, wait }, { error: 'wait and namespace are taken' });
const listQuery = z.strictObject(
  {
    ...namespaced,
    status: someOf(operationStatuses, 'Any of these; repeated, or with commas between'),
    limit: limit(50, 500),
    cursor: plain('`nextCursor` of the page before', 'WzE3NzI'),
  },
  { error: 'status, limit, cursor and namespace are taken' },
);
const operationId = z.object({
  id: z
    .string()
    .max(512)
    .meta({ description: 'The operation', examples: ['imp-5d41402abc4b2a76'] }),
});

/** Long work: how far it is, and its end. */
export function operationRoutes({ operations }: { operations: OperationsPort }): Route[] {
  return [
    {
      method: 'get',
      path: base,
      operation: {
        operationId: 'listOperations',
        summary: 'Operations of the namespace, newest first, a page at a time',
        tags,
        requestParams: { query: listQuery },
        responses: { 200: json('A page', operationList), ...problems(400, 503, 504) },
      },
      async handle(request, response) {
        const { status: statuses = [], limit: most = 0, cursor = '' } = readQuery(listQuery, request);
        const page = await operations.listOperations({ statuses, limit: most, cursor }, callOf(request, response));
        response.json({ items: page.items.map(operationJson), nextCursor: page.nextCursor });
      },
    },
    {
      method: 'get',
      path: `${base}/{id}`,
      operation: {
        operationId: 'getOperation',
        summary: 'One operation, now or when it has ended',
        tags,
        requestParams: { path: operationId, query: waitQuery },
        responses: { 200: json('The operation', operation), ...problems(400, 404, 503, 504) },
      },
      async handle(request, response) {
        const { wait: waitMs = 0 } = readQuery(waitQuery, request);
        const { id } = readPath(operationId, request);
        const { operation: found } = await operations.getOperation({ id }, callOf(request, response));
        if (found === undefined) throw new Problem('not_found', `there is no operation ${JSON.stringify(id)} in this namespace`);
        response.json(operationJson(await waitFor(operations, found, waitMs, request, response)));
      },
    },
    {
      method: 'post',
      path: `${base}/{id}/cancel`,
      needs: { scope: 'operate' },
      operation: {
        operationId: 'cancelOperation',
        summary: 'End an operation, leaving nothing of it',
        description:
          'One that is at work ends in a moment: ask for it with `wait`. One that has ended is 409. It may be asked twice: an ' +
          'Idempotency-Key is not needed and not read.',
        tags,
        requestParams: { path: operationId, query: plainQuery },
        responses: { 200: json('The operation', operation), ...problems(400, 404, 409, 503, 504) },
      },
      async handle(request, response) {
        readQuery(plainQuery, request);
        const { id } = readPath(operationId, request);
        const { operation: now } = await operations.cancelOperation({ id }, callOf(request, response));
        if (now === undefined) throw new Problem('not_found', `there is no operation ${JSON.stringify(id)} in this namespace`);
        response.json(operationJson(now));
      },
    },
  ];
}
