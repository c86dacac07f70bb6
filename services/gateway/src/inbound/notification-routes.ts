import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { GetNotificationResponseSchema, ReplayNotificationsResponseSchema } from '@tmws/contracts';
import type { Deliveries } from '../ports.ts';
import { plainQuery } from './alert-parameters.ts';
import { answer } from './answer.ts';
import { callOf } from './call-of.ts';
import { readJson, readPath, readQuery } from './read-input.ts';
import type { Route } from './route.ts';
import { foundNotification, replayedNotifications } from './schemas/deliveries.ts';
import { notificationPath, replayNotificationsRequest } from './schemas/notification-requests.ts';
import { problems } from './schemas/problem.ts';

const tags = ['receivers'];
const base = '/api/v1/notifications';

interface Needs {
  readonly deliveries: Deliveries;
  readonly maxBodyBytes: number;
}

/** One message, and dead letters sent again. */
export function notificationRoutes({ deliveries, maxBodyBytes }: Needs): Route[] {
  return [
    {
      method: 'post',
      path: `${base}/replay`,
      needs: { scope: 'operate' },
      operation: {
        operationId: 'replayNotifications',
        summary: 'Send dead letters again',
        description:
          'Each goes as a message of its own, with the same data, that names the one it stands for. It may be asked twice: a dead letter is sent ' +
          'again once, so an Idempotency-Key is not needed and not read.',
        tags,
        requestParams: { query: plainQuery },
        requestBody: { required: true, content: { 'application/json': { schema: replayNotificationsRequest } } },
        responses: {
          200: { description: 'What became of it', content: { 'application/json': { schema: replayedNotifications } } },
          ...problems(400, 413, 415, 503, 504),
        },
      },
      async handle(request, response) {
        readQuery(plainQuery, request);
        const { ids = [], receiver = '', since, all = false } = await readJson(replayNotificationsRequest, request, maxBodyBytes);
        const asked = { ids, receiver, all, ...(since !== undefined && { since: timestampFromMs(Date.parse(since)) }) };
        const replayed = await deliveries.replayNotifications(asked, callOf(request, response));
        answer(response, ReplayNotificationsResponseSchema, replayed);
      },
    },
    {
      method: 'get',
      path: `${base}/{id}`,
      operation: {
        operationId: 'getNotification',
        summary: 'One message, with what was sent or is to be sent',
        tags,
        requestParams: { path: notificationPath, query: plainQuery },
        responses: {
          200: { description: 'The message', content: { 'application/json': { schema: foundNotification } } },
          ...problems(400, 404, 503, 504),
        },
      },
      async handle(request, response) {
        readQuery(plainQuery, request);
        const asked = readPath(notificationPath, request);
        answer(response, GetNotificationResponseSchema, await deliveries.getNotification(asked, callOf(request, response)));
      },
    },
  ];
}
