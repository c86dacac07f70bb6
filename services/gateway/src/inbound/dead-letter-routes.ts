import { z } from 'zod';
import type { ListDeadLetters } from '../usecases/list-dead-letters.ts';
import type { ReplayDeadLetters } from '../usecases/replay-dead-letters.ts';
import { limit, namespaced } from './parameters.ts';
import { readJson, readQuery } from './read-input.ts';
import type { Route } from './route.ts';
import { deadLetterList, replayAnswer, replayRequest, topic } from './schemas/dead-letters.ts';
import { problems } from './schemas/problem.ts';

const listQuery = z.strictObject(
  { ...namespaced, topic, limit: limit(50, 200) },
  { error: 'topic, limit and namespace are taken' },
);
const replayQuery = z.strictObject({ ...namespaced }, { error: 'only namespace is taken' });
const tags = ['dead letters'];
const defaultTopic = 'tmws.workflow';

interface Needs {
  readonly list: ListDeadLetters;
  readonly replay: ReplayDeadLetters;
  readonly maxBodyBytes: number;
}

/** Records the fleet could not take: to look at, and to send again. They lie beside their topic, whatever the namespace. */
export function deadLetterRoutes({ list, replay, maxBodyBytes }: Needs): Route[] {
  return [
    {
      method: 'get',
      path: '/api/v1/dead-letters',
      needs: { scope: 'read', everyNamespace: true },
      operation: {
        operationId: 'listDeadLetters',
        summary: 'The newest refused records of a topic, newest first, of all namespaces',
        tags,
        requestParams: { query: listQuery },
        responses: {
          200: { description: 'The records', content: { 'application/json': { schema: deadLetterList } } },
          ...problems(400, 503, 504),
        },
      },
      async handle(request, response) {
        const query = readQuery(listQuery, request);
        response.json({ items: await list(query.topic ?? defaultTopic, query.limit ?? 50) });
      },
    },
    {
      method: 'post',
      path: '/api/v1/dead-letters/replay',
      needs: { scope: 'admin', everyNamespace: true },
      operation: {
        operationId: 'replayDeadLetters',
        summary: 'Send refused records once more to their topic',
        description:
          'Some by id, or all of the newest 1000. What is sent is the redacted record. Events are taken once by their ids, so ' +
          'this may be asked twice; an Idempotency-Key is not needed and not read.',
        tags,
        requestParams: { query: replayQuery },
        requestBody: { required: true, content: { 'application/json': { schema: replayRequest } } },
        responses: {
          200: { description: 'What was sent', content: { 'application/json': { schema: replayAnswer } } },
          ...problems(400, 413, 415, 503, 504),
        },
      },
      async handle(request, response) {
        readQuery(replayQuery, request);
        const given = await readJson(replayRequest, request, maxBodyBytes);
        const wanted = given.ids === undefined ? ({ all: true } as const) : { ids: given.ids };
        response.json(await replay(given.topic ?? defaultTopic, wanted));
      },
    },
  ];
}
