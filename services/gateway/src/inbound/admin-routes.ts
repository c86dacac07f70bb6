import { type RebuildResponseJson, RebuildResponseSchema } from '@tmws/contracts';
import { z } from 'zod';
import type { Timeline } from '../ports.ts';
import { callOf } from './call-of.ts';
import { answerLines } from './message-lines.ts';
import { namespaced } from './parameters.ts';
import { readQuery } from './read-input.ts';
import type { Route } from './route.ts';
import { int64, messageJson } from './schemas/message-json.ts';
import { problems } from './schemas/problem.ts';

const query = z.strictObject({ ...namespaced }, { error: 'only namespace is taken' });
const gap = z.object({ topic: z.string(), partition: z.int(), fromOffset: int64('First'), toOffset: int64('Last') });
export const rebuildLine = messageJson<RebuildResponseJson>()({
  done: int64('Records read again', '1200'),
  total: int64('Records to read', '5000'),
  gaps: z.array(gap).meta({ description: 'What retention has cut from the log' }),
}).meta({ id: 'RebuildLine' });

/** What operators do. */
export function adminRoutes({ timeline }: { timeline: Timeline }): Route[] {
  return [
    {
      method: 'post',
      path: '/api/v1/admin/rebuild',
      needs: { scope: 'admin', everyNamespace: true },
      operation: {
        operationId: 'rebuild',
        summary: 'Make the read model anew from the log, of all namespaces',
        description:
          'A line of JSON now and then while it works; the last has `done` not below `total`. A line with `problem` says that it broke ' +
          'off. It may be asked twice: an Idempotency-Key is not needed and not read.',
        tags: ['admin'],
        requestParams: { query },
        responses: {
          200: { description: 'How far it is', content: { 'application/jsonl': { schema: rebuildLine } } },
          ...problems(400, 503),
        },
      },
      async handle(request, response) {
        readQuery(query, request);
        await answerLines(request, response, RebuildResponseSchema, timeline.rebuild({}, callOf(request, response)));
      },
    },
  ];
}
