import { openGrpcClient, openGrpcServer, TimelineService } from '@tmws/contracts';
import { Problem, problemKinds } from '@tmws/problems';
import { openLogger, openMetrics } from '@tmws/telemetry';
import { eventually } from '@tmws/testkit';
import { Health, HealthCheckResponse_ServingStatus as Status } from '../src/gen/grpc/health/v1/health_pb.ts';
import { aborted, failure, openPair, options } from './open-pair.ts';

test('a call carries its message, namespace and request id, and brings the answer back', async () => {
  const heard: unknown[] = [];
  await using pair = await openPair({
    getExecution: ({ id }, { caller }) => {
      heard.push(id, caller);
      return Promise.resolve({ execution: { id, revision: 9_007_199_254_740_993n } });
    },
  });
  const { execution } = await pair.client.getExecution({ id: 'läuft 42' }, options);
  expect(execution).toMatchObject({ id: 'läuft 42', revision: 9_007_199_254_740_993n });
  expect(execution?.startedAtNs).toBeUndefined();
  expect(heard).toEqual(['läuft 42', { namespace: 'team-a', principal: 'anonymous', requestId: 'request-1' }]);
});

// `internal` never says what it was: the next test.
test.each(problemKinds.filter((kind) => kind !== 'internal'))(
  'a problem of kind %s arrives with its kind, field, wait and words',
  async (kind) => {
    const problem = new Problem(kind, 'zu groß: 100 % of "ids[3]" – \ud800 see /docs?a=b#c', {
      field: 'data.ids[3] ü',
      retryAfterMs: 1500,
    });
    await using pair = await openPair({ getExecution: () => Promise.reject(problem) });
    const error = await failure(pair.client.getExecution({ id: 'x' }, options));
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({
      kind,
      message: 'zu groß: 100 % of "ids[3]" – \ufffd see /docs?a=b#c',
      field: 'data.ids[3] ü',
      retryAfterMs: 1500,
    });
    expect(pair.lines).toEqual([]);
  },
);

test('an unknown error leaves as a fixed sentence and goes to the log', async () => {
  await using pair = await openPair({ getExecution: () => Promise.reject(new Error('password=hunter2 at /srv/x.ts')) });
  const error = await failure(pair.client.getExecution({ id: 'x' }, options));
  expect(error).toMatchObject({ kind: 'internal', message: 'Something went wrong on our side; the log has the details.' });
  await eventually(() => expect(pair.lines.join('')).toContain('hunter2'));
});

test('a handler that throws before it makes a promise is answered like any other', async () => {
  await using pair = await openPair({
    getExecution: () => {
      throw new Problem('not_found', 'there is none');
    },
  });
  expect(await failure(pair.client.getExecution({ id: 'x' }, options))).toMatchObject({
    kind: 'not_found',
    message: 'there is none',
  });
});

test('a wrong namespace is refused before the handler is asked', async () => {
  await using pair = await openPair({ getExecution: () => Promise.reject(new Error('it was asked')) });
  const error = await failure(pair.client.getExecution({}, { caller: { ...options.caller, namespace: 'Not_Ours' } }));
  expect(error).toMatchObject({ kind: 'invalid', field: 'namespace' });
  expect((error as Error).message).toContain('metadata x-tmws-namespace must be 1 to 63 characters');
});

test('a server that hangs is a timeout after the deadline, and the handler learns of it', async () => {
  let left = false;
  await using pair = await openPair(
    {
      getExecution: async (_request, { signal }) => {
        await aborted(signal);
        left = true;
        return {};
      },
    },
    150,
  );
  const error = await failure(pair.client.getExecution({ id: 'x' }, options));
  expect(error).toMatchObject({ kind: 'timeout', message: 'tmws.timeline.v1.TimelineService did not answer in time' });
  await eventually(() => expect(left).toBe(true));
  expect(pair.lines).toEqual([]);
});

test('a server that is away is unavailable and says when to come again, without an address', async () => {
  await using pair = await openPair({});
  await pair.server.close(0);
  const error = await failure(pair.client.getExecution({ id: 'x' }, options));
  expect(error).toMatchObject({ kind: 'unavailable', retryAfterMs: 1000 });
  expect((error as Error).message).toBe('tmws.timeline.v1.TimelineService is away; try again in a moment');
});

test('a client that was closed says so, and lets what is under way finish', async () => {
  const answering = Promise.withResolvers<object>();
  let asked = false;
  await using pair = await openPair({
    getExecution: () => {
      asked = true;
      return answering.promise;
    },
  });
  const underWay = pair.client.getExecution({ id: 'x' }, options);
  await eventually(() => expect(asked).toBe(true));
  pair.client.close();
  answering.resolve({ execution: { id: 'x' } });
  expect((await underWay).execution?.id).toBe('x');
  expect(await failure(pair.client.getExecution({ id: 'x' }, options))).toMatchObject({
    kind: 'unavailable',
    message: 'this process is stopping; try again in a moment',
  });
});

test('a caller that leaves ends the call with its own reason, and the handler learns of it', async () => {
  let asked = false;
  let left = false;
  await using pair = await openPair({
    getExecution: async (_request, { signal }) => {
      asked = true;
      await aborted(signal);
      left = true;
      return {};
    },
  });
  const leaving = new AbortController();
  const call = failure(pair.client.getExecution({ id: 'x' }, { ...options, signal: leaving.signal }));
  await eventually(() => expect(asked).toBe(true));
  leaving.abort(new Problem('timeout', 'the browser went away'));
  expect(await call).toMatchObject({ message: 'the browser went away' });
  await eventually(() => expect(left).toBe(true));
});

test('a caller that has left before does not ask at all', async () => {
  const pairHandlers = { getExecution: () => Promise.reject(new Error('it was asked')) };
  await using pair = await openPair(pairHandlers);
  const gone = AbortSignal.abort(new Problem('timeout', 'gone'));
  expect(await failure(pair.client.getExecution({ id: 'x' }, { ...options, signal: gone }))).toMatchObject({ message: 'gone' });
  expect(pair.lines).toEqual([]);
});

test('a service the server does not have is unsupported', async () => {
  await using pair = await openPair({});
  const method = { ...TimelineService.method.getTimeline, name: 'GetTimelineOfTomorrow' };
  const tomorrow = openGrpcClient({ ...TimelineService, methods: [method] }, () => pair.address, {
    timeoutMs: 5000,
  });
  expect(await failure(tomorrow.getTimeline({ id: 'x' }, options))).toMatchObject({ kind: 'unsupported' });
  tomorrow.close();
});

test('a server on an IPv6 address answers there', async () => {
  const server = openGrpcServer({ host: '::1', port: 0, logger: openLogger('test', 'silent'), metrics: openMetrics() });
  const port = await server.listen();
  const health = openGrpcClient(Health, () => `[::1]:${port}`, { timeoutMs: 5000 });
  expect((await health.check({ service: '' }, options)).status).toBe(Status.NOT_SERVING);
  health.close();
  await server.close(0);
});

test('a port that is in use is one sentence', async () => {
  await using pair = await openPair({});
  const port = Number(pair.address.split(':')[1]);
  const second = openGrpcServer({ host: '127.0.0.1', port, logger: openLogger('test', 'silent'), metrics: openMetrics() });
  expect(await failure(second.listen())).toMatchObject({
    kind: 'precondition',
    message: `gRPC cannot listen on 127.0.0.1:${port}: the port is in use by another process`,
  });
});
