// What people press in Slack, through gRPC, over every database, with the bot against a fake Slack.
import { createHmac, randomUUID } from 'node:crypto';
import { DeliveryService, openGrpcClient, openGrpcServer } from '@tmws/contracts';
import { openLogger, openMetrics } from '@tmws/telemetry';
import { eventually } from '@tmws/testkit';
import { parseAlertmanagerConfig } from '../src/domain/config/alertmanager-config.ts';
import { parsePolicy } from '../src/domain/config/policy-file.ts';
import { noPolicy } from '../src/domain/policy.ts';
import { openOwnApi } from '../src/open-own-api.ts';
import { openPostgresAlertReads } from '../src/outbound/postgres-alert-reads.ts';
import { openSinks } from '../src/outbound/sinks.ts';
import { slackBotApps } from '../src/outbound/slack-bot-apps.ts';
import { openAlertChanges } from '../src/usecases/change-alerts.ts';
import { lookAtCare } from '../src/usecases/look-at-care.ts';
import { openSilences } from '../src/usecases/silences.ts';
import { editSlackMessages } from '../src/usecases/slack-edits.ts';
import { botToken, type FakeSlackBot, startFakeSlackBot } from './fake-slack-bot.ts';
import { freshSchema, namespace, openReplica, type Sent, type TestDatabase } from './open-core.ts';

const secret = '8f742231b10e8888abcd99yyyzzz85a5';
const startMs = Date.UTC(2026, 10, 22, 12);
const configOf = (groupBy: string) => `
route: { receiver: ops, group_by: ${groupBy}, group_wait: 0s, group_interval: 1s, repeat_interval: 4h }
receivers: [{ name: ops }]
`;
const call = { caller: { namespace, principal: 'service', requestId: 'r' } };

async function openService({ db }: TestDatabase, slack: FakeSlackBot, groupBy = '[alertname]') {
  const schema = await freshSchema(db);
  const now = { ms: startMs };
  const clock = (): number => now.ms;
  const sent: Sent[] = [];
  const yaml = configOf(groupBy);
  const config = parseAlertmanagerConfig(yaml);
  const bot = `{api_url: "${slack.url}", bot_token: "${botToken}", channel: C0123456789, signing_secret: "${secret}"}`;
  const { receivers } = parsePolicy(`receivers: [{name: ops, slack_bot_configs: [${bot}]}]`, ['ops']);
  const sinks = await openSinks(config, {
    ...{ more: receivers, folder: '/', clock },
    care: (...about) => lookAtCare({ board: replica.board, clock })(...about),
  });
  const sink = sinks.sinkOf('ops', 'slack_bot/0')!;
  const answer = ({ notification }: Sent) => sink(notification);
  const replica = openReplica({ db, schema }, { name: 'r', config: yaml, clock, sent, integration: 'slack_bot/0', answer });
  const { board, store, ledger, gates } = replica;
  const nothing = (): void => undefined;
  const reads = openPostgresAlertReads(db, schema);
  const integrationsOf = () => [{ name: 'slack_bot/0', sendResolved: true }];
  const about = { store, reads, board, clock, integrationsOf, stored: nothing, receivers: () => ['ops'] };
  const server = openGrpcServer({
    ...{ host: '127.0.0.1', port: 0, logger: openLogger('test', 'silent'), metrics: openMetrics() },
    admit: ({ requestId }) => Promise.resolve({ namespace, principal: 'service', requestId }),
  });
  openOwnApi(server, {
    ...{ board, clock, reads, integrationsOf, gates, retentionMs: 90 * 86_400_000 },
    silences: openSilences({ store, board, clock, newId: randomUUID, names: 'utf8', keepExpiredMs: 86_400_000, stored: nothing }),
    changes: openAlertChanges({ store, board, clock, eventsOf: () => [], stored: nothing }),
    bypass: () => [],
    policy: () => noPolicy,
    sinkOf: () => sink,
    externalUrl: () => 'http://tmws.example',
    names: 'utf8',
    replay: { ledger, eventsOf: () => [], stored: nothing },
    slack: {
      apps: () => slackBotApps({ receivers, http: undefined, clock }),
      edit: editSlackMessages({
        ...about,
        externalUrl: () => 'http://tmws.example',
        care: lookAtCare({ board, clock }),
      }),
    },
    inForce: () => ({ config, routes: new Map(), loadedAtMs: startMs, refused: '' }),
  });
  const port = await server.listen();
  const client = openGrpcClient(DeliveryService, () => `127.0.0.1:${port}`, { timeoutMs: 10_000 });
  const signed = (body: string, atMs = now.ms, key = secret) => {
    const timestamp = String(Math.floor(atMs / 1000));
    const hash = createHmac('sha256', key).update(`v0:${timestamp}:${body}`).digest('hex');
    return { body: new TextEncoder().encode(body), timestamp, signature: `v0=${hash}` };
  };
  const bodyOf = (action: object, username = 'ann') => {
    const about = { user: { id: 'U1', username }, channel: { id: 'C0123456789' } };
    return `payload=${encodeURIComponent(JSON.stringify({ type: 'block_actions', ...about, actions: [action] }))}`;
  };
  const history = async () =>
    (
      await db.query<{ kind: string; doc: string }>(
        `SELECT kind, doc FROM ${schema}.history WHERE kind <> 'notified' ORDER BY no`,
      )
    ).map(({ kind, doc }) => [kind, (JSON.parse(doc) as { by?: string }).by]);
  return {
    ...replica,
    ...{ now, history, client, signed, bodyOf },
    take: (request: { body: Uint8Array; timestamp: string; signature: string }) => client.takeSlackAction(request, call),
    press: (action: object, username?: string) => client.takeSlackAction(signed(bodyOf(action, username)), call),
    async [Symbol.asyncDispose]() {
      client.close();
      await server.close(0);
      await replica.close();
      sinks.close();
    },
  };
}

