// Messages and dead letters at the REST door, beside an alerting with canned answers on a real socket.
import { DeliveryService, type Handlers } from '@tmws/contracts';
import { openAlerting } from './open-alerting.ts';
import { overheard } from './overheard.ts';

const id = '0b6f6c0e-6a0c-4f0e-9b0a-3c1f5f5f0a11';
const nothing = () => Promise.resolve({});

async function openDoor() {
  const answers: Handlers<(typeof DeliveryService)['method']> = {
    listReceivers: nothing,
    listNotifications: () => Promise.resolve({ items: [{ id, status: 'digested', digest: 'd' }] }),
    getNotification: ({ id: asked }) => Promise.resolve({ notification: { id: asked, status: 'dead' }, doc: '{"alerts":[]}' }),
    replayNotifications: ({ ids }) => Promise.resolve({ replayed: 1, unknown: ids.slice(1) }),
    testReceiver: nothing,
    takeSlackAction: nothing,
    getRouting: nothing,
  };
  return openAlerting((server, heard) => server.add(DeliveryService, overheard(answers, heard)));
}

test('a message is found with what was sent', async () => {
  await using door = await openDoor();
  expect(await (await door.gateway.get(`/api/v1/notifications/${id}`)).json()).toMatchObject({
    notification: { id, status: 'dead', replayOf: '' },
    doc: '{"alerts":[]}',
  });
  expect(await door.gateway.problem(await door.gateway.get('/api/v1/notifications/7'))).toMatchObject({
    status: 400,
    field: 'id',
  });
});

test('messages that went in a digest, or were sent again, are asked for by their status', async () => {
  await using door = await openDoor();
  const listed = await door.gateway.get('/api/v1/notifications?status=digested,replayed');
  expect(await listed.json()).toMatchObject({ items: [{ status: 'digested', digest: 'd' }] });
  expect(door.heard[0]?.request).toMatchObject({ statuses: ['digested', 'replayed'] });
});

test('dead letters are sent again by id, or all of a receiver since a time; those that are none are named', async () => {
  await using door = await openDoor();
  const other = id.replace('0b', '0c');
  const byId = await door.gateway.post('/api/v1/notifications/replay', { ids: [id, other] });
  expect(await byId.json()).toEqual({ replayed: 1, unknown: [other], more: false });
  const all = { receiver: 'on-call', since: '2026-03-01T12:00:00Z', all: true };
  expect((await door.gateway.post('/api/v1/notifications/replay', all)).status).toBe(200);
  expect(door.heard.at(-1)?.request).toMatchObject({ ids: [], receiver: 'on-call', all: true, since: { seconds: 1772366400n } });
});

test.each([
  [{ ids: ['x'] }, 'ids.0'],
  [{ ids: Array<string>(1001).fill(id) }, 'ids'],
  [{ all: 'yes' }, 'all'],
  [{ all: true, since: 'yesterday' }, 'since'],
  [{ topic: 'tmws.security' }, 'topic'],
])('a replay of %j names the field', async (body, field) => {
  await using door = await openDoor();
  expect(await door.gateway.problem(await door.gateway.post('/api/v1/notifications/replay', body))).toMatchObject({
    status: 400,
    field,
  });
  expect(door.heard).toEqual([]);
});
