import { type ChangeAlertsResponse, ChangeAlertsResponseSchema } from '@tmws/contracts';
import type { CallOptions } from '@tmws/contracts';
import type { z } from 'zod';
import type { Alerts, Clock } from '../ports.ts';
import { plainQuery } from './alert-parameters.ts';
import { answer } from './answer.ts';
import { callOf } from './call-of.ts';
import { idempotencyHeader, idempotently } from './idempotency.ts';
import { readJson, readQuery } from './read-input.ts';
import type { Route } from './route.ts';
import {
  acknowledgeRequest,
  assignRequest,
  commentRequest,
  judgeRequest,
  unacknowledgeRequest,
} from './schemas/alert-requests.ts';
import { changedAlerts } from './schemas/alerts.ts';
import { problems } from './schemas/problem.ts';

interface Needs {
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly maxBodyBytes: number;
}

interface Change<S extends z.ZodType> {
  readonly word: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly schema: S;
  readonly ask: (given: z.output<S>, call: CallOptions) => Promise<ChangeAlertsResponse>;
}

const notFiring = 'Alerts that do not fire are named in `unknown`; the others are changed all the same.';

/** What people do to alerts that fire. */
export function alertChangeRoutes({ alerts, clock, maxBodyBytes }: Needs): Route[] {
  const once = idempotently<ChangeAlertsResponse>(clock);
  const route = <S extends z.ZodType>({
    word,
    operationId,
    summary,
    schema,
    description = notFiring,
    ask,
  }: Change<S>): Route => ({
    method: 'post',
    path: `/api/v1/alerts/${word}`,
    needs: { scope: 'operate' },
    operation: {
      operationId,
      summary,
      description,
      tags: ['alerts'],
      requestParams: { query: plainQuery, header: idempotencyHeader },
      requestBody: { required: true, content: { 'application/json': { schema } } },
      responses: {
        200: { description: 'The alerts as they are after it', content: { 'application/json': { schema: changedAlerts } } },
        ...problems(400, 409, 413, 415, 503, 504),
      },
    },
    async handle(request, response) {
      readQuery(plainQuery, request);
      const given = await readJson(schema, request, maxBodyBytes);
      const changed = await once(request, response, given, () => ask(given, callOf(request, response)));
      answer(response, ChangeAlertsResponseSchema, changed);
    },
  });
  return [
    route({
      word: 'acknowledge',
      operationId: 'acknowledgeAlerts',
      summary: 'The caller looks after them: repeats and escalation stop until the occurrence ends',
      schema: acknowledgeRequest,
      ask: ({ fingerprints, comment = '', assign = false }, call) =>
        alerts.acknowledgeAlerts({ fingerprints, comment, assign }, call),
    }),
    route({
      word: 'unacknowledge',
      operationId: 'unacknowledgeAlerts',
      summary: 'Take acknowledgements back: escalation begins anew',
      schema: unacknowledgeRequest,
      ask: ({ fingerprints, comment = '' }, call) => alerts.unacknowledgeAlerts({ fingerprints, comment }, call),
    }),
    route({
      word: 'assign',
      operationId: 'assignAlerts',
      summary: 'Say whose they are',
      schema: assignRequest,
      ask: ({ fingerprints, assignee, comment = '' }, call) => alerts.assignAlerts({ fingerprints, assignee, comment }, call),
    }),
    route({
      word: 'comment',
      operationId: 'commentAlerts',
      summary: 'Add a note to their history',
      schema: commentRequest,
      ask: ({ fingerprints, text }, call) => alerts.commentAlerts({ fingerprints, text }, call),
    }),
    route({
      word: 'judge',
      operationId: 'judgeAlerts',
      summary: 'Say of alerts that a rule made whether it was right',
      schema: judgeRequest,
      description: 'The last verdict of an occurrence counts. Alerts of which nothing was changed are named in `unknown`.',
      ask: ({ fingerprints, verdict, comment = '' }, call) => alerts.judgeAlerts({ fingerprints, verdict, comment }, call),
    }),
  ];
}
