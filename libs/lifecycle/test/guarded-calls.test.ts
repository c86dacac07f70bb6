import { guardedDoor, type Principal, scopesOfRole, type SecurityFact } from '@tmws/auth';
import * as contracts from '@tmws/contracts';
import { openGrpcClient, openGrpcServer, type TimelineService } from '@tmws/contracts';
import { openLogger, openMetrics } from '@tmws/telemetry';
import { admitCalls } from '../src/admit-call.ts';

const serviceToken = 'of-the-service-0123456789-0123456789';
const teamA: Principal = {
  name: 'ci',
  scopes: scopesOfRole.admin,
  namespaces: ['team-a'],
  by: 'key',
  credential: 'tmws_00000000',
};

interface Method {
  readonly name: string;
  readonly localName: string;
  readonly methodKind: string;
}
type AnyService = typeof TimelineService & { readonly methods: readonly Method[] };
const services = (Object.values(contracts) as unknown[]).filter(
  (value): value is AnyService => typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'service',
);

/** A server of every service there is, whose handlers answer nothing but whether they were reached. */
async function opened(token: string | undefined) {
  const reached: string[] = [];
  const facts: SecurityFact[] = [];
  const door = guardedDoor({
    verify: ({ secret }) => Promise.resolve(secret === 'key-of-a' ? { principal: teamA } : { refused: 'unknown' }),
    record: (fact) => Promise.resolve(void facts.push(fact)),
    clock: () => 0,
  });
  const admit = admitCalls(door, serviceToken);
  const server = openGrpcServer({
    host: '127.0.0.1',
    port: 0,
    logger: openLogger('test', 'silent'),
    metrics: openMetrics(),
    admit: async (knock) => {
      const caller = await admit(knock);
      reached.push(`${knock.method} ${caller.namespace} ${caller.principal}`);
      throw new Error('reached');
    },
  });
  for (const service of services) {
    const handlers = Object.fromEntries(
      service.methods.map(({ localName }) => [localName, () => Promise.reject(new Error('never'))]),
    );
    server.add(service, handlers as never);
  }
  const address = `127.0.0.1:${await server.listen()}`;
  /** What a call of each method of every service fails with. */
  const askAll = async (namespace: string): Promise<string[]> => {
    const kinds: string[] = [];
    for (const service of services) {
      const client = openGrpcClient(service, () => address, { timeoutMs: 5000, token }) as unknown as Record<
        string,
        (...given: unknown[]) => unknown
      > & {
        close(): void;
      };
      for (const { localName, methodKind } of service.methods) {
        const caller = { namespace, principal: 'ada', requestId: 'r' };
        const asked = async (): Promise<unknown> => {
          if (methodKind === 'client_streaming')
            return await client[localName]!((async function* () {})(), { caller, timeoutMs: 5000 });
          const answer = client[localName]!({}, { caller, timeoutMs: 5000 });
          if (methodKind === 'unary') return await answer;
          return await (answer as AsyncIterable<unknown>)[Symbol.asyncIterator]().next();
        };
        kinds.push(
          await asked().then(
            () => 'answered',
            (error: unknown) => (error as { kind: string }).kind,
          ),
        );
      }
      client.close();
    }
    return kinds;
  };
  return { askAll, reached, facts, [Symbol.asyncDispose]: () => server.close(0) };
}

const count = services.reduce((sum, { methods }) => sum + methods.length, 0);

test('no gRPC method is reached without a credential, nor by one that is not good; each refusal is told', async () => {
  for (const token of [undefined, 'wrong']) {
    await using server = await opened(token);
    expect(new Set(await server.askAll('default'))).toEqual(new Set(['unauthenticated']));
    expect([server.reached, server.facts.length]).toEqual([[], count]);
  }
});

test('a credential of one namespace reaches no method for another', async () => {
  await using server = await opened('key-of-a');
  expect(new Set(await server.askAll('team-b'))).toEqual(new Set(['forbidden']));
  expect(server.reached).toEqual([]);
  expect(server.facts.filter(({ type }) => type === 'tmws.permission.denied')).toHaveLength(count);
  await server.askAll('team-a');
  expect(server.reached).toContain('tmws.timeline.v1.TimelineService/GetExecution team-a ci');
  // What does not stop at a namespace is not for who has one.
  expect(server.reached.filter((line) => line.includes('Rebuild'))).toEqual([]);
});

test('what an operator does by gRPC is told before it is done, and what they look at is not', async () => {
  await using server = await opened('key-of-a');
  await server.askAll('team-a');
  const acts = server.facts.filter(({ type }) => type === 'tmws.admin.acted').map(({ reason }) => reason);
  expect(acts.toSorted()).toEqual([
    ...[
      'AcknowledgeAlerts',
      'AssignAlerts',
      'CancelOperation',
      'CommentAlerts',
      'DeleteExecution',
      'ExpireSilence',
      'JudgeAlerts',
      'PutSilence',
    ],
    ...['ReplayNotifications', 'SetRetention', 'UnacknowledgeAlerts'],
  ]);
});

test('a part of the fleet is believed in whose name it asks', async () => {
  await using server = await opened(serviceToken);
  await server.askAll('team-b');
  expect(server.reached).toHaveLength(count);
  expect(server.reached).toContain('tmws.timeline.v1.TimelineService/Rebuild team-b ada');
  expect(server.facts).toEqual([]);
});

test('a stream ends soon after its credential, with a status that says so', async () => {
  const state = { good: true };
  const facts: SecurityFact[] = [];
  const verify = () => Promise.resolve(state.good ? { principal: teamA } : { refused: 'the key was revoked', who: 'ci' });
  const door = guardedDoor({ verify, record: (fact) => Promise.resolve(void facts.push(fact)), clock: () => 0 });
  const surroundings = { host: '127.0.0.1', port: 0, logger: openLogger('test', 'silent'), metrics: openMetrics() };
  const server = openGrpcServer({ ...surroundings, admit: admitCalls(door, serviceToken, 5) });
  const left = Promise.withResolvers<undefined>();
  const handlers = {
    async *watchExecutions(_request: unknown, { signal }: { signal: AbortSignal }) {
      signal.addEventListener('abort', () => left.resolve(undefined));
      yield { revision: 1n };
      await left.promise;
    },
  };
  const rest = Object.fromEntries(
    contracts.TimelineService.methods.map(({ localName }) => [localName, () => Promise.reject(new Error())]),
  );
  server.add(contracts.TimelineService, { ...rest, ...handlers } as never);
  const address = `127.0.0.1:${await server.listen()}`;
  const client = openGrpcClient(contracts.TimelineService, () => address, { timeoutMs: 5000, token: 'key-of-a' });
  try {
    const watched = client.watchExecutions({}, { caller: contracts.anonymous('team-a', 'r') })[Symbol.asyncIterator]();
    expect((await watched.next()).value).toMatchObject({ revision: 1n });
    state.good = false;
    await expect(watched.next()).rejects.toMatchObject({ kind: 'unauthenticated' });
    await left.promise;
    expect(facts.filter(({ type }) => type === 'tmws.auth.failed')).toMatchObject([
      { principal: 'ci', reason: 'the key was revoked' },
    ]);
  } finally {
    client.close();
    await server.close(0);
  }
});