type Service = Awaited<ReturnType<typeof openService>>;
const saysOf = (slack: FakeSlackBot): string => JSON.stringify(slack.top()[0]?.blocks ?? []);
const buttonsOf = (slack: FakeSlackBot) => slack.top()[0]?.blocks.find(({ type }) => type === 'actions')?.elements ?? [];
const acknowledge = (slack: FakeSlackBot) => ({
  action_id: 'tmws_acknowledge',
  value: buttonsOf(slack).find(({ action_id: id }) => id === 'tmws_acknowledge')?.value ?? '',
});
const silence = (slack: FakeSlackBot, time: string) => {
  const options = buttonsOf(slack).find(({ action_id: id }) => id === 'tmws_silence')?.options ?? [];
  return { action_id: 'tmws_silence', selected_option: options.find(({ value }) => value.startsWith(`${time} `)) };
};

export function slackActionsContract(open: () => Promise<TestDatabase>): void {
  let database: TestDatabase;
  beforeAll(async () => void (database = await open()));
  afterAll(() => database[Symbol.asyncDispose]());

  const told = async (service: Service, slack: FakeSlackBot): Promise<void> => {
    await service.post({ labels: { alertname: 'Down', instance: 'a' } }, { labels: { alertname: 'Down', instance: 'b' } });
    await eventually(() => expect(slack.top().length).toBe(1));
  };

  test('Acknowledge looks after all that fires in the group, the message says so and goes on saying so', async () => {
    await using slack = await startFakeSlackBot();
    await using service = await openService(database, slack);
    await told(service, slack);
    const pressed = acknowledge(slack);
    const taken = await service.press(pressed);
    expect(taken).toMatchObject({ text: '', by: 'slack:ann', act: 'acknowledgeAlerts', namespace: 'default' });
    expect([...service.board.alerts(namespace)].map(({ acknowledged }) => acknowledged?.by)).toEqual(['slack:ann', 'slack:ann']);
    await eventually(() => expect(saysOf(slack)).toContain('Acknowledged by *slack:ann*'));
    await service.press(pressed);
    expect((await service.history()).filter(([kind]) => kind === 'acknowledged')).toEqual([
      ['acknowledged', 'slack:ann'],
      ['acknowledged', 'slack:ann'],
    ]);
    await service.post({ labels: { alertname: 'Down', instance: 'c' } });
    await eventually(() => {
      service.now.ms += 100;
      expect(saysOf(slack)).toContain('[FIRING:3]');
    });
    expect(saysOf(slack)).toContain('Acknowledged by *slack:ann* (2 of 3)');
    expect(slack.top().length).toBe(1);
  });

  test('Silence mutes by the labels of the group, once however often it is pressed, and a longer time makes it longer', async () => {
    await using slack = await startFakeSlackBot();
    await using service = await openService(database, slack);
    await told(service, slack);
    expect(await service.press(silence(slack, '1h'))).toMatchObject({ act: 'putSilence', text: '' });
    const all = () => [...service.board.silences(namespace)].map((each) => each.silence);
    expect(all()).toMatchObject([
      {
        matchers: [{ name: 'alertname', value: 'Down', isRegex: false, isEqual: true }],
        ...{ createdBy: 'slack:ann', comment: 'for 1h, in Slack by ann (U1)', endsAtMs: startMs + 3_600_000 },
      },
    ]);
    await eventually(() => expect(saysOf(slack)).toMatch(/Silenced until .* by \*slack:ann\*/));
    await service.press(silence(slack, '1h'));
    await service.press(silence(slack, '4h'), 'ben');
    await service.press(silence(slack, '1h'));
    expect(all()).toMatchObject([{ createdBy: 'slack:ben', endsAtMs: startMs + 4 * 3_600_000 }]);
    expect((await service.history()).filter(([kind]) => kind === 'commented').map(([, by]) => by)).toEqual([
      ...['slack:ann', 'slack:ann', 'slack:ben', 'slack:ben'],
    ]);
  });

  test('a group without labels is silenced by what all its alerts share, and not at all if that is nothing', async () => {
    await using slack = await startFakeSlackBot();
    await using service = await openService(database, slack, '[]');
    await told(service, slack);
    await service.press(silence(slack, '1h'));
    expect([...service.board.silences(namespace)].map((each) => each.silence.matchers.map(({ name }) => name))).toEqual([
      ['alertname'],
    ]);
    service.now.ms += 2_000;
    await service.post({ labels: { job: 'x' } });
    const { text, act } = await service.press(silence(slack, '4h'));
    expect([act, text]).toEqual(['', expect.stringContaining('share no label')]);
    expect(slack.ephemeral).toEqual([{ channel: 'C0123456789', user: 'U1', text }]);
  });

  test('who presses a button of what is over is told so', async () => {
    await using slack = await startFakeSlackBot();
    await using service = await openService(database, slack);
    await told(service, slack);
    const pressed = acknowledge(slack);
    const over = new Date(startMs).toISOString();
    await service.post(
      { labels: { alertname: 'Down', instance: 'a' }, endsAt: over },
      { labels: { alertname: 'Down', instance: 'b' }, endsAt: over },
    );
    const text = 'Nothing of this group fires any more: there is nothing to do.';
    expect(await service.press(pressed)).toMatchObject({ text, act: '' });
    expect(await service.press({ action_id: 'tmws_acknowledge', value: 'g:0123456789abcdef:elsewhere' })).toMatchObject({ text });
    expect(slack.ephemeral.map((each) => each.text)).toEqual([text, text]);
  });

  test('a request that Slack did not sign, or that is older than five minutes, does nothing', async () => {
    await using slack = await startFakeSlackBot();
    await using service = await openService(database, slack);
    await told(service, slack);
    const { signed, bodyOf, now } = service;
    const body = bodyOf(acknowledge(slack));
    const good = signed(body);
    const refused = [
      signed(body, now.ms, 'another secret'),
      signed(body, now.ms - 301_000),
      signed(body, now.ms + 302_000),
      { ...good, timestamp: '' },
      { ...good, timestamp: '1e9' },
      { ...good, signature: '' },
      { ...good, signature: good.signature.slice(0, -1) },
      { ...good, signature: good.signature.toUpperCase() },
      { ...good, body: new TextEncoder().encode(body.replace('ann', 'eve')) },
    ];
    for (const request of refused) await expect(service.take(request)).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect([...service.board.alerts(namespace)].map(({ acknowledged }) => acknowledged)).toEqual([undefined, undefined]);
    expect(await service.take(signed(body, now.ms - 299_000))).toMatchObject({ act: 'acknowledgeAlerts' });
  });

  test('what is signed and no button of ours is taken and does nothing; what is no payload is refused', async () => {
    await using slack = await startFakeSlackBot();
    await using service = await openService(database, slack);
    const { signed, take, press } = service;
    expect(await press({ action_id: 'tmws_open' })).toMatchObject({ act: '', text: '' });
    expect(await press({ action_id: 'tmws_acknowledge', value: 'nonsense' })).toMatchObject({ act: '', text: '' });
    expect(await press({ action_id: 'tmws_silence', selected_option: { value: '9y g:0123456789abcdef:default' } })).toMatchObject(
      { act: '' },
    );
    for (const body of ['payload=%5B', 'payload=1', 'x=1', ''])
      await expect(take(signed(body))).rejects.toMatchObject({ kind: 'invalid', field: 'payload' });
  });
}
