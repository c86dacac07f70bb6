// Testing a receiver at the REST door, beside an alerting with canned answers on a real socket.
import { DeliveryService, type Handlers } from '@tmws/contracts';
import { Problem } from '@tmws/problems';
import { openAlerting } from './open-alerting.ts';
import { overheard } from './overheard.ts';

type DeliveryHandlers = Handlers<(typeof DeliveryService)['method']>;

const items = [
  { name: 'slack/0', sent: true, receipt: '200 ok', tookMs: 12 },
  { name: 'email/0', sent: false, error: 'the mail server answered 550 unknown here', tookMs: 3 },
];

async function openDoor(testReceiver: DeliveryHandlers['testReceiver'] = () => Promise.resolve({ items })) {
  const notAsked = (): never => {
    throw new Problem('precondition', 'not asked here');
  };
  const answers: DeliveryHandlers = {
    listReceivers: notAsked,
    listNotifications: notAsked,
    getNotification: notAsked,
    replayNotifications: notAsked,
    getRouting: notAsked,
    takeSlackAction: notAsked,
    testReceiver,
  };
  return openAlerting((server, heard) => server.add(DeliveryService, overheard(answers, heard)));
}

test('a receiver of any name is tested, and each integration answers for itself', async () => {
  await using door = await openDoor();
  const path = `/api/v1/receivers/${encodeURIComponent('team/db ü')}/test`;
  const answer = await door.gateway.post(path, { integration: 'slack/0', labels: { severity: 'critical' } });
  expect([answer.status, await answer.json()]).toEqual([
    200,
    {
      items: [
        { ...items[0], error: '' },
        { ...items[1], receipt: '' },
      ],
    },
  ]);
  expect(door.heard[0]?.request).toMatchObject({
    receiver: 'team/db ü',
    integration: 'slack/0',
    labels: { severity: 'critical' },
  });
  expect((await door.gateway.get(path, { method: 'POST' })).status).toBe(200);
});

test.each<[unknown, string]>([
  [{ labels: { a: 1 } }, 'labels.a must be a text (got 1)'],
  [{ integration: '' }, 'integration must be 1 to 512 bytes without NUL (got "")'],
  [{ receiver: 'x' }, 'there is no field "receiver" here; integration and labels are taken'],
])('%j is refused', async (body, detail) => {
  await using door = await openDoor();
  const answer = await door.gateway.post('/api/v1/receivers/team/test', body);
  expect([answer.status, await answer.json()]).toMatchObject([400, { detail }]);
  expect(door.heard).toEqual([]);
});

test('too many tests are 429 with when to come again, and what is not there is 404 with what is', async () => {
  const problems = [
    new Problem('limited', 'receiver "team" was tested 6 times within a minute', { retryAfterMs: 30_000 }),
    new Problem('not_found', 'there is no receiver "team"; there are ops'),
  ];
  await using door = await openDoor(() => Promise.reject(problems.shift()!));
  const limited = await door.gateway.post('/api/v1/receivers/team/test', {});
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '30']);
  const missing = await door.gateway.post('/api/v1/receivers/team/test', {});
  expect([missing.status, await missing.json()]).toMatchObject([404, { detail: 'there is no receiver "team"; there are ops' }]);
});
