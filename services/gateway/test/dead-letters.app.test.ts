import { deadLetter, type IncomingRecord } from '@tmws/events';
import { Problem } from '@tmws/problems';
import { deadLetterList, replayAnswer } from '../src/inbound/schemas/dead-letters.ts';
import { type Gateway, nowMs, openGateway } from './open-gateway.ts';

const base = '/api/v1/dead-letters';

/** Puts a refused record onto the DLQ, as the consumer does. */
function refuse({ log }: Gateway, offset: number, value: string | Buffer, minute = offset): void {
  const record: IncomingRecord = {
    topic: 'tmws.workflow',
    partition: 3,
    offset: BigInt(offset),
    timestampMs: nowMs,
    key: Buffer.from('run-42'),
    value: Buffer.from(value),
    headers: { ce_id: `e${offset}`, ce_type: 'tmws.step.completed' },
  };
  const out = deadLetter(
    record,
    new Problem('invalid', 'data.stepId is missing', { field: 'data.stepId' }),
    nowMs + minute * 60_000,
  );
  log.records.push({ ...out, partition: 0, offset: BigInt(log.records.length), timestampMs: nowMs });
}

const idOf = (offset: number): string => `tmws.workflow/3/${offset}`;

test('refused records are shown newest first with their reason, each once', async () => {
  await using gateway = await openGateway();
  refuse(gateway, 1, '{"executionId":"run-42"}');
  refuse(gateway, 2, Buffer.from([0xff, 0xfe]));
  refuse(gateway, 1, '{"executionId":"run-42"}', 9);
  const response = await gateway.get(base);
  const body = (await response.json()) as { items: { id: string }[] };
  expect(deadLetterList.parse(body)).toEqual(body);
  expect(body.items).toEqual([
    {
      id: idOf(1),
      topic: 'tmws.workflow',
      reason: 'data.stepId is missing',
      kind: 'invalid',
      refusedAt: '2026-03-01T12:09:00.000Z',
      key: 'run-42',
      headers: { ce_id: 'e1', ce_type: 'tmws.step.completed' },
      text: '{"executionId":"run-42"}',
      sizeBytes: 24,
    },
    expect.objectContaining({ id: idOf(2), sizeBytes: 2 }),
  ]);
  expect(body.items[1]).not.toHaveProperty('text');
  expect(((await (await gateway.get(`${base}?limit=1`)).json()) as typeof body).items).toHaveLength(1);
});

test('a topic that is none, and a limit that is none, are refused by name', async () => {
  await using gateway = await openGateway();
  const topic = await gateway.get(`${base}?topic=tmws.nope`);
  expect(await gateway.problem(topic)).toMatchObject({
    status: 400,
    field: 'topic',
    detail: 'topic must be one of tmws.workflow, tmws.security, tmws.traffic, tmws.alert (got "tmws.nope")',
  });
  expect((await gateway.problem(await gateway.get(`${base}?limit=9999`))).field).toBe('limit');
});

test('records are sent again as they came, those that are gone and those that were cut are named', async () => {
  await using gateway = await openGateway();
  refuse(gateway, 1, '{"executionId":"run-42"}');
  refuse(gateway, 2, 'x'.repeat(2 * 1024 * 1024));
  refuse(gateway, 3, '{}');
  const response = await gateway.post(`${base}/replay`, { ids: [idOf(1), idOf(2), idOf(7), idOf(1)] });
  expect(response.status).toBe(200);
  const body: unknown = await response.json();
  expect(replayAnswer.parse(body)).toEqual(body);
  expect(body).toEqual({
    replayed: 1,
    missing: [idOf(7)],
    refused: [{ id: idOf(2), reason: 'only its beginning was kept, because it is too large; send it again from its source' }],
  });
  expect(gateway.log.published).toEqual([
    {
      topic: 'tmws.workflow',
      key: Buffer.from('run-42'),
      headers: { ce_id: 'e1', ce_type: 'tmws.step.completed' },
      value: Buffer.from('{"executionId":"run-42"}'),
    },
  ]);
});

test('all are sent again, each once', async () => {
  await using gateway = await openGateway();
  refuse(gateway, 1, '{}');
  refuse(gateway, 3, '{}');
  refuse(gateway, 1, '{}', 9);
  expect(await (await gateway.post(`${base}/replay`, { all: true })).json()).toMatchObject({
    replayed: 2,
    missing: [],
    refused: [],
  });
});

test.each([
  ['nothing', {}, 'the body must hold either ids or all'],
  ['both', { ids: ['a'], all: true }, 'the body must hold either ids or all'],
  ['no id', { ids: [] }, 'ids must hold at least one id'],
  ['a number', { ids: [1] }, 'ids.0 must be a text (got 1)'],
  ['false', { all: false }, 'all must be true, or absent (got false)'],
  ['another field', { id: 'x' }, 'there is no field "id" here; ids, all and topic are taken'],
  ['no JSON', '{', 'the body is not JSON'],
])('a replay of %s is refused by name', async (_what, body, detail) => {
  await using gateway = await openGateway();
  const response = await gateway.post(`${base}/replay`, body);
  expect(response.status).toBe(400);
  expect((await gateway.problem(response)).detail).toContain(detail);
});

test('a body that is no JSON by its type is 415', async () => {
  await using gateway = await openGateway();
  const response = await gateway.post(`${base}/replay`, 'all=true', { 'content-type': 'application/x-www-form-urlencoded' });
  expect(response.status).toBe(415);
});
