import { GetWaitsResponseSchema } from '@tmws/contracts';
import type { Timeline } from '../ports.ts';
import { answer } from './answer.ts';
import { callOf } from './call-of.ts';
import { bottleneckQuery } from './execution-parameters.ts';
import { executionId } from './parameters.ts';
import { readPath, readQuery } from './read-input.ts';
import type { Route } from './route.ts';
import { problems } from './schemas/problem.ts';
import { waits } from './schemas/waits.ts';

/** Why steps waited. */
export function waitsRoutes({ timeline }: { timeline: Timeline }): Route[] {
  return [
    {
      method: 'get',
      path: '/api/v1/executions/{id}/waits',
      operation: {
        operationId: 'getWaits',
        summary: 'Why steps waited, and the pools and workers they waited for',
        description:
          'Each stretch of waiting with its kind and its causes; what a step waited and ran sums to its time exactly. Contention ' +
          'names the steps that were on the pool or worker; only those of this execution are known.',
        tags: ['executions'],
        requestParams: { path: executionId, query: bottleneckQuery },
        responses: {
          200: {
            description: 'The steps that waited longest, totals by kind and cause, and pools',
            content: { 'application/json': { schema: waits } },
          },
          ...problems(400, 404, 413, 503, 504),
        },
      },
      async handle(request, response) {
        const { limit = 0 } = readQuery(bottleneckQuery, request);
        const { id } = readPath(executionId, request);
        answer(response, GetWaitsResponseSchema, await timeline.getWaits({ id, limit }, callOf(request, response)));
      },
    },
  ];
}
