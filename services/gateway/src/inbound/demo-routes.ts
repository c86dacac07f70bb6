import { callerOf, type Request } from '@tmws/http';
import { Problem } from '@tmws/problems';
import { z } from 'zod';
import type { Clock } from '../ports.ts';
import { oncePerKey } from '../usecases/once-per-key.ts';
import type { PlayDemo } from '../usecases/play-demo.ts';
import { namespaced } from './parameters.ts';
import { readJson, readQuery } from './read-input.ts';
import type { Route } from './route.ts';
import { problems } from './schemas/problem.ts';

const query = z.strictObject({ ...namespaced }, { error: 'only namespace is taken' });
const seedError = 'must be a whole number from 0 to 4294967295';
const demoRequest = z
  .strictObject(
    {
      seed: z
        .int({ error: seedError })
        .min(0, { error: seedError })
        .max(2 ** 32 - 1, { error: seedError })
        .optional()
        .meta({ description: 'The same seed tells the same story', examples: [7] }),
      fast: z.boolean({ error: 'must be true or false' }).optional().meta({ description: 'Everything at once, in the past' }),
    },
    { error: 'seed and fast are taken' },
  )
  .meta({ id: 'DemoRequest' });
const demoAnswer = z
  .object({ executionIds: z.array(z.string()).meta({ examples: [['research-1-9f3a']] }) })
  .meta({ id: 'DemoAnswer' });
const header = z.object({
  'idempotency-key': z
    .string()
    .optional()
    .meta({ description: 'The same key again, within ten minutes, plays nothing and gets the first answer', examples: ['6d1f'] }),
});

interface Needs {
  readonly play: PlayDemo;
  readonly clock: Clock;
  readonly maxBodyBytes: number;
}

/** Something to look at. */
export function demoRoutes({ play, clock, maxBodyBytes }: Needs): Route[] {
  const once = oncePerKey<readonly string[]>(clock);
  return [
    {
      method: 'post',
      path: '/api/v1/demo',
      needs: { scope: 'write' },
      operation: {
        operationId: 'playDemo',
        summary: 'Play the demo: a day of agents and pipelines in about 75 seconds',
        tags: ['demo'],
        requestParams: { query, header },
        requestBody: { content: { 'application/json': { schema: demoRequest } } },
        responses: {
          202: { description: 'It plays', content: { 'application/json': { schema: demoAnswer } } },
          ...problems(400, 409, 413, 415, 429, 503),
        },
      },
      async handle(request, response) {
        readQuery(query, request);
        const { namespace } = callerOf(request, response);
        const { seed = 1, fast = false } = await readJson(demoRequest, request, maxBodyBytes);
        const asked = { seed, fast, namespace };
        const key = idempotencyKey(request);
        const ids = await (key === undefined
          ? play(asked)
          : once(`${namespace} ${key}`, JSON.stringify(asked), () => play(asked)));
        response.status(202).json({ executionIds: ids });
      },
    },
  ];
}

/** @throws Problem `invalid` */
function idempotencyKey(request: Request): string | undefined {
  const key = request.get('idempotency-key');
  if (key === undefined || /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new Problem('invalid', 'Idempotency-Key must be 1 to 255 visible ASCII characters', { field: 'idempotency-key' });
}
