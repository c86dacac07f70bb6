import { createServer } from 'node:net';
import { join } from 'node:path';
import { fromBinary, fromJsonString } from '@bufbuild/protobuf';
import { guardedDoor } from '@tmws/auth';
import { RpcStatusSchema } from '@tmws/contracts/otlp';
import { cacheDir, eventually, tempDir, type TempDir } from '@tmws/testkit';
import { type Host, loadHostConfig, openHost } from '../src/index.ts';

let dir: TempDir;
let host: Host | undefined;

beforeEach(async () => {
  dir = await tempDir('host');
});
afterEach(async () => {
  await host?.close();
  host = undefined;
  await dir.remove();
});

const config = (more: NodeJS.ProcessEnv = {}) =>
  loadHostConfig('test', {
    TMWS_HTTP_PORT: '0',
    TMWS_GRPC_PORT: '0',
    TMWS_ADMIN_PORT: '0',
    TMWS_OTLP_GRPC_PORT: '0',
    TMWS_OTLP_HTTP_PORT: '0',
    TMWS_DATA_DIR: join(dir.path, 'data'),
    TMWS_CACHE_DIR: cacheDir(),
    TMWS_LOG_LEVEL: 'silent',
    ...more,
  });
const open = async (more: NodeJS.ProcessEnv = {}): Promise<Host> =>
  (host = await openHost({ name: 'test', config: config(more), brokers: ['127.0.0.1:1'] }));
const get = async (port: number, path: string): Promise<number> => (await fetch(`http://127.0.0.1:${port}${path}`)).status;

test('only the listeners somebody asked for are opened', async () => {
  const bare = await open();
  expect(await bare.listen()).toEqual({ admin: expect.any(Number) as number });
  await bare.close();
  const whole = await open();
  expect([whole.http, whole.grpc]).toEqual([whole.http, whole.grpc]);
  const ports = await whole.listen();
  expect(Object.keys(ports).sort()).toEqual(['admin', 'grpc', 'http']);
  expect(await get(ports.http!, '/nothing')).toBe(404);
});

test('a process is alive from the start, ready when its listeners are open, and not ready any more when it drains', async () => {
  const opened = await open();
  expect(opened.http).toBeDefined();
  const { admin, http } = await opened.listen();
  expect([await get(admin, '/healthz'), await get(admin, '/readyz'), await get(admin, '/metrics')]).toEqual([200, 200, 200]);
  await opened.drain();
  expect([await get(admin, '/healthz'), await get(admin, '/readyz')]).toEqual([200, 503]);
  await expect(get(http!, '/')).rejects.toThrow();
  await opened.close();
  await expect(get(admin, '/healthz')).rejects.toThrow();
});

test('a process that was told to stop serves on for the drain delay, and its answers end their connections', async () => {
  const opened = await open({ TMWS_DRAIN_DELAY: '300ms' });
  expect(opened.http).toBeDefined();
  const { admin, http } = await opened.listen();
  const before = await fetch(`http://127.0.0.1:${http}/nothing`);
  expect(before.headers.get('connection')).toBe('keep-alive');
  const left = opened.leave();
  expect(opened.leaving.aborted).toBe(true);
  const answer = await fetch(`http://127.0.0.1:${http}/nothing`);
  expect([answer.status, answer.headers.get('connection'), await get(admin, '/readyz')]).toEqual([404, 'close', 503]);
  await left;
});

test('an embedded database nobody else migrates is not waited for', async () => {
  const opened = await open({ TMWS_MIGRATE: 'wait' });
  await expect(opened.migrated({ schema: 'small', dir: import.meta.dirname })).rejects.toMatchObject({
    kind: 'precondition',
    message: 'TMWS_MIGRATE is wait and the database is embedded, so nobody else migrates it; set it to on',
  });
}, 60_000);

test('the database is one for all who ask, and closing the host closes it', async () => {
  const opened = await open();
  const [db, same] = await Promise.all([opened.database(), opened.database()]);
  expect(same).toBe(db);
  expect(await db.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await opened.close();
  await opened.close();
  await expect(db.query('SELECT 1')).rejects.toMatchObject({ kind: 'unavailable', message: 'the database is closed' });
}, 60_000);

test('a port in use is one clear sentence, and nothing stays open', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => void taken.listen(0, '127.0.0.1', () => resolve()));
  const { port } = taken.address() as { port: number };
  await expect(open({ TMWS_ADMIN_PORT: String(port) })).rejects.toMatchObject({
    kind: 'precondition',
    message: expect.stringContaining(String(port)) as string,
  });
  await new Promise((resolve) => void taken.close(resolve));
});

test('a peer answers where its setting says, or in this process, or nobody knows', async () => {
  const opened = await open();
  expect(opened.peer('timeline', 'timeline:50051')()).toBe('timeline:50051');
  const here = opened.peer('timeline', undefined);
  expect(here).toThrow('nobody said where timeline answers');
  expect(opened.grpc).toBeDefined();
  const { grpc } = await opened.listen();
  expect(here()).toBe(`127.0.0.1:${grpc}`);
});

test.each(['application/x-protobuf', 'application/json'])('OTLP by HTTP is refused as a Status in %s', async (type) => {
  const opened = await open({ TMWS_AUTH: 'on', TMWS_ADMIN_KEY: 'a'.repeat(40) });
  opened.guard(
    guardedDoor({ verify: () => Promise.resolve({ refused: 'x' }), record: () => Promise.resolve(), clock: Date.now }),
  );
  expect(opened.otlp.http).toBeDefined();
  const { otlpHttp } = await opened.listen();
  const sent = { method: 'POST', headers: { 'content-type': `${type}; charset=utf-8` } };
  const answer = await fetch(`http://127.0.0.1:${otlpHttp}/v1/traces`, sent);
  expect([answer.status, answer.headers.get('content-type')?.split(';')[0]]).toEqual([401, type]);
  expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="tmws"');
  const bytes = Buffer.from(await answer.arrayBuffer());
  const status =
    type === 'application/json' ? fromJsonString(RpcStatusSchema, bytes.toString()) : fromBinary(RpcStatusSchema, bytes);
  expect(status).toMatchObject({ code: 16, message: expect.stringContaining('this needs a credential') as string });
});

test('closing a host whose Kafka never answered takes no long time', async () => {
  const opened = await open();
  const consumer = opened.events.consume({
    group: 'g',
    topics: ['t'],
    lanes: 1,
    loadOffsets: () => Promise.resolve([]),
    handle: () => Promise.resolve(),
    park: () => Promise.resolve(),
  });
  const publishing = opened.events.publish([{ topic: 't', key: undefined, headers: {}, value: undefined }]).catch(String);
  await eventually(async () => (await opened.metrics.text()).length > 0);
  const beganMs = performance.now();
  await consumer.close();
  await opened.close();
  expect(performance.now() - beganMs).toBeLessThan(6000);
  expect(await publishing).toMatch(/^Problem: /);
});
