import { getEventListeners } from 'node:events';
import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { lastEventId, openStream, type Stream } from '@tmws/http';
import { eventually } from '@tmws/testkit';
import { openServer } from './open-server.ts';

const streaming = (tell: (stream: Stream, since: string | undefined) => Promise<void>) =>
  openServer((router, server) => {
    router.get('/', async (request, response) => {
      const stream = openStream(request, response, server.closing);
      await tell(stream, lastEventId(request));
    });
  });

test('events come with their ids and types, after how long to wait before coming again', async () => {
  await using opened = await streaming(async (stream, since) => {
    await stream.send({ id: '8', type: 'change', data: { text: 'a\nb', since } });
    await stream.send({ type: 'end', data: {} });
    stream.end();
  });
  const response = await fetch(opened.url, { headers: { 'last-event-id': '7' } });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await response.text()).toBe(
    'retry: 1000\n\nid: 8\nevent: change\ndata: {"text":"a\\nb","since":"7"}\n\nevent: end\ndata: {}\n\n',
  );
});

test('a client that leaves is noticed', async () => {
  let left = false;
  await using opened = await streaming(async (stream) => {
    await stream.send({ type: 'a', data: 1 });
    stream.signal.addEventListener('abort', () => (left = true));
  });
  const leaving = new AbortController();
  const response = await fetch(opened.url, { signal: leaving.signal });
  await response.body!.getReader().read();
  leaving.abort();
  await eventually(() => expect(left).toBe(true));
});

test('a server that closes ends its streams', async () => {
  await using opened = await streaming((stream) => stream.send({ type: 'a', data: 1 }));
  const response = await fetch(opened.url);
  const closed = opened.server.close(5000);
  expect(await response.text()).toContain('event: a');
  await closed;
});

test('a reader that is slow holds the writer back', async () => {
  let sent = 0;
  await using opened = await streaming(async (stream) => {
    for (; sent < 2000 && !stream.signal.aborted; sent++) await stream.send({ type: 'a', data: 'x'.repeat(64 * 1024) });
  });
  const socket = connect(opened.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'));
  socket.on('error', () => undefined).pause();
  await eventually(() => expect(sent).toBeGreaterThan(0));
  let before = -1;
  while (before !== sent) {
    before = sent;
    for (let i = 0; i < 1000; i++) await turn();
  }
  expect(sent).toBeLessThan(1000);
  socket.destroy();
});

test('HEAD of a stream is its headers alone', async () => {
  let aborted: boolean | undefined;
  await using opened = await streaming((stream) => {
    aborted = stream.signal.aborted;
    return Promise.resolve();
  });
  const response = await fetch(opened.url, { method: 'HEAD' });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  expect(aborted).toBe(true);
});

test('streams that ended leave nothing on the server', async () => {
  await using opened = await streaming(async (stream) => {
    await stream.send({ type: 'a', data: 1 });
    stream.end();
  });
  for (let i = 0; i < 3; i++) await (await fetch(opened.url)).text();
  expect(getEventListeners(opened.server.closing, 'abort')).toEqual([]);
});
