import { step } from '../src/inbound/schemas/step.ts';
import { waits } from '../src/inbound/schemas/waits.ts';
import { openGateway } from './open-gateway.ts';

const base = '/api/v1/executions';
const stepKey = '0f4c2d9a7be1835560d1c9e24ab3f798';
const sha256 = 'f'.repeat(64);

test.each([
  ['why steps waited', `${base}/run-42/waits`, waits],
  ['a step', `${base}/run-42/steps/${stepKey}`, step],
])('%s is answered just as the document describes it', async (_what, path, schema) => {
  await using gateway = await openGateway();
  const response = await gateway.get(path);
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
  const body: unknown = await response.json();
  expect(schema.parse(body)).toEqual(body);
});

test('how many waits are asked for goes to the service, and no more than a thousand', async () => {
  await using gateway = await openGateway();
  await gateway.get(`${base}/run-42/waits?limit=7`);
  expect(gateway.timeline.heard[0]!.request).toMatchObject({ id: 'run-42', limit: 7 });
  const refused = await gateway.get(`${base}/run-42/waits?limit=1001`);
  expect((await gateway.problem(refused)).detail).toBe('limit must be a whole number from 1 to 1000 (got "1001")');
});

test('a value too large to be given along is a path, and the path answers it for ever', async () => {
  await using gateway = await openGateway();
  const id = 'a/b c?ü';
  const found = (await (await gateway.get(`${base}/${encodeURIComponent(id)}/steps/${stepKey}`)).json()) as {
    attempts: unknown[];
  };
  const [attempt] = found.attempts as unknown as { input: object; output: { ref: string } }[];
  const path = `${base}/${encodeURIComponent(id)}/steps/${stepKey}/payloads/${sha256}`;
  expect(attempt).toMatchObject({
    input: { inline: 'q', ref: '' },
    output: { ref: path, sha256, bytes: '9000', truncated: true },
  });
  const response = await gateway.get(attempt!.output.ref);
  expect([response.status, response.headers.get('etag'), response.headers.get('content-type')]).toEqual([
    200,
    `"${sha256}"`,
    'application/json; charset=utf-8',
  ]);
  expect(response.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
  expect(await response.json()).toEqual({ answer: 'ü' });
  expect(gateway.timeline.heard.at(-1)!.request).toMatchObject({ id, stepKey, sha256 });
  const known = await gateway.get(path, { headers: { 'if-none-match': `"${sha256}"` } });
  expect([known.status, await known.text()]).toEqual([304, '']);
});

test.each([
  [
    `${base}/run-42/steps/search`,
    400,
    'stepKey',
    'stepKey must be 32 or 16 lower-case hex digits, as the timeline gives it (got "search")',
  ],
  [`${base}/run-42/steps/${stepKey}/payloads/abc`, 400, 'sha256', 'sha256 must be 64 lower-case hex digits (got "abc")'],
  [`${base}/run-42/steps/${stepKey}?limit=1`, 400, 'limit', 'there is no parameter "limit" here; only namespace is taken'],
  [`${base}/run-42/steps/${'0'.repeat(32)}`, 404, undefined, `there is no step ${'0'.repeat(32)}`],
  [`${base}/run-42/steps/${stepKey}/payloads/${'0'.repeat(64)}`, 404, undefined, `there is no value ${'0'.repeat(64)}`],
  [`${base}/nope/waits`, 404, undefined, 'there is no execution "nope"'],
])('%s is refused with %i', async (path, status, field, detail) => {
  await using gateway = await openGateway();
  const response = await gateway.get(path);
  const document = await gateway.problem(response);
  expect([response.status, response.headers.get('cache-control')]).toEqual([status, 'no-store']);
  expect([document.field, document.detail]).toEqual([field, detail]);
});
