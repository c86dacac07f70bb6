// What was a valid request, changed by accident or on purpose, at the REST door: each event is taken or refused by name.
import { Problem } from '@tmws/problems';
import { mutated } from '@tmws/testkit';
import fc from 'fast-check';
import { acceptEvents, type EventsRequest } from '../src/usecases/accept-events.ts';
import { openMemoryLog } from './memory-log.ts';
import { nowMs, openGateway } from './open-gateway.ts';

const t = '2026-03-01T12:00:00.5Z';
const step = {
  executionId: 'run-1',
  workflow: { name: 'agent', version: '7' },
  stepId: 'search',
  path: ['plan'],
  dependsOn: [{ stepId: 'plan', kind: 'data' }],
  startedAt: t,
  finishedAt: t,
  waits: [{ kind: 'queue', from: t, to: t }],
  usage: { tokens: '12', costUsd: 0.1 },
  input: { inline: { q: ['x', 1, null] } },
  attributes: { model: 'm' },
};
const report = { executionId: 'run-1', facts: [{ id: '1', type: 'tmws.step.completed', time: t, step }] };
const event = {
  specversion: '1.0',
  id: 'e1',
  source: '/engine',
  type: 'tmws.step.completed',
  time: t,
  subject: 'run-1',
  data: step,
};
const reported = { ...event, id: 'e2', type: 'tmws.steps.reported', data: report };

const typed = (type: string) => ({ 'content-type': type });
const binary = {
  'ce-specversion': '1.0',
  'ce-id': 'e1',
  'ce-source': '/engine',
  'ce-type': 'tmws.step.completed',
  ...typed('application/json'),
};
const bodies: [string, Record<string, string>, unknown][] = [
  ['an event in binary mode', binary, step],
  ['an event in structured mode', typed('application/cloudevents+json'), event],
  ['a batch', typed('application/cloudevents-batch+json'), [event, reported]],
  ['a report', typed('application/cloudevents+json'), reported],
];
const named = ['invalid', 'unsupported', 'too_large', 'forbidden'];

test.each(bodies)('of 2,500 changes to %s every event is taken or refused by name', async (_, headers, whole) => {
  const log = openMemoryLog();
  const accept = acceptEvents({ events: log, clock: { nowMs: () => nowMs } });
  const came = { accepted: 0, refused: 0 };
  const tried = async (body: Uint8Array): Promise<void> => {
    const request: EventsRequest = { headers, body: Buffer.from(body), namespace: 'default', traceparent: undefined };
    try {
      for (const result of (await accept(request)).results) {
        came[result.status] += 1;
        if (result.status === 'refused') expect(named).toContain(result.problem.kind);
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      expect(named).toContain(error.kind);
      came.refused += 1;
    }
  };
  await fc.assert(fc.asyncProperty(mutated(whole), tried), { numRuns: 2500 });
  expect(Math.min(came.accepted, came.refused)).toBeGreaterThan(50);
  expect(log.published).toHaveLength(came.accepted);
});

test('over the wire too every change is answered, and the gateway goes on', async () => {
  await using gateway = await openGateway();
  const request = fc.constantFrom(...bodies).chain(([, headers, whole]) => mutated(whole).map((body) => ({ headers, body })));
  await fc.assert(
    fc.asyncProperty(request, async ({ headers, body }) => {
      const response = await gateway.post('/api/v1/events', body, headers);
      expect([202, 400, 403, 413, 415, 501]).toContain(response.status);
      await response.json();
    }),
    { numRuns: 200 },
  );
  expect((await gateway.post('/api/v1/events', event, typed('application/cloudevents+json'))).status).toBe(202);
});

test('what only the fleet tells is refused, with what to do instead', async () => {
  await using gateway = await openGateway();
  const told = { ...event, type: 'tmws.execution.deleted', data: { executionId: 'run-1' } };
  const response = await gateway.post('/api/v1/events', told, typed('application/cloudevents+json'));
  const refused = await gateway.problem(response);
  expect(refused).toMatchObject({ status: 403, field: 'type' });
  expect(refused.detail).toContain('DELETE /api/v1/executions/{id}');
});
