import { type GetStepResponse, GetStepResponseSchema } from '@tmws/contracts';
import { z } from 'zod';
import type { Timeline } from '../ports.ts';
import { answer } from './answer.ts';
import { callOf } from './call-of.ts';
import { plainQuery } from './execution-parameters.ts';
import { executionId } from './parameters.ts';
import { readPath, readQuery } from './read-input.ts';
import type { Route } from './route.ts';
import { problems } from './schemas/problem.ts';
import { step } from './schemas/step.ts';

const stepPath = executionId.extend({
  stepKey: z
    .string()
    .regex(/^(?:[0-9a-f]{16}|[0-9a-f]{32})$/, { error: 'must be 32 or 16 lower-case hex digits, as the timeline gives it' })
    .meta({ description: 'The step', examples: ['0f4c2d9a7be1835560d1c9e24ab3f798'] }),
});
const payloadPath = stepPath.extend({
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, { error: 'must be 64 lower-case hex digits' })
    .meta({ description: 'Of the value', examples: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'] }),
});
const base = '/api/v1/executions/{id}/steps/{stepKey}';

/** Steps one by one, and their values. */
export function stepRoutes({ timeline }: { timeline: Timeline }): Route[] {
  return [
    {
      method: 'get',
      path: base,
      operation: {
        operationId: 'getStep',
        summary: 'One step: its attempts, what was told of each, its waits and what it cost',
        description: 'Values above 4 KiB come by reference: `ref` is the path they are answered at.',
        tags: ['executions'],
        requestParams: { path: stepPath, query: plainQuery },
        responses: {
          200: { description: 'The step', content: { 'application/json': { schema: step } } },
          ...problems(400, 404, 413, 503, 504),
        },
      },
      async handle(request, response) {
        readQuery(plainQuery, request);
        const { id, stepKey } = readPath(stepPath, request);
        const found = await timeline.getStep({ id, stepKey }, callOf(request, response));
        answer(response, GetStepResponseSchema, withRefs(found, id, stepKey));
      },
    },
    {
      method: 'get',
      path: `${base}/payloads/{sha256}`,
      operation: {
        operationId: 'getStepPayload',
        summary: 'A value of a step, by its hash',
        description:
          'What is kept of it: redacted, and of a value above 64 KiB the beginning. It never changes; the hash is its ETag.',
        tags: ['executions'],
        requestParams: { path: payloadPath, query: plainQuery },
        responses: {
          200: { description: 'The value', content: { 'application/json': { schema: z.any(), example: { answer: 42 } } } },
          304: { description: 'If-None-Match names it' },
          ...problems(400, 404, 503, 504),
        },
      },
      async handle(request, response) {
        readQuery(plainQuery, request);
        const { id, stepKey, sha256 } = readPath(payloadPath, request);
        const { json } = await timeline.getStepPayload({ id, stepKey, sha256 }, callOf(request, response));
        // Private: whose it is says a header that caches between do not look at.
        response.set({ etag: `"${sha256}"`, 'cache-control': 'private, max-age=31536000, immutable' });
        response.vary('x-tmws-namespace');
        const known = request.get('if-none-match')?.split(',') ?? [];
        if (known.some((tag) => tag.trim().replace(/^W\//, '') === `"${sha256}"`)) response.status(304).end();
        else response.type('application/json').send(Buffer.from(json));
      },
    },
  ];
}

/** Says where the values are that were too large to be given along. */
function withRefs(found: GetStepResponse, id: string, stepKey: string): GetStepResponse {
  for (const { input, output, attributes } of found.attempts) {
    for (const value of [input, output, attributes]) {
      if (value === undefined || value.inline !== undefined || value.sha256 === '') continue;
      value.ref = `/api/v1/executions/${encodeURIComponent(id)}/steps/${stepKey}/payloads/${value.sha256}`;
    }
  }
  return found;
}
