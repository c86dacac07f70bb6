import { runCli } from '../src/run-cli.ts';
import { openFakeGateway } from './fake-gateway.ts';
import { paperTerminal } from './paper-terminal.ts';

const id = '0b6f6c0e-6a0c-4f0e-9b0a-3c1f5f5f0a11';

const tmws = async (answer: object, ...words: string[]) => {
  const gateway = await openFakeGateway({
    'POST /api/v1/notifications/replay': () => answer,
    [`GET /api/v1/notifications/${id}`]: () => answer,
  });
  try {
    const { terminal, written } = paperTerminal({ env: { TMWS_SERVER: gateway.url } });
    return { code: await runCli(['notification', ...words], terminal), ...written, asked: gateway.asked };
  } finally {
    await gateway.close();
  }
};

test('dead letters are sent again by id, or all of a receiver; one that is none ends it with 1', async () => {
  const all = await tmws({ replayed: 3 }, 'replay', '--receiver', 'ops', '--since', '2026-03-01T12:00:00Z', '--all');
  expect([all.code, all.out]).toEqual([0, 'sent again\t3\nmore\tno\n']);
  expect(JSON.parse(all.asked[0]?.body ?? '')).toEqual({ all: true, receiver: 'ops', since: '2026-03-01T12:00:00Z' });
  const one = await tmws({ unknown: [id] }, 'replay', id);
  expect([one.code, JSON.parse(one.asked[0]?.body ?? '')]).toEqual([1, { ids: [id] }]);
  expect(one.out).toContain(`no dead letter\t${id}\n`);
});

test('without an id all must be said', async () => {
  const { code, err, asked } = await tmws({}, 'replay', '--receiver', 'ops');
  expect([code, asked]).toEqual([2, []]);
  expect(err).toContain('name dead letters, or say --all');
});

test('a message is shown with its data', async () => {
  const notification = { id, status: 'dead', receiver: 'ops', integration: 'slack/0', error: 'no_service' };
  const { code, out } = await tmws({ notification, doc: '{"alerts":[]}' }, 'get', id);
  expect(code).toBe(0);
  expect(out).toContain('receiver\tops by slack/0\n');
  expect(out).toContain('data\t{"alerts":[]}\n');
});
