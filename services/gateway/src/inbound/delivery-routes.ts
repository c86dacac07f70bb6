import { GetRoutingResponseSchema, ListNotificationsResponseSchema, ListReceiversResponseSchema } from '@tmws/contracts';
import { z } from 'zod';
import type { Deliveries } from '../ports.ts';
import { plainQuery } from './alert-parameters.ts';
import { answer } from './answer.ts';
import { callOf } from './call-of.ts';
import { limit, namespaced, plain, someOf } from './parameters.ts';
import { readQuery } from './read-input.ts';
import type { Route } from './route.ts';
import { notificationList, receiverList, routing } from './schemas/deliveries.ts';
import { problems } from './schemas/problem.ts';

const tags = ['receivers'];
const listQuery = z.strictObject(
  {
    ...namespaced,
    status: someOf(
      ['pending', 'sending', 'sent', 'dead', 'superseded', 'digested', 'replayed'],
      'Any of these; repeated, or with commas between',
    ),
    receiver: plain('Exactly this receiver', 'on-call'),
    groupId: plain('About this group', '4c805096b322d979'),
    fingerprint: plain('That name this alert', '7f1c6f3a9d2b4e80'),
    limit: limit(100, 500),
    cursor: plain('`nextCursor` of the page before', 'b2Zmc2V0OjUw'),
  },
  { error: 'status, receiver, groupId, fingerprint, limit, cursor and namespace are taken' },
);

/** Who is told, and what became of each message. */
export function deliveryRoutes({ deliveries }: { deliveries: Deliveries }): Route[] {
  return [
    {
      method: 'get',
      path: '/api/v1/receivers',
      operation: {
        operationId: 'listReceivers',
        summary: 'Receivers of the configuration in force, and how messages to them went',
        tags,
        requestParams: { query: plainQuery },
        responses: {
          200: { description: 'In the order of the file', content: { 'application/json': { schema: receiverList } } },
          ...problems(400, 503, 504),
        },
      },
      async handle(request, response) {
        readQuery(plainQuery, request);
        answer(response, ListReceiversResponseSchema, await deliveries.listReceivers({}, callOf(request, response)));
      },
    },
    {
      method: 'get',
      path: '/api/v1/notifications',
      operation: {
        operationId: 'listNotifications',
        summary: 'Messages to receivers, the latest first',
        tags,
        requestParams: { query: listQuery },
        responses: {
          200: { description: 'A page', content: { 'application/json': { schema: notificationList } } },
          ...problems(400, 503, 504),
        },
      },
      async handle(request, response) {
        const given = readQuery(listQuery, request);
        const { status = [], receiver = '', groupId = '', fingerprint = '', limit: most = 0, cursor = '' } = given;
        const asked = { statuses: status, receiver, groupId, fingerprint, limit: most, cursor };
        answer(response, ListNotificationsResponseSchema, await deliveries.listNotifications(asked, callOf(request, response)));
      },
    },
    {
      method: 'get',
      path: '/api/v1/routing',
      operation: {
        operationId: 'getRouting',
        summary: 'The configuration in force, its route tree, and what the last reading said',
        tags,
        requestParams: { query: plainQuery },
        responses: {
          200: { description: 'The configuration', content: { 'application/json': { schema: routing } } },
          ...problems(400, 503, 504),
        },
      },
      async handle(request, response) {
        readQuery(plainQuery, request);
        answer(response, GetRoutingResponseSchema, await deliveries.getRouting({}, callOf(request, response)));
      },
    },
  ];
}
