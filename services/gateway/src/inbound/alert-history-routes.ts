import { ExplainAlertResponseSchema, ListAlertHistoryResponseSchema } from '@tmws/contracts';
import type { Alerts } from '../ports.ts';
import { historyOf, historyQuery, oneHistoryQuery, plainQuery } from './alert-parameters.ts';
import { answer } from './answer.ts';
import { callOf } from './call-of.ts';
import { readJson, readPath, readQuery } from './read-input.ts';
import type { Route } from './route.ts';
import { alertHistory, explanation } from './schemas/alert-history.ts';
import { explainRequest, fingerprintPath } from './schemas/alert-requests.ts';
import { problems } from './schemas/problem.ts';

const tags = ['alerts'];
const base = '/api/v1/alerts';

interface Needs {
  readonly alerts: Alerts;
  readonly maxBodyBytes: number;
}

/** What happened to alerts, and who hears of one and why. */
export function alertHistoryRoutes({ alerts, maxBodyBytes }: Needs): Route[] {
  const history = { description: 'A page', content: { 'application/json': { schema: alertHistory } } };
  const explained = { description: 'Rule by rule', content: { 'application/json': { schema: explanation } } };
  return [
    {
      method: 'get',
      path: `${base}/history`,
      operation: {
        operationId: 'listAlertHistory',
        summary: 'What happened to alerts, the latest first',
        tags,
        requestParams: { query: historyQuery },
        responses: { 200: history, ...problems(400, 503, 504) },
      },
      async handle(request, response) {
        const asked = historyOf(readQuery(historyQuery, request));
        answer(response, ListAlertHistoryResponseSchema, await alerts.listAlertHistory(asked, callOf(request, response)));
      },
    },
    {
      method: 'post',
      path: `${base}/explain`,
      needs: { scope: 'read' },
      operation: {
        operationId: 'explainLabels',
        summary: 'Who would be told of an alert with these labels, and why, rule by rule',
        description: 'It changes nothing and may be asked twice: an Idempotency-Key is not needed and not read.',
        tags,
        requestParams: { query: plainQuery },
        requestBody: { required: true, content: { 'application/json': { schema: explainRequest } } },
        responses: { 200: explained, ...problems(400, 413, 415, 503, 504) },
      },
      async handle(request, response) {
        readQuery(plainQuery, request);
        const { labels } = await readJson(explainRequest, request, maxBodyBytes);
        answer(response, ExplainAlertResponseSchema, await alerts.explainAlert({ labels }, callOf(request, response)));
      },
    },
    {
      method: 'get',
      path: `${base}/{fingerprint}/history`,
      operation: {
        operationId: 'getAlertHistory',
        summary: 'What happened to one alert, the latest first, also long after it was resolved',
        tags,
        requestParams: { path: fingerprintPath, query: oneHistoryQuery },
        responses: { 200: history, ...problems(400, 503, 504) },
      },
      async handle(request, response) {
        const { fingerprint } = readPath(fingerprintPath, request);
        const asked = historyOf({ ...readQuery(oneHistoryQuery, request), fingerprint });
        answer(response, ListAlertHistoryResponseSchema, await alerts.listAlertHistory(asked, callOf(request, response)));
      },
    },
    {
      method: 'get',
      path: `${base}/{fingerprint}/explain`,
      operation: {
        operationId: 'explainAlert',
        summary: 'Who is told of this alert, and why, rule by rule',
        tags,
        requestParams: { path: fingerprintPath, query: plainQuery },
        responses: { 200: explained, ...problems(400, 404, 503, 504) },
      },
      async handle(request, response) {
        readQuery(plainQuery, request);
        const asked = readPath(fingerprintPath, request);
        answer(response, ExplainAlertResponseSchema, await alerts.explainAlert(asked, callOf(request, response)));
      },
    },
  ];
}
