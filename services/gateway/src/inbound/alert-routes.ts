import { toJson } from '@bufbuild/protobuf';
import {
  GetAlertResponseSchema,
  ListAlertGroupsResponseSchema,
  ListAlertsResponseSchema,
  WatchAlertsResponseSchema,
} from '@tmws/contracts';
import { z } from 'zod';
import type { Alerts } from '../ports.ts';
import { alertsQuery, filterOf, groupsQuery, plainQuery, streamQuery, timestampOf } from './alert-parameters.ts';
import { answer } from './answer.ts';
import { callOf } from './call-of.ts';
import { answerStream, revisionToResumeFrom } from './event-stream.ts';
import { readPath, readQuery } from './read-input.ts';
import type { Route } from './route.ts';
import { fingerprintPath } from './schemas/alert-requests.ts';
import { alertGroupList, alertList, foundAlert } from './schemas/alerts.ts';
import { problems } from './schemas/problem.ts';

const tags = ['alerts'];
const base = '/api/v1/alerts';

interface Needs {
  readonly alerts: Alerts;
  readonly closing: AbortSignal;
}

/** What fires, as lists, groups and a stream of changes. */
export function alertRoutes({ alerts, closing }: Needs): Route[] {
  return [
    {
      method: 'get',
      path: base,
      operation: {
        operationId: 'listAlerts',
        summary: 'Alerts that fire, or with `at` those that fired then; the worst first, then the longest firing',
        description:
          'With `at`, labels, annotations and who looked after an alert are as they were; what muted it then is not told, and receivers ' +
          'are those of the configuration in force.',
        tags,
        requestParams: { query: alertsQuery },
        responses: {
          200: { description: 'A page', content: { 'application/json': { schema: alertList } } },
          ...problems(400, 503, 504),
        },
      },
      async handle(request, response) {
        const { at, group = '', ...given } = readQuery(alertsQuery, request);
        const asked = { ...filterOf(given), group, ...(at !== undefined && { at: timestampOf(at) }) };
        answer(response, ListAlertsResponseSchema, await alerts.listAlerts(asked, callOf(request, response)));
      },
    },
    {
      method: 'get',
      path: `${base}/groups`,
      operation: {
        operationId: 'listAlertGroups',
        summary: 'What fires, as it is told: the groups of each receiver',
        description:
          'What needs somebody comes first: groups in which something is neither acknowledged nor muted; then by severity, age and size. At most 20 alerts come with each ' +
          'group and 2,000 in all; `GET /api/v1/alerts?group=` has all of one.',
        tags,
        requestParams: { query: groupsQuery },
        responses: {
          200: { description: 'A page', content: { 'application/json': { schema: alertGroupList } } },
          ...problems(400, 503, 504),
        },
      },
      async handle(request, response) {
        const asked = filterOf(readQuery(groupsQuery, request));
        answer(response, ListAlertGroupsResponseSchema, await alerts.listAlertGroups(asked, callOf(request, response)));
      },
    },
    {
      method: 'get',
      path: `${base}/stream`,
      operation: {
        operationId: 'streamAlerts',
        summary: 'That something changed, at most twice a second',
        description:
          'Each event `change` has an AlertChange as its data: a revision and counts; read the lists again. Ids of events are revisions to ' +
          'go on from. It goes on from Last-Event-ID or `since`, else from now.',
        tags,
        requestParams: { query: streamQuery },
        responses: {
          200: { description: 'The stream', content: { 'text/event-stream': { schema: z.string() } } },
          ...problems(400, 503, 504),
        },
      },
      async handle(request, response) {
        const sinceRevision = revisionToResumeFrom(request, readQuery(streamQuery, request).since);
        const { caller } = callOf(request, response);
        await answerStream(request, response, closing, async (stream) => {
          for await (const change of alerts.watchAlerts({ sinceRevision }, { caller, signal: stream.signal })) {
            const data = toJson(WatchAlertsResponseSchema, change, { alwaysEmitImplicit: true });
            await stream.send({ type: 'change', data, id: String(change.revision) });
          }
        });
      },
    },
  ];
}

/** One alert. After all routes whose path is a word of this API. */
export function oneAlertRoutes({ alerts }: Pick<Needs, 'alerts'>): Route[] {
  return [
    {
      method: 'get',
      path: `${base}/{fingerprint}`,
      operation: {
        operationId: 'getAlert',
        summary: 'One alert that fires or fired lately, and the groups it is told in',
        tags,
        requestParams: { path: fingerprintPath, query: plainQuery },
        responses: {
          200: { description: 'The alert', content: { 'application/json': { schema: foundAlert } } },
          ...problems(400, 404, 503, 504),
        },
      },
      async handle(request, response) {
        readQuery(plainQuery, request);
        const asked = readPath(fingerprintPath, request);
        answer(response, GetAlertResponseSchema, await alerts.getAlert(asked, callOf(request, response)));
      },
    },
  ];
}
