import { z } from 'zod';
import type { Route } from './route.ts';
import { problems } from './schemas/problem.ts';

const state = <const T extends string>(word: T) => ({ 'application/json': { schema: z.object({ status: z.literal(word) }) } });
const tags = ['health'];

/** Alive, and ready. Both tell of this process alone and ask nobody, so a neighbour that hangs changes neither. */
export function healthRoutes({ closing }: { closing: AbortSignal }): Route[] {
  return [
    {
      method: 'get',
      path: '/healthz',
      needs: 'open',
      operation: {
        operationId: 'healthz',
        summary: 'Whether the process lives',
        tags,
        responses: { 200: { description: 'It does', content: state('ok') }, ...problems() },
      },
      handle: (_request, response) => void response.json({ status: 'ok' }),
    },
    {
      method: 'get',
      path: '/readyz',
      needs: 'open',
      operation: {
        operationId: 'readyz',
        summary: 'Whether the process takes requests',
        tags,
        responses: {
          ...problems(),
          200: { description: 'It does', content: state('ready') },
          503: { description: 'It is stopping', content: state('not ready') },
        },
      },
      handle: (_request, response) =>
        void response.status(closing.aborted ? 503 : 200).json({ status: closing.aborted ? 'not ready' : 'ready' }),
    },
  ];
}
