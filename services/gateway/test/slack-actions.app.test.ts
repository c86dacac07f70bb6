// Buttons of Slack at the REST door, beside an alerting with canned answers on a real socket.
import { DeliveryService, type Handlers, openGrpcServer } from '@tmws/contracts';
import { Problem } from '@tmws/problems';
import { openLogger, openMetrics } from '@tmws/telemetry';
import { type Guarded, openGuarded } from './open-guarded.ts';
import { type Answers, type Heard, overheard } from './overheard.ts';

type DeliveryHandlers = Answers<Handlers<(typeof DeliveryService)['method']>>;
const done = { text: '', by: 'slack:ann', act: 'acknowledgeAlerts', namespace: 'team-a' };

const heard: Heard[] = [];
const notAsked = (): never => {
  throw new Problem('precondition', 'not asked here');
};
const answers: DeliveryHandlers = {
  ...{ listReceivers: notAsked, listNotifications: notAsked, getNotification: notAsked, replayNotifications: notAsked },
  ...{ testReceiver: notAsked, getRouting: notAsked, takeSlackAction: notAsked },
};
const server = openGrpcServer({ host: '127.0.0.1', port: 0, logger: openLogger('fake', 'silent'), metrics: openMetrics() });
let gateway: Guarded;

beforeAll(async () => {
  server.add(DeliveryService, overheard(answers, heard));
  gateway = await openGuarded({ GATEWAY_ALERTING_ADDRESS: `127.0.0.1:${await server.listen()}` });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await server.close(0);
});
beforeEach(() => void heard.splice(0));

const press = (body: string, type = 'application/x-www-form-urlencoded') =>
  gateway.as(undefined, '/slack/actions', {
    method: 'POST',
    body,
    headers: { 'content-type': type, 'x-slack-request-timestamp': '1767268800', 'x-slack-signature': 'v0=ab' },
  });

test('a press goes to alerting as it came, needs no credential of ours, and is in the audit by who pressed', async () => {
  answers.takeSlackAction = () => Promise.resolve(done);
  const response = await press('payload=%7B%22a%22%3A1%7D');
  expect([response.status, await response.text()]).toEqual([200, '']);
  const [{ request } = {}] = heard;
  expect(Buffer.from((request as { body: Uint8Array }).body).toString()).toBe('payload=%7B%22a%22%3A1%7D');
  expect(request).toMatchObject({ timestamp: '1767268800', signature: 'v0=ab' });
  expect(await gateway.audit('&type=tmws.admin.acted')).toMatchObject([
    {
      ...{ principal: 'slack:ann', by: 'slack', reason: 'acknowledgeAlerts' },
      ...{ namespace: 'team-a', method: 'POST /slack/actions' },
    },
  ]);
});

test('what was not done is answered in a sentence, and is no act', async () => {
  const text = 'Nothing of this group fires any more: there is nothing to do.';
  const before = (await gateway.audit('&type=tmws.admin.acted')).length;
  answers.takeSlackAction = () => Promise.resolve({ ...done, act: '', text });
  expect(await (await press('payload=%7B%7D')).json()).toEqual({
    ...{ response_type: 'ephemeral', replace_original: false, text },
  });
  expect((await gateway.audit('&type=tmws.admin.acted')).length).toBe(before);
});

test('a bad signature is 401 and in the audit', async () => {
  answers.takeSlackAction = () => {
    throw new Problem('unauthenticated', 'the signature is not good here');
  };
  const response = await press('payload=%7B%7D');
  expect([response.status, (await gateway.problem(response)).detail]).toEqual([401, 'the signature is not good here']);
  expect((await gateway.audit('&type=tmws.auth.failed'))[0]).toMatchObject({ method: 'POST /slack/actions', by: 'anonymous' });
});

test('another kind of body is 415, one beyond 64 KiB 413, and alerting hears of neither', async () => {
  answers.takeSlackAction = () => Promise.resolve(done);
  expect((await press('{}', 'application/json')).status).toBe(415);
  expect((await press(`payload=${'a'.repeat(65_536)}`)).status).toBe(413);
  expect(heard).toEqual([]);
});
