// What is looked at, on the embedded database and on a server, through the gRPC that clients speak.
import { randomUUID } from 'node:crypto';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { AlertService, DeliveryService, openGrpcClient, openGrpcServer, SilenceService } from '@tmws/contracts';
import type { Database } from '@tmws/postgres';
import { openLogger, openMetrics } from '@tmws/telemetry';
import type { PostedAlert } from '../src/domain/alert.ts';
import { parseAlertmanagerConfig } from '../src/domain/config/alertmanager-config.ts';
import { parsePolicy } from '../src/domain/config/policy-file.ts';
import { noPolicy } from '../src/domain/policy.ts';
import type { Route } from '../src/domain/route-tree.ts';
import { openOwnApi } from '../src/open-own-api.ts';
import { openPostgresAlertReads } from '../src/outbound/postgres-alert-reads.ts';
import { openAlertChanges } from '../src/usecases/change-alerts.ts';
import { openSilences } from '../src/usecases/silences.ts';
import { freshSchema, openReplica, type Sent, type TestDatabase } from './open-core.ts';

const yaml = `
route:
  receiver: everybody
  group_by: [alertname]
  group_wait: 10s
  routes:
    - matchers: [severity="critical"]
      receiver: on-call
receivers: [{name: everybody}, {name: on-call}]
`;
const startMs = Date.UTC(2026, 2, 1, 3);
const dayMs = 86_400_000;

async function openService(db: Database, answer?: Parameters<typeof openReplica>[1]['answer'], policy?: string) {
  const schema = await freshSchema(db);
  const now = { ms: startMs };
  const clock = (): number => now.ms;
  const sent: Sent[] = [];
  const given = { ...(answer !== undefined && { answer }), ...(policy !== undefined && { policy }) };
  const replica = openReplica({ db, schema }, { name: 'r', config: yaml, clock, sent, ...given });
  const config = parseAlertmanagerConfig(yaml);
  const policyRead = policy === undefined ? noPolicy : parsePolicy(policy, [...config.receivers.keys()]);
  const { board, store } = replica;
  const routes = new Map<string, Route>();
  const walk = (route: Route): void => {
    routes.set(route.id, route);
    route.routes.forEach(walk);
  };
  walk(config.route);
  const nothing = (): void => undefined;
  const server = openGrpcServer({
    ...{ host: '127.0.0.1', port: 0, logger: openLogger('test', 'silent'), metrics: openMetrics() },
    admit: ({ text, requestId }) =>
      Promise.resolve({ namespace: text('x-tmws-namespace') ?? 'default', principal: 'ann', requestId }),
  });
  openOwnApi(server, {
    ...{ board, clock, retentionMs: 90 * dayMs },
    reads: openPostgresAlertReads(db, schema),
    silences: openSilences({ store, board, clock, newId: randomUUID, names: 'utf8', keepExpiredMs: 5 * dayMs, stored: nothing }),
    changes: openAlertChanges({ store, board, clock, eventsOf: () => [], stored: nothing }),
    bypass: () => [],
    policy: () => policyRead,
    integrationsOf: () => [{ name: 'webhook/0', sendResolved: true }],
    sinkOf: () => () => Promise.resolve({ sent: true, receipt: '200 test' }),
    externalUrl: () => 'http://alerting.test',
    names: 'utf8',
    gates: replica.gates,
    replay: { ledger: replica.ledger, eventsOf: () => [], stored: nothing },
    inForce: () => ({ config, routes, loadedAtMs: startMs, refused: '' }),
  });
  const port = await server.listen();
  const target = (): string => `127.0.0.1:${port}`;
  const clients = [
    openGrpcClient(AlertService, target, { timeoutMs: 10_000 }),
    openGrpcClient(SilenceService, target, { timeoutMs: 10_000 }),
    openGrpcClient(DeliveryService, target, { timeoutMs: 10_000 }),
  ] as const;
  const [alerts, silences, deliveries] = clients;
  return {
    ...{ ...replica, alerts, silences, deliveries, now, sent, schema },
    async [Symbol.asyncDispose]() {
      clients.forEach((each) => each.close());
      await server.close(0);
      await replica.close();
    },
  };
}

