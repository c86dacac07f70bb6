import { connect } from 'node:net';
import { readBody } from '@tmws/http';
import type { ProblemDocument } from '@tmws/problems';
import { eventually } from '@tmws/testkit';
import { openServer, type Opened } from './open-server.ts';

const maxBytes = 64 * 1024;
const echo = (more = {}): Promise<Opened> =>
  openServer((router) => {
    router.post('/', async (request, response) => {
      response.json({ bytes: (await readBody(request, maxBytes)).length });
    });
  }, more);

/** A body without a length, so the server learns only on the way that it is too large. */
const chunked = (bytes: number): ReadableStream<Uint8Array> => {
  let left = bytes;
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) return controller.close();
      controller.enqueue(new Uint8Array(Math.min(16 * 1024, left)));
      left -= 16 * 1024;
    },
  });
};

test('a body up to the limit is read', async () => {
  await using opened = await echo();
  const response = await fetch(opened.url, { method: 'POST', body: new Uint8Array(maxBytes) });
  expect(await response.json()).toEqual({ bytes: maxBytes });
});

test.each([
  ['with its length said', () => ({ body: new Uint8Array(maxBytes * 4) })],
  ['of unknown length', () => ({ body: chunked(maxBytes * 4), duplex: 'half' })],
])('a larger body %s is answered 413, on a connection that goes on', async (_how, init) => {
  await using opened = await echo();
  const response = await fetch(opened.url, { method: 'POST', ...init() } as RequestInit);
  expect(response.status).toBe(413);
  expect(((await response.json()) as ProblemDocument).detail).toBe('the body must be at most 65536 bytes; send it in parts');
  expect((await fetch(opened.url, { method: 'POST', body: 'x' })).status).toBe(200);
});

test('a body that goes on for ever is cut off', async () => {
  await using opened = await echo();
  const socket = connect(opened.port, '127.0.0.1');
  let closed = false;
  socket.on('close', () => (closed = true)).on('error', () => undefined);
  socket.write(`POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n`);
  const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
  await eventually(() => {
    if (!closed) socket.write(chunk);
    expect(closed).toBe(true);
  });
});

test('a compressed body is refused by name', async () => {
  await using opened = await echo();
  const response = await fetch(opened.url, { method: 'POST', body: 'x', headers: { 'content-encoding': 'gzip' } });
  expect(response.status).toBe(415);
  expect(((await response.json()) as ProblemDocument).field).toBe('content-encoding');
});

test.each([
  ['headers', 'POST / HTTP/1.1\r\nhost: localhost\r\nx-a: '],
  ['its body', 'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\nabc'],
])('a client that never finishes %s is answered 408 and cut off', async (_what, text) => {
  await using opened = await echo({ requestTimeoutMs: 200 });
  const answer = await opened.raw(text);
  expect(answer).toMatch(/^HTTP\/1.1 408 Request Timeout\r\ncontent-type: application\/problem\+json/);
  expect(answer).toContain('the request did not arrive in time');
});

test('headers that are too large are 431, and what is no HTTP is 400, both as problems', async () => {
  await using opened = await echo();
  expect(await opened.raw(`GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(
    /^HTTP\/1.1 431 [^]*"kind":"too_large"/,
  );
  expect(await opened.raw('\x16\x03\x01 rubbish\r\n\r\n')).toMatch(/^HTTP\/1.1 400 [^]*"kind":"invalid"/);
});

test('connections beyond the limit are turned away, and taken again when others have gone', async () => {
  await using opened = await echo({ maxConnections: 2 });
  const sockets = [connect(opened.port, '127.0.0.1'), connect(opened.port, '127.0.0.1')];
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
  await eventually(() => expect(fetch(opened.url, { method: 'POST' })).rejects.toThrow('fetch failed'));
  for (const socket of sockets) socket.destroy();
  await eventually(async () => expect((await fetch(opened.url, { method: 'POST' })).status).toBe(200));
});

test('a reader that stopped reading is cut off', async () => {
  let gone = false;
  await using opened = await openServer(
    (router) => {
      router.get('/', (_request, response) => {
        response.once('close', () => (gone = !response.writableFinished));
        response.send(Buffer.alloc(64 * 1024 * 1024));
      });
    },
    { stallTimeoutMs: 200 },
  );
  const socket = connect(opened.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'));
  socket.on('error', () => undefined).pause();
  await eventually(() => expect(gone).toBe(true));
  socket.destroy();
});

test('a server that closes lets a request finish and ends the rest', async () => {
  const answering = Promise.withResolvers<undefined>();
  let asked = false;
  const opened = await openServer((router) => {
    router.get('/', async (_request, response) => {
      asked = true;
      await answering.promise;
      response.json({ done: true });
    });
    router.get('/never', () => new Promise(() => undefined));
  });
  const finishing = fetch(opened.url);
  const never = fetch(`${opened.url}/never`).catch((error: unknown) => error);
  await eventually(() => expect(asked).toBe(true));
  const closed = opened.server.close(300);
  answering.resolve(undefined);
  expect(await (await finishing).json()).toEqual({ done: true });
  expect(await never).toMatchObject({ message: 'fetch failed' });
  await closed;
});
