import { TestReceiverResponseSchema } from '@tmws/contracts';
import type { Deliveries } from '../ports.ts';
import { plainQuery } from './alert-parameters.ts';
import { answer } from './answer.ts';
import { callOf } from './call-of.ts';
import { readJson, readPath, readQuery } from './read-input.ts';
import type { Route } from './route.ts';
import { problems } from './schemas/problem.ts';
import { receiverPath, testedReceiver, testReceiverRequest } from './schemas/receiver-test.ts';

interface Needs {
  readonly deliveries: Deliveries;
  readonly maxBodyBytes: number;
}

/** Whether messages reach a receiver. */
export function receiverTestRoutes({ deliveries, maxBodyBytes }: Needs): Route[] {
  return [
    {
      method: 'post',
      path: '/api/v1/receivers/{name}/test',
      // Receivers are those of all namespaces.
      needs: { scope: 'operate', everyNamespace: true },
      operation: {
        operationId: 'testReceiver',
        summary: 'Send a message that says it is a test to each integration of a receiver, at once',
        description:
          'Silences, groups and the ledger have no part in it, and nothing of it is remembered. There is an answer for each integration within ' +
          'ten seconds; 200 says nothing of whether they were told. At most six times a minute for a receiver.',
        tags: ['receivers'],
        requestParams: { path: receiverPath, query: plainQuery },
        requestBody: { required: false, content: { 'application/json': { schema: testReceiverRequest } } },
        responses: {
          200: { description: 'What each integration said', content: { 'application/json': { schema: testedReceiver } } },
          ...problems(400, 404, 409, 413, 415, 429, 503, 504),
        },
      },
      async handle(request, response) {
        readQuery(plainQuery, request);
        const { name: receiver } = readPath(receiverPath, request);
        const { integration = '', labels = {} } = await readJson(testReceiverRequest, request, maxBodyBytes);
        const asked = { receiver, integration, labels };
        answer(response, TestReceiverResponseSchema, await deliveries.testReceiver(asked, callOf(request, response)));
      },
    },
  ];
}