const call = { caller: { namespace: 'default', principal: 'ann', requestId: 'r' } };
const elsewhere = { caller: { ...call.caller, namespace: 'other' } };
const posted = (alertname: string, severity: string, instance = ''): PostedAlert => ({
  labels: { alertname, severity, instance },
  annotations: { summary: `${alertname} broke` },
});
const names = (items: readonly { labels: Record<string, string> }[]): string[] =>
  items.map(({ labels: { alertname = '', instance = '' } }) => alertname + instance);

export function readsContract(open: () => Promise<TestDatabase>): void {
  let database: TestDatabase;
  beforeAll(async () => void (database = await open()));
  afterAll(async () => await database[Symbol.asyncDispose]());

  test('the worst come first, page after page, and what arrives meanwhile moves nobody', async () => {
    await using service = await openService(database.db);
    await service.post(posted('Slow', 'warning'), posted('Down', 'critical'), posted('Odd', 'strange'), posted('Bare', ''));
    const first = await service.alerts.listAlerts({ limit: 2 }, call);
    expect([names(first.items), first.total]).toEqual([['Down', 'Slow'], 4]);
    service.now.ms += 1000;
    await service.post(posted('Worse', 'critical'));
    const second = await service.alerts.listAlerts({ limit: 2, cursor: first.nextCursor }, call);
    expect([names(second.items), second.nextCursor]).toEqual([['Odd', 'Bare'], '']);
    expect((await service.alerts.listAlerts({}, elsewhere)).items).toEqual([]);
  });

  test('a filter that is none is refused by name, with its place and what is allowed', async () => {
    await using service = await openService(database.db);
    const ask = (filters: string[]) => service.alerts.listAlerts({ filters }, call);
    const refused = { kind: 'invalid', field: 'filter', position: { start: 0, end: 8 } };
    await expect(ask(['job=~"("'])).rejects.toMatchObject({ ...refused, message: expect.stringContaining('RE2') as string });
    await expect(ask(['severity'])).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining('write name="value"') as string,
    });
    await expect(service.alerts.listAlerts({ states: ['asleep'] }, call)).rejects.toMatchObject({ field: 'state' });
    await expect(service.alerts.listAlerts({ cursor: 'x' }, call)).rejects.toMatchObject({ field: 'cursor' });
  });

  test('groups that need somebody come first; acknowledged and muted ones sink, and say so', async () => {
    await using service = await openService(database.db);
    await service.post(
      posted('Down', 'critical', '1'),
      posted('Down', 'critical', '2'),
      posted('Slow', 'warning'),
      posted('Full', 'info'),
    );
    const before = await service.alerts.listAlertGroups({}, call);
    expect(before.items.map(({ labels }) => labels.alertname)).toEqual(['Down', 'Slow', 'Full']);
    const [down] = before.items;
    expect(down).toMatchObject({
      receiver: 'on-call',
      severity: 'critical',
      alertCount: 2,
      commonLabels: { severity: 'critical' },
    });
    expect(down?.firedLastHour.at(-1)).toBe(2);
    const fingerprints = down?.alerts.map(({ fingerprint }) => fingerprint) ?? [];
    await service.alerts.acknowledgeAlerts({ fingerprints, comment: 'on it', assign: true }, call);
    const endsAt = timestampFromMs(service.now.ms + 3_600_000);
    const matchers = [{ name: 'alertname', operator: '=~', value: 'Sl.*' }];
    await service.silences.putSilence({ matchers, endsAt, comment: 'known' }, call);
    const after = await service.alerts.listAlertGroups({}, call);
    expect(after.items.map(({ labels }) => labels.alertname)).toEqual(['Full', 'Down', 'Slow']);
    expect(after.items.map(({ id }) => id).sort()).toEqual(before.items.map(({ id }) => id).sort());
    expect(after.items[1]).toMatchObject({ acknowledgedCount: 2, suppressedCount: 0 });
    expect(after.counts).toMatchObject({ firing: 4, active: 3, suppressed: 1, acknowledged: 2, bySeverity: { critical: 2 } });
    expect(after.revision > before.revision).toBe(true);
    const nobodys = await service.alerts.listAlertGroups({ acknowledged: false, states: ['active'] }, call);
    expect(nobodys.items.map(({ labels }) => labels.alertname)).toEqual(['Full']);
  });

  test('a group in a list brings the first twenty of its alerts; all of them are found by its id, with what began to fire since', async () => {
    await using service = await openService(database.db);
    await service.post(
      ...Array.from({ length: 23 }, (_, at) => posted('Down', 'critical', `host-${at}`)),
      posted('Slow', 'info'),
    );
    const list = async () => (await service.alerts.listAlertGroups({}, call)).items[0];
    const [group] = [await list()];
    expect([group?.alertCount, group?.alerts.length, group?.firedLastHour.at(-1)]).toEqual([23, 20, 23]);
    const all = await service.alerts.listAlerts({ group: group?.id ?? '' }, call);
    expect([all.total, new Set(all.items.map(({ labels }) => labels.alertname))]).toEqual([23, new Set(['Down'])]);
    await expect(service.alerts.listAlerts({ group: 'Down' }, call)).rejects.toMatchObject({ kind: 'invalid', field: 'group' });
    service.now.ms += 600_000;
    await service.post(posted('Down', 'critical', 'host-new'));
    expect((await list())?.firedLastHour.slice(-3)).toEqual([23, 0, 1]);
    service.now.ms += 3_000_000;
    await service.post(posted('Down', 'critical', 'host-new'));
    expect((await list())?.firedLastHour).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  test('what fired at an instant is found exactly at its edges, with who looked after it then', async () => {
    await using service = await openService(database.db);
    const firedMs = service.now.ms;
    await service.post(posted('Down', 'critical'));
    const [alert] = (await service.alerts.listAlerts({}, call)).items;
    const fingerprints = [alert?.fingerprint ?? ''];
    service.now.ms += 1000;
    await service.alerts.assignAlerts({ fingerprints, assignee: 'me' }, call);
    service.now.ms += 1000;
    await service.post({
      ...posted('Down', 'critical'),
      startsAt: new Date(firedMs).toISOString(),
      endsAt: new Date(firedMs + 2000).toISOString(),
    });
    service.now.ms += 1000;
    await service.post(posted('Later', 'critical'));
    const at = async (ms: number) => (await service.alerts.listAlerts({ at: timestampFromMs(ms) }, call)).items;
    expect(names(await at(firedMs - 1))).toEqual([]);
    expect((await at(firedMs))[0]).toMatchObject({
      assignee: '',
      annotations: { summary: 'Down broke' },
      receivers: ['on-call'],
    });
    expect((await at(firedMs + 999))[0]?.assignee).toBe('');
    expect((await at(firedMs + 1000))[0]?.assignee).toBe('ann');
    expect(names(await at(firedMs + 1999))).toEqual(['Down']);
    expect(names(await at(firedMs + 2000))).toEqual([]);
    expect(names(await at(firedMs + 3000))).toEqual(['Later']);
    await expect(at(firedMs + dayMs)).rejects.toMatchObject({
      field: 'at',
      message: expect.stringContaining('lies ahead') as string,
    });
    await expect(at(firedMs - 91 * dayMs)).rejects.toMatchObject({ message: expect.stringContaining('not kept') as string });
    const { items } = await service.alerts.listAlertHistory({ fingerprint: fingerprints[0] ?? '' }, call);
    expect(items.map(({ kind, by }) => [kind, by])).toEqual([
      ['resolved', ''],
      ['assigned', 'ann'],
      ['fired', ''],
    ]);
    expect(items[0]?.labels.alertname).toBe('Down');
    const page = await service.alerts.listAlertHistory({ limit: 2, kinds: ['fired', 'resolved'] }, call);
    const rest = await service.alerts.listAlertHistory({ limit: 2, kinds: ['fired', 'resolved'], cursor: page.nextCursor }, call);
    expect([...page.items, ...rest.items].map(({ kind }) => kind)).toEqual(['fired', 'resolved', 'fired']);
  });

  test('who hears of it is said in a sentence: before, while a silence mutes it, and of labels nobody sent', async () => {
    await using service = await openService(database.db);
    await service.post(posted('Down', 'critical'));
    const [alert] = (await service.alerts.listAlerts({}, call)).items;
    const explained = async () => await service.alerts.explainAlert({ fingerprint: alert?.fingerprint ?? '' }, call);
    expect((await explained()).summary).toBe('on-call (webhook/0) is told in 10 s.');
    const matchers = [{ name: 'severity', operator: '=', value: 'critical' }];
    const endsAt = timestampFromMs(service.now.ms + 3_600_000);
    const silence = await service.silences.putSilence({ matchers, endsAt, comment: 'deploy' }, call);
    const muted = await explained();
    expect(muted.summary).toBe(`Nobody: silence ${silence.id} mutes it until 04:00 UTC (ann: deploy).`);
    expect(muted.muted).toMatchObject([{ by: 'silence', id: silence.id }]);
    const labels = { alertname: 'New', severity: 'warning' };
    const would = await service.alerts.explainAlert({ labels }, call);
    expect(would.routes.map(({ outcome }) => outcome)).toEqual(['takes', 'does not match']);
    expect([would.alert, would.summary]).toEqual([undefined, 'everybody (webhook/0) is told in 10 s.']);
    await expect(service.alerts.explainAlert({}, call)).rejects.toMatchObject({ kind: 'invalid', field: 'labels' });
    await expect(service.alerts.explainAlert({ fingerprint: '0'.repeat(16) }, call)).rejects.toMatchObject({ kind: 'not_found' });
  });

  test('who hears of it says what a policy makes of it: held until it fired long enough, and who is told if nobody acknowledges it', async () => {
    const policy = `
damping: [{matchers: [severity="warning"], fire_after: 2m}]
escalations: [{matchers: [severity="warning"], steps: [{after: 15m, receiver: on-call}]}]
`;
    await using service = await openService(database.db, undefined, policy);
    const labels = { alertname: 'Slow', severity: 'warning' };
    const would = await service.alerts.explainAlert({ labels }, call);
    expect(would.summary).toBe(
      'Nobody yet: it must fire for 2 min before anyone is told; 2 min are left. If nobody acknowledges it within 15 min, on-call is told.',
    );
    await service.post(posted('Slow', 'warning'));
    service.now.ms += 80_000;
    const [alert] = (await service.alerts.listAlerts({}, call)).items;
    const explained = async () => await service.alerts.explainAlert({ fingerprint: alert?.fingerprint ?? '' }, call);
    const held = await explained();
    expect(held.muted).toMatchObject([{ by: 'unsteady', reason: expect.stringContaining('40 s are left') as string }]);
    expect(held.summary).toBe('Nobody yet: it must fire for 2 min before anyone is told; 40 s are left.');
    expect(held.groups[0]?.integrations).toMatchObject([{ notify: false, reason: 'it has not fired for long enough yet' }]);
    service.now.ms += 40_000;
    await service.handleDue();
    const released = await explained();
    expect([released.muted, released.summary.split('. ')[1]]).toEqual([
      [],
      'If nobody acknowledges it by 03:17 UTC, on-call is told.',
    ]);
    await service.alerts.acknowledgeAlerts({ fingerprints: [alert?.fingerprint ?? ''] }, call);
    expect((await explained()).summary).toMatch(/ann acknowledged it at 03:02 UTC\.$/);
  });

  test('a silence is previewed by the matching that mutes, over now, a day and a week', async () => {
    await using service = await openService(database.db);
    const ended = { ...posted('Old', 'critical'), endsAt: new Date(service.now.ms + 1000).toISOString() };
    await service.post(ended);
    service.now.ms += 2000;
    await service.sweep();
    service.now.ms += 3 * dayMs;
    await service.post(posted('Down', 'critical'), posted('Slow', 'warning'));
    const matchers = [{ name: 'severity', operator: '=', value: 'critical' }];
    const { now, lastDay, lastWeek, alerts } = await service.silences.suggestSilence({ matchers }, call);
    expect([now, lastDay, lastWeek, names(alerts)]).toEqual([1, 1, 2, ['Down']]);
    const bad = service.silences.suggestSilence({ matchers: [{ name: 'a', operator: '~', value: '' }] }, call);
    await expect(bad).rejects.toMatchObject({
      field: 'matchers',
      message: expect.stringContaining('must be one of =, !=') as string,
    });
    await expect(service.silences.getSilence({ id: randomUUID() }, call)).rejects.toMatchObject({ kind: 'not_found' });
  });

  test('each message is in the ledger, by receiver, group and alert; a receiver tells how its messages went', async () => {
    await using service = await openService(database.db, () => ({ sent: false, permanent: true, error: 'no such channel' }));
    await service.post(posted('Down', 'critical'), posted('Slow', 'warning'));
    service.now.ms += 11_000;
    const dead = async () => await service.deliveries.listNotifications({ statuses: ['dead'] }, call);
    for (let tries = 0; (await dead()).items.length < 2 && tries < 500; tries++) await new Promise(setImmediate);
    const all = await service.deliveries.listNotifications({ limit: 1 }, call);
    const next = await service.deliveries.listNotifications({ limit: 1, cursor: all.nextCursor }, call);
    expect(new Set([...all.items, ...next.items].map(({ receiver }) => receiver))).toEqual(new Set(['everybody', 'on-call']));
    expect(next.nextCursor).toBe('');
    const [group] = (await service.alerts.listAlertGroups({ receiver: 'on-call' }, call)).items;
    expect(group?.lastNotification).toMatchObject({ status: 'dead', error: 'no such channel', reason: 'first' });
    const about = await service.deliveries.listNotifications({ groupId: group?.id ?? '' }, call);
    expect(about.items).toMatchObject([{ receiver: 'on-call', groupId: group?.id, firing: [group?.alerts[0]?.fingerprint] }]);
    const { items } = await service.deliveries.listReceivers({}, call);
    expect(items.map(({ name }) => name)).toEqual(['everybody', 'on-call']);
    expect(items[1]).toMatchObject({
      routes: ['{}/{severity="critical"}/0'],
      integrations: [{ name: 'webhook/0', deadLastDay: 1, sentLastDay: 0, lastError: 'no such channel' }],
    });
    expect((await service.deliveries.getRouting({}, call)).routes.map(({ alertCount }) => alertCount)).toEqual([1, 1]);
  });

  test('a receiver is tested past the ledger, and what there is none of is named', async () => {
    await using service = await openService(database.db, () => ({ sent: false, permanent: true, error: 'no such channel' }));
    const { items } = await service.deliveries.testReceiver({ receiver: 'on-call', labels: { team: 'db' } }, call);
    expect(items).toMatchObject([{ name: 'webhook/0', sent: true, receipt: '200 test', error: '' }]);
    expect((await service.deliveries.listNotifications({}, call)).items).toEqual([]);
    await expect(service.deliveries.testReceiver({ receiver: 'nobody' }, call)).rejects.toMatchObject({
      kind: 'not_found',
      message: 'there is no receiver "nobody"; there are everybody, on-call',
    });
  });

  test('messages of a group that is over are in the ledger, whatever the texts of its alerts hold', async () => {
    await using service = await openService(database.db, () => ({ sent: true, receipt: '' }));
    const odd = { labels: { alertname: 'Odd' }, annotations: { summary: 'a\0b \\u0000' } };
    const told = async (reason: string) => {
      for (let tries = 0; tries < 500; tries++) {
        const { items } = await service.deliveries.listNotifications({ statuses: ['sent'] }, call);
        if (items.some((each) => each.reason === reason)) return items;
        await new Promise(setImmediate);
      }
      throw new Error(`nobody was told with the reason ${reason}`);
    };
    await service.post(odd);
    service.now.ms += 11_000;
    await told('first');
    await service.post({ ...odd, endsAt: new Date(service.now.ms).toISOString() });
    service.now.ms += 301_000;
    await told('all resolved');
    service.now.ms += 301_000;
    const groups = () => database.db.query(`SELECT FROM ${service.schema}.groups`);
    for (let tries = 0; (await groups()).length > 0 && tries < 500; tries++) await new Promise(setImmediate);
    expect(await groups()).toEqual([]);
    const items = await told('all resolved');
    expect(items.map(({ groupLabels }) => groupLabels)).toEqual([{ alertname: 'Odd' }, { alertname: 'Odd' }]);
  });

  test('who watches hears of a change, together with those that came with it, and of nothing else', async () => {
    await using service = await openService(database.db);
    await service.post(posted('Down', 'critical'));
    const { revision } = await service.alerts.listAlertGroups({}, call);
    const leaving = new AbortController();
    const watched = service.alerts.watchAlerts({ sinceRevision: revision }, { ...call, signal: leaving.signal });
    const changes = watched[Symbol.asyncIterator]();
    const first = changes.next();
    await service.post(posted('Slow', 'warning'), posted('Full', 'info'));
    const { value } = (await first) as { value: { revision: bigint; counts: { firing: number } } };
    expect(value.revision > revision).toBe(true);
    expect(value.counts.firing).toBe(3);
    leaving.abort();
    await changes.next().catch(() => undefined);
  });
}
