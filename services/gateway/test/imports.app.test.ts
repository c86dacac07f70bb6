import { gzipSync } from 'node:zlib';
import { Problem } from '@tmws/problems';
import { importList, importSchema, operation, operationList } from '../src/inbound/schemas/imports.ts';
import { aborted } from './fake-timeline.ts';
import { anOperation, openFakeImports } from './fake-imports.ts';
import { openGateway } from './open-gateway.ts';

async function open() {
  const fake = await openFakeImports();
  const gateway = await openGateway({}, fake.ports);
  return {
    ...gateway,
    fake,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await fake[Symbol.asyncDispose]();
    },
  };
}

const id = 'imp-5d41402abc4b2a76';
const post = (gateway: Awaited<ReturnType<typeof open>>, query = '', init: RequestInit = {}) =>
  gateway.get(`/api/v1/imports${query}`, { method: 'POST', body: '{"events":[]}', ...init });

test.each([
  ['a page of imports', '/api/v1/imports', importList],
  ['an import', `/api/v1/imports/${id}`, importSchema],
  ['a page of operations', '/api/v1/operations?status=running,done', operationList],
  ['an operation', `/api/v1/operations/${id}`, operation],
  ['an operation that has ended', `/api/v1/operations/${id}?wait=5s`, operation],
])('%s is answered just as the document describes it', async (_what, path, schema) => {
  await using gateway = await open();
  const response = await gateway.get(path);
  expect(response.status).toBe(200);
  const body: unknown = await response.json();
  expect(schema.parse(body)).toEqual(body);
});

test('a file of any size and type goes on as it comes, with its name', async () => {
  await using gateway = await open();
  const file = Buffer.alloc(9 * 1024 * 1024, 'x');
  const response = await post(gateway, '?name=big.json&namespace=team-b', {
    body: file,
    headers: { 'content-type': 'application/x-anything' },
  });
  expect([response.status, response.headers.get('location')]).toEqual([202, `/api/v1/operations/${id}`]);
  expect(await response.json()).toMatchObject({
    id,
    status: 'running',
    done: 10,
    total: 30,
    unit: 'facts',
    rate: 20,
    etaSeconds: 1,
  });
  expect(gateway.fake.received().equals(file)).toBe(true);
  expect(gateway.fake.heard[0]?.call.caller.namespace).toBe('team-b');
});

test('a compressed file goes on compressed; other encodings and forms are refused by name', async () => {
  await using gateway = await open();
  const file = gzipSync('{"events":[]}');
  expect((await post(gateway, '', { body: file, headers: { 'content-encoding': 'gzip' } })).status).toBe(202);
  expect(gateway.fake.received().equals(file)).toBe(true);
  const brotli = await post(gateway, '', { headers: { 'content-encoding': 'br' } });
  expect([brotli.status, await gateway.problem(brotli)]).toMatchObject([415, { field: 'content-encoding' }]);
  const form = new FormData();
  form.set('file', new Blob(['{}']));
  const response = await post(gateway, '', { body: form });
  expect([response.status, await gateway.problem(response)]).toMatchObject([415, { field: 'content-type' }]);
});

test('who waits gets 200 when it is done, 202 when it is not, and the problem when it fails', async () => {
  await using gateway = await open();
  const done = await post(gateway, '?wait=30s');
  expect(done.status).toBe(200);
  expect(await done.json()).toMatchObject({
    status: 'done',
    result: { format: 'temporal', executions: [{ id: 'run-42', steps: 7 }] },
  });
  gateway.fake.answers.watchOperation = async function* (_request, { signal }) {
    yield { operation: anOperation('running') };
    await aborted(signal);
  };
  expect((await post(gateway, '?wait=50ms')).status).toBe(202);
  gateway.fake.answers.watchOperation = async function* () {
    yield await Promise.resolve({ operation: anOperation('failed') });
  };
  const failed = await post(gateway, '?wait=30s');
  expect(failed.status).toBe(400);
  expect(await gateway.problem(failed)).toMatchObject({
    detail: 'line 17: time is missing',
    operation: { id, status: 'failed' },
  });
});

test.each(['1', '6m', '-1s', 'soon', '30s&wait=1s'])('?wait=%s is refused by name', async (wait) => {
  await using gateway = await open();
  const response = await post(gateway, `?wait=${wait}`);
  expect([response.status, (await gateway.problem(response)).field]).toEqual([400, 'wait']);
});

test('a file that is refused on its way is answered while the client still sends', async () => {
  await using gateway = await open();
  gateway.fake.answers.startImport = async (requests) => {
    await requests[Symbol.asyncIterator]().next();
    throw new Problem('unsupported', 'the file is of no format known here');
  };
  const response = await post(gateway, '', { body: Buffer.alloc(40 * 1024 * 1024) });
  expect([response.status, (await gateway.problem(response)).detail]).toEqual([415, 'the file is of no format known here']);
});

test('while the store is away a file is 503 with when to come again', async () => {
  await using gateway = await open();
  gateway.fake.answers.startImport = () =>
    Promise.reject(new Problem('unavailable', 'the database is away', { retryAfterMs: 1000 }));
  const response = await post(gateway);
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
});

test('an operation is cancelled by its id, one that has ended is 409, one that is not there 404', async () => {
  await using gateway = await open();
  const cancel = (which: string) => gateway.post(`/api/v1/operations/${which}/cancel`, '');
  expect((await cancel(id)).status).toBe(200);
  expect((await cancel('imp-0')).status).toBe(404);
  gateway.fake.answers.cancelOperation = () => Promise.reject(new Problem('precondition', 'the operation is done'));
  expect((await cancel(id)).status).toBe(409);
});
