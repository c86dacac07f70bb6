import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort } from '@tmws/testkit';
import { heartbeatPost } from '../src/outbound/heartbeat-post.ts';
import { dispatcherKeepsUp, eventsAreTaken, heartbeat } from '../src/usecases/heartbeat.ts';

async function openWatchdog(status: () => number) {
  const beats: string[] = [];
  const server = createServer((request, response) => {
    beats.push(request.method ?? '');
    response.writeHead(status(), { location: 'http://127.0.0.1:1/' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/s3cret`,
    beats,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

const works = { name: 'the store', ask: () => Promise.resolve(undefined) };

test('a watchdog hears of us as long as every part works, and nothing once one does not', async () => {
  await using watchdog = await openWatchdog(() => 200);
  const state: { broken: string | undefined } = { broken: undefined };
  const log = { name: 'the log', ask: () => Promise.resolve(state.broken) };
  const beat = heartbeat({ checks: [works, log], send: heartbeatPost(watchdog.url) });
  expect(await beat()).toEqual({ beat: 'sent' });
  state.broken = 'events wait';
  expect(await beat()).toEqual({ beat: 'withheld', reason: 'the log: events wait' });
  const throwing = { name: 'the store', ask: () => Promise.reject(new Error('it is away')) };
  expect(await heartbeat({ checks: [throwing], send: heartbeatPost(watchdog.url) })()).toEqual({
    beat: 'withheld',
    reason: 'the store: it is away',
  });
  expect(watchdog.beats).toEqual(['POST']);
});

test('a watchdog that does not take it, or is not there, is told of without its address', async () => {
  await using watchdog = await openWatchdog(() => 307);
  expect(await heartbeat({ checks: [], send: heartbeatPost(watchdog.url) })()).toEqual({
    beat: 'failed',
    reason: 'the watchdog answered 307',
  });
  expect(await heartbeat({ checks: [], send: heartbeatPost(`http://127.0.0.1:${await freePort()}/s3cret`) })()).toEqual({
    beat: 'failed',
    reason: 'the watchdog does not answer (ECONNREFUSED)',
  });
});

test('a dispatcher that leaves what is due is behind', async () => {
  const asked = (dueMs: number | undefined) =>
    dispatcherKeepsUp(
      () => Promise.resolve(dueMs),
      () => 100_000,
      30_000,
    )();
  expect(await asked(undefined)).toBeUndefined();
  expect(await asked(200_000)).toBeUndefined();
  expect(await asked(70_000)).toBeUndefined();
  expect(await asked(69_000)).toBe('what is due waits for 31 s');
});

test('events that wait are no matter as long as they are taken', async () => {
  const at = { logged: 5n, taken: 1n };
  const ask = eventsAreTaken(() => Promise.resolve([{ partition: 'tmws.security/3', ...at }]));
  expect(await ask()).toBeUndefined();
  at.taken = 2n;
  expect(await ask()).toBeUndefined();
  expect(await ask()).toBe('events wait in tmws.security/3 and none is taken');
  at.taken = 5n;
  expect(await ask()).toBeUndefined();
});
