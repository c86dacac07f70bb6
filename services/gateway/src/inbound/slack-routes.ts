import { readBody, type Request, sourceOf } from '@tmws/http';
import { Problem } from '@tmws/problems';
import { z } from 'zod';
import type { Deliveries } from '../ports.ts';
import { callOf } from './call-of.ts';
import type { Guard } from './router-of.ts';
import type { Route } from './route.ts';
import { problems } from './schemas/problem.ts';

/** Slack's interactions with a message of many blocks come near 30 KiB. */
const mostBytes = 64 * 1024;
const form = 'application/x-www-form-urlencoded';

interface Needs {
  readonly deliveries: Deliveries;
  readonly guard: Pick<Guard, 'door' | 'record'>;
}

/** What people press in Slack. Slack has no credential of ours: its signature vouches, and alerting knows the secret. */
export function slackRoutes({ deliveries, guard }: Needs): Route[] {
  return [
    {
      method: 'post',
      path: '/slack/actions',
      needs: 'open',
      operation: {
        operationId: 'takeSlackAction',
        summary: "What somebody pressed in Slack: the interactivity request URL of the receivers' Slack app",
        description:
          'Signed by Slack: X-Slack-Signature over X-Slack-Request-Timestamp and the body. A request older than five minutes is refused.',
        tags: ['receivers'],
        requestBody: { content: { [form]: { schema: z.object({ payload: z.string() }) } } },
        responses: {
          200: {
            description: 'Taken; with a body, what is said to the person',
            content: { 'application/json': { schema: z.object({ response_type: z.literal('ephemeral'), text: z.string() }) } },
          },
          ...problems(400, 401, 413, 415, 503, 504),
        },
      },
      async handle(request, response) {
        const body = await readBody(request, mostBytes);
        if (request.is(form) === false) {
          const given = JSON.stringify(request.get('content-type') ?? '');
          throw new Problem('unsupported', `the body must be ${form}, as Slack sends it (got ${given})`, {
            field: 'content-type',
          });
        }
        const timestamp = request.get('x-slack-request-timestamp') ?? '';
        const signature = request.get('x-slack-signature') ?? '';
        const asked = deliveries.takeSlackAction({ body, timestamp, signature }, callOf(request, response));
        const { text, by, act, namespace } = await asked.catch((error: unknown) => refuse(guard, request, error));
        // Who it is is known only once it is done; alerting's history has it in the same transaction.
        if (act !== '' && guard.door.on) {
          const about = { source: sourceOf(request), reason: act, namespace };
          await guard.record({ type: 'tmws.admin.acted', principal: by, by: 'slack', credential: 'Slack signature', ...about });
        }
        if (text === '') response.status(200).end();
        else response.json({ response_type: 'ephemeral', replace_original: false, text });
      },
    },
  ];
}

/** A signature that is not good is in the audit, or counted, like any credential that is none. */
async function refuse({ door }: Needs['guard'], request: Request, error: unknown): Promise<never> {
  const problem = Problem.from(error);
  if (problem.kind === 'unauthenticated' && door.on)
    await door.identify({ credential: problem, namespace: '', source: sourceOf(request) });
  throw problem;
}
