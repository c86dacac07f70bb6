// Connections that end while calls are made: of their age, or because a replica stops.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type GrpcServer, type Handlers, openGrpcClient, openGrpcServer, TimelineService } from '@tmws/contracts';
import { openLogger, openMetrics } from '@tmws/telemetry';
import { eventually } from '@tmws/testkit';
import { failure, options } from './open-pair.ts';

type Timeline = Handlers<(typeof TimelineService)['method']>;

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function openReplica(handlers: Partial<Timeline>, maxConnectionAgeMs?: number) {
  const shared = { host: '127.0.0.1', logger: openLogger('test', 'silent'), metrics: openMetrics() };
  const server: GrpcServer = openGrpcServer({ ...shared, port: 0, maxConnectionAgeMs });
  server.add(TimelineService, handlers as Timeline);
  const port = await server.listen();
  opened.push(() => server.close(0));
  return { server, port };
}

/** A door before replicas that gives connections to them in turn, as a Service of Kubernetes does. */
async function openDoor(ports: () => readonly number[]) {
  const state = { connections: 0 };
  const open = new Set<Socket>();
  const door = createServer((socket) => {
    const all = ports();
    const to = connect(all[state.connections++ % all.length] ?? 0, '127.0.0.1');
    for (const [one, other] of [
      [socket, to],
      [to, socket],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => open.delete(one));
      one.pipe(other);
    }
  });
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  opened.push(async () => {
    for (const socket of open) socket.destroy();
    door.close();
    await once(door, 'close');
  });
  return {
    address: `127.0.0.1:${(door.address() as AddressInfo).port}`,
    connections: () => state.connections,
  };
}

function openClient(address: string) {
  const client = openGrpcClient(TimelineService, () => address, { timeoutMs: 10_000 });
  opened.push(() => client.close());
  return client;
}

test('no call fails while connections end of their age, one after the other', async () => {
  const slowly: Partial<Timeline> = {
    getExecution: ({ id }) => new Promise((resolve) => void setTimeout(() => resolve({ execution: { id } }), 3)),
  };
  const { port } = await openReplica(slowly, 50);
  const door = await openDoor(() => [port]);
  const client = openClient(door.address);
  const failed: unknown[] = [];
  let calls = 0;
  const caller = async (): Promise<void> => {
    while (door.connections() < 10) {
      calls++;
      await client.getExecution({ id: 'x' }, options).catch((error: unknown) => failed.push(error));
    }
  };
  await Promise.all(Array.from({ length: 8 }, caller));
  expect(failed).toEqual([]);
  expect(calls).toBeGreaterThan(10);
});

test('a stream outlives the age of its connection, and calls beside it go over a younger one', async () => {
  const told = Promise.withResolvers<undefined>();
  const { port } = await openReplica(
    {
      async *watchExecutions() {
        yield {};
        await told.promise;
        yield {};
      },
      getExecution: () => Promise.resolve({}),
    },
    20,
  );
  const door = await openDoor(() => [port]);
  const client = openClient(door.address);
  const stream = client.watchExecutions({}, options)[Symbol.asyncIterator]();
  expect((await stream.next()).done).toBe(false);
  await eventually(async () => {
    await client.getExecution({ id: 'x' }, options);
    expect(door.connections()).toBeGreaterThan(2);
  });
  told.resolve(undefined);
  expect((await stream.next()).done).toBe(false);
});

test('a replica that stops finishes the calls it has and ends its streams as unavailable; calls that come go to another', async () => {
  const held = Promise.withResolvers<undefined>();
  const handlers = (name: string): Partial<Timeline> => ({
    getExecution: async ({ id }) => {
      if (id === 'slow') await held.promise;
      return { execution: { id: name } };
    },
    async *watchExecutions(_request, { signal }) {
      yield {};
      await once(signal, 'abort');
    },
  });
  const [old, young] = await Promise.all([openReplica(handlers('old')), openReplica(handlers('young'))]);
  const state = { ports: [old.port] };
  const door = await openDoor(() => state.ports);
  const client = openClient(door.address);
  const stream = client.watchExecutions({}, options)[Symbol.asyncIterator]();
  await stream.next();
  const slow = client.getExecution({ id: 'slow' }, options);
  await client.getExecution({ id: 'x' }, options);
  state.ports = [young.port];
  const failed: unknown[] = [];
  const answers = new Set<string | undefined>();
  const caller = async (): Promise<void> => {
    while (!answers.has('young')) {
      const answer = await client.getExecution({ id: 'x' }, options).catch((error: unknown) => void failed.push(error));
      answers.add(answer?.execution?.id);
    }
  };
  const callers = Promise.all(Array.from({ length: 8 }, caller));
  const closed = old.server.close();
  expect(await failure(stream.next())).toMatchObject({ kind: 'unavailable' });
  await callers;
  held.resolve(undefined);
  expect(await slow).toMatchObject({ execution: { id: 'old' } });
  await closed;
  expect(failed).toEqual([]);
});
