import { setTimeout as wait } from 'node:timers/promises';
import { Problem } from '@tmws/problems';
import { eventually } from '@tmws/testkit';
import { durations, suggestions, summary } from '../src/inbound/schemas/listing.ts';
import { anExported, startNs } from './fake-listing.ts';
import { openGateway } from './open-gateway.ts';

const base = '/api/v1/executions';

test.each([
  ['a summary', `${base}/summary?q=status:failed`, summary],
  ['suggestions', `${base}/suggest?q=st&cursor=2`, suggestions],
  ['durations', `${base}/durations`, durations],
])('%s is answered just as the document describes it', async (_what, path, schema) => {
  await using gateway = await openGateway();
  const response = await gateway.get(path);
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
  const body: unknown = await response.json();
  expect(schema.parse(body)).toEqual(body);
});

test('the filter goes to the service, by the query language and by plain parameters', async () => {
  await using gateway = await openGateway();
  const query =
    'q=etl%20steps:%3E1&workflow=w&status=failed,timed_out&from=2026-03-01T12:00:00Z&to=2026-03-01T12:00:00.000000001Z';
  const filter = { q: 'etl steps:>1', workflow: 'w', statuses: ['failed', 'timed_out'], fromNs: startNs, toNs: startNs + 1n };
  await gateway.get(`${base}/summary?${query}`);
  await (await gateway.get(`${base}/export?format=csv&${query}`)).text();
  expect(gateway.timeline.heard.map(({ request }) => (request as { filter: object }).filter)).toMatchObject([filter, filter]);
});

test('a wrong word is 400 with the field and its position, also of an export', async () => {
  await using gateway = await openGateway();
  for (const path of ['summary', 'export']) {
    const response = await gateway.get(`${base}/${path}?q=stauts:x`);
    expect(response.status).toBe(400);
    expect(await gateway.problem(response)).toMatchObject({ field: 'q', position: { start: 0, end: 6 } });
  }
});

test.each([
  ['export?format=xml', 'format', 'format must be one of jsonl, csv (got "xml")'],
  ['export?limit=5', 'limit', 'there is no parameter "limit" here; format, workflow, status'],
  ['summary?sort=x', 'sort', 'there is no parameter "sort" here'],
  ['suggest?cursor=-1', 'cursor', 'cursor must be a place in q'],
  [`summary?q=${'a'.repeat(1025)}`, 'q', 'q must be at most 1024 characters'],
])('%s is refused by name', async (path, field, detail) => {
  await using gateway = await openGateway();
  const response = await gateway.get(`${base}/${path}`);
  const document = await gateway.problem(response);
  expect([response.status, document.field]).toEqual([400, field]);
  expect(document.detail).toContain(detail);
});

test('an export as CSV is RFC 4180 with a header, and its texts are no formulas', async () => {
  await using gateway = await openGateway();
  const response = await gateway.get(`${base}/export?format=csv`);
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="executions.csv"');
  const times = '2026-03-01T12:00:00Z,2026-03-01T12:00:04.2Z,4200000000,3,1,Timeout,no answer,,,';
  expect(await response.text()).toBe(
    'id,name,workflow,version,status,startedAt,finishedAt,durationNs,steps,stepsFailed,errorType,errorMessage,parentExecutionId,origin,failedAt\r\n' +
      `run-1,nightly,etl,7,failed,${times}\r\n` +
      `"'=cmd|""x""","'-1, ""a""\r\nb",etl,7,failed,${times}\r\n` +
      'run-3,,,,planned,,,,0,0,,,,,\r\n',
  );
});

test('an export as JSONL has an execution a line, as the list has them', async () => {
  await using gateway = await openGateway();
  const response = await gateway.get(`${base}/export`);
  expect(response.headers.get('content-type')).toBe('application/jsonl; charset=utf-8');
  const lines = (await response.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; makespanNs?: string });
  expect(lines.map(({ id }) => id)).toEqual(['run-1', '=cmd|"x"', 'run-3']);
  expect(lines[0]).toMatchObject({ makespanNs: '4200000000', namespace: 'default', parentExecutionId: '' });
});

test('an export without a match is a header and nothing more', async () => {
  await using gateway = await openGateway();
  // eslint-disable-next-line @typescript-eslint/require-await, require-yield
  gateway.timeline.listing.export = async function* () {
    return;
  };
  expect(await (await gateway.get(`${base}/export?format=csv`)).text()).toMatch(/^id,.*\r\n$/);
  expect(await (await gateway.get(`${base}/export`)).text()).toBe('');
});

test('an export that breaks off is no whole answer', async () => {
  await using gateway = await openGateway();
  gateway.timeline.listing.export = async function* () {
    yield await Promise.resolve({ items: [anExported('run-1')] });
    throw new Problem('unavailable', 'the database is away');
  };
  const response = await gateway.get(`${base}/export`);
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow();
});

test('who reads slowly slows the service down, and who leaves ends it', async () => {
  await using gateway = await openGateway();
  let given = 0;
  let ended = false;
  const items = Array.from({ length: 500 }, (_, n) => anExported(`run-${n}`, { name: 'x'.repeat(1000) }));
  gateway.timeline.listing.export = async function* () {
    try {
      for (; given < 400; given++) yield await Promise.resolve({ items });
    } finally {
      ended = true;
    }
  };
  const response = await gateway.get(`${base}/export`);
  const reader = response.body!.getReader();
  await reader.read();
  // Until the buffers between are full and no more is asked for.
  let before = -1;
  while (before !== given) {
    before = given;
    await wait(200);
  }
  expect(given).toBeLessThan(200);
  await reader.cancel();
  await eventually(() => expect(ended).toBe(true));
});
