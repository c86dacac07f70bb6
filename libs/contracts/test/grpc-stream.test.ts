import { setImmediate as turn } from 'node:timers/promises';
import { Problem } from '@tmws/problems';
import { eventually } from '@tmws/testkit';
import { aborted, collect, failure, openPair, options } from './open-pair.ts';

test('a stream brings all messages in their order and ends', async () => {
  await using pair = await openPair({
    async *watchExecutions({ sinceRevision }) {
      for (let i = 1n; i <= 500n; i++) yield await Promise.resolve({ revision: sinceRevision + i });
    },
  });
  const got = await collect(pair.client.watchExecutions({ sinceRevision: 1000n }, options));
  expect(got.map(({ revision }) => Number(revision))).toEqual(Array.from({ length: 500 }, (_, i) => 1001 + i));
});

test('a stream that breaks brings what came before, then the problem', async () => {
  await using pair = await openPair({
    async *watchExecutions() {
      yield await Promise.resolve({ revision: 1n });
      throw new Problem('limited', 'too many watch', { retryAfterMs: 2000 });
    },
  });
  const got: bigint[] = [];
  const reading = (async () => {
    for await (const { revision } of pair.client.watchExecutions({}, options)) got.push(revision);
  })();
  expect(await failure(reading)).toMatchObject({ kind: 'limited', message: 'too many watch', retryAfterMs: 2000 });
  expect(got).toEqual([1n]);
});

test('a stream that fails before its first message is that problem', async () => {
  await using pair = await openPair({
    // eslint-disable-next-line require-yield
    async *watchExecution() {
      await Promise.resolve();
      throw new Problem('not_found', 'there is none', { field: 'id' });
    },
  });
  const error = await failure(collect(pair.client.watchExecution({ id: 'x' }, options)));
  expect(error).toMatchObject({ kind: 'not_found', message: 'there is none', field: 'id' });
});

test('a reader that is slow slows the writer, and still gets everything', async () => {
  const total = 400;
  const big = 'x'.repeat(16 * 1024);
  let written = 0;
  await using pair = await openPair({
    async *watchExecutions() {
      for (; written < total; written++) yield await Promise.resolve({ items: [{ id: big }], revision: BigInt(written) });
    },
  });
  const reading = pair.client.watchExecutions({}, options)[Symbol.asyncIterator]();
  await reading.next();
  // The writer stands still when a thousand turns change nothing.
  let before = -1;
  while (before !== written) {
    before = written;
    for (let i = 0; i < 1000; i++) await turn();
  }
  expect(written).toBeLessThan(total / 2);
  let read = 1;
  while ((await reading.next()).done !== true) read++;
  expect(read).toBe(total);
});

test('a reader that leaves ends the handler', async () => {
  let finished = false;
  await using pair = await openPair({
    async *watchExecutions(_request, { signal }) {
      try {
        yield { revision: 1n };
        await aborted(signal);
      } finally {
        finished = true;
      }
    },
  });
  for await (const { revision } of pair.client.watchExecutions({}, options)) {
    expect(revision).toBe(1n);
    break;
  }
  await eventually(() => expect(finished).toBe(true));
  expect(pair.lines).toEqual([]);
});

test('a signal ends the stream on both sides, quietly', async () => {
  let finished = false;
  await using pair = await openPair({
    async *watchExecutions(_request, { signal }) {
      yield { revision: 1n };
      await aborted(signal);
      finished = true;
    },
  });
  const leaving = new AbortController();
  const got: bigint[] = [];
  for await (const { revision } of pair.client.watchExecutions({}, { ...options, signal: leaving.signal })) {
    got.push(revision);
    leaving.abort();
  }
  expect(got).toEqual([1n]);
  await eventually(() => expect(finished).toBe(true));
  expect(pair.lines).toEqual([]);
});

test('a signal that was there before ends the stream before it begins', async () => {
  await using pair = await openPair({
    async *watchExecutions(_request, { signal }) {
      yield { revision: 1n };
      await aborted(signal);
    },
  });
  expect(await collect(pair.client.watchExecutions({}, { ...options, signal: AbortSignal.abort() }))).toEqual([]);
});

test('a deadline ends a stream with a timeout', async () => {
  await using pair = await openPair({
    async *watchExecutions(_request, { signal }) {
      yield { revision: 1n };
      await aborted(signal);
    },
  });
  const error = await failure(collect(pair.client.watchExecutions({}, { ...options, timeoutMs: 200 })));
  expect(error).toMatchObject({ kind: 'timeout' });
});

test('a server that stops ends its streams as unavailable, and a killed one breaks them', async () => {
  const handlers = {
    async *watchExecutions(_request: unknown, { signal }: { signal: AbortSignal }) {
      yield { revision: 1n };
      await aborted(signal);
    },
  };
  await using pair = await openPair(handlers);
  const got: bigint[] = [];
  const ended = (async () => {
    for await (const { revision } of pair.client.watchExecutions({}, options)) {
      got.push(revision);
      void pair.server.close(5000);
    }
  })();
  expect(await failure(ended)).toMatchObject({ kind: 'unavailable', message: 'the service is stopping' });
  expect(got).toEqual([1n]);

  await using deaf = await openPair({
    async *watchExecutions() {
      yield { revision: 1n };
      await new Promise(() => undefined);
    },
  });
  const reading = (async () => {
    for await (const message of deaf.client.watchExecutions({}, options)) if (message.revision === 1n) void deaf.server.close(0);
  })();
  expect(await failure(reading)).toMatchObject({ kind: 'unavailable' });
});
