import { runCli } from '../src/run-cli.ts';
import { openFakeGateway } from './fake-gateway.ts';
import { paperTerminal } from './paper-terminal.ts';

const one = {
  fingerprint: '7f1c6f3a9d2b4e80',
  labels: { alertname: 'Down', severity: 'critical', job: 'api' },
  state: 'active',
  status: 'firing',
  startsAt: '2026-03-01T03:10:00Z',
  assignee: 'ann',
  acknowledgement: { by: 'ann' },
};
const explained = {
  labels: one.labels,
  summary: 'on-call (slack/0) is told in 30 s.',
  routes: [{ route: '{}', depth: 0, outcome: 'takes', reason: 'it has no matchers', receiver: 'on-call' }],
  muted: [],
  groups: [
    {
      receiver: 'on-call',
      labels: {},
      nextAt: '2026-03-01T03:10:30Z',
      integrations: [{ integration: 'slack/0', notify: true, reason: 'it was told nothing of this group yet' }],
    },
  ],
};
let gateway: Awaited<ReturnType<typeof openFakeGateway>>;
beforeEach(async () => {
  gateway = await openFakeGateway({
    'GET /api/v1/alerts': () => ({ items: [one], nextCursor: '', total: 1 }),
    'GET /api/v1/alerts/groups': () => ({
      items: [{ receiver: 'on-call', alertCount: 3, labels: { alertname: 'Down' } }],
      nextCursor: '',
    }),
    'POST /api/v1/alerts/explain': () => explained,
    'POST /api/v1/alerts/acknowledge': () => ({ items: [one], unknown: ['0'.repeat(16)] }),
    'POST /api/v1/alerts/judge': () => ({ items: [one], unknown: [] }),
    'POST /api/v1/alerts/assign': () => ({ items: [one], unknown: [] }),
    'GET /api/v1/alerts/stream': (_url, _body, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end('id: 9\nevent: change\ndata: {"revision":"9","counts":{"firing":2,"bySeverity":{"critical":2}}}\n\n:\n\n');
    },
    'POST /api/v1/silences': (_url, body) => ({ ...(JSON.parse(body) as object), id: 's-1', state: 'active', mutedCount: 2 }),
    'DELETE /api/v1/silences/s-1': () => ({ id: 's-1' }),
  });
});
afterEach(() => gateway.close());

const tmws = async (...words: string[]) => {
  const { terminal, written } = paperTerminal({ env: { TMWS_SERVER: gateway.url } });
  return { code: await runCli(words, terminal), ...written };
};
const lastAsked = () => gateway.asked.at(-1);

test('what fires is listed with its owner, by matchers as people type them', async () => {
  const { code, out } = await tmws('alert', 'list', 'severity=critical', 'job=~api.*', '--state', 'active');
  expect([code, out]).toEqual([0, '7f1c6f3a9d2b4e80\tcritical\tactive\t2026-03-01T03:10:00Z\tann (ack)\tDown\tjob=api\n']);
  const url = new URL(lastAsked()?.line.split(' ')[1] ?? '', 'http://fake');
  expect(url.searchParams.getAll('filter')).toEqual(['severity="critical"', 'job=~"api.*"']);
  expect(url.searchParams.get('state')).toBe('active');
});

test('groups are listed as receivers hear of them', async () => {
  expect((await tmws('alert', 'groups')).out).toContain('on-call\t\t3\t0\t0');
});

test('what is no matcher is told before anybody is asked', async () => {
  const refused = await tmws('alert', 'list', 'critical');
  expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('"critical" is no matcher; write name=value')]);
  expect(gateway.asked).toEqual([]);
});

test('labels are explained: the sentence first, then rule by rule', async () => {
  const { code, out } = await tmws('alert', 'explain', 'severity=critical', 'job=api');
  expect(code).toBe(0);
  expect(out.split('\n')[0]).toBe('on-call (slack/0) is told in 30 s.');
  expect(out).toContain('  {} → on-call: takes; it has no matchers');
  expect(out).toContain('    slack/0: is told; it was told nothing of this group yet');
  expect(JSON.parse(lastAsked()?.body ?? '')).toEqual({ labels: { severity: 'critical', job: 'api' } });
});

test('alerts are acknowledged by fingerprint or by matchers; those that do not fire are named, and the exit code says so', async () => {
  const partly = await tmws('alert', 'ack', '7f1c6f3a9d2b4e80', '0000000000000000', '-m', 'on it', '--take');
  expect([partly.code, partly.err]).toEqual([8, 'tmws: not firing: 0000000000000000\n']);
  expect(JSON.parse(lastAsked()?.body ?? '')).toEqual({
    fingerprints: ['7f1c6f3a9d2b4e80', '0000000000000000'],
    comment: 'on it',
    assign: true,
  });
  expect((await tmws('alert', 'assign', 'nobody', 'job=api')).code).toBe(0);
  expect(JSON.parse(lastAsked()?.body ?? '')).toEqual({ fingerprints: ['7f1c6f3a9d2b4e80'], assignee: '' });
  expect((await tmws('alert', 'ack', '7f1c6f3a9d2b4e80', 'job=api')).code).toBe(2);
});

test('each change is a line', async () => {
  const { code, out } = await tmws('alert', 'watch');
  expect([code, out]).toEqual([0, expect.stringContaining('2 firing, 2 critical, 0 acknowledged, 0 muted, 0 damped')]);
});

test('a silence says what it mutes; its duration is written as people do', async () => {
  const made = await tmws('silence', 'add', 'job=api', '-c', 'deploy', '-d', '1h30m', '--start', '2026-03-01T12:00:00Z');
  expect([made.code, made.out]).toEqual([0, expect.stringContaining('mutes\t2 alerts now')]);
  expect(JSON.parse(lastAsked()?.body ?? '')).toEqual({
    matchers: [{ name: 'job', operator: '=', value: 'api' }],
    comment: 'deploy',
    startsAt: '2026-03-01T12:00:00Z',
    endsAt: '2026-03-01T13:30:00.000Z',
  });
  expect((await tmws('silence', 'add', 'job=api', '-c', 'deploy', '-d', 'soon')).err).toContain('--duration must be like 30m');
  expect(await tmws('silence', 'expire', 's-1')).toMatchObject({ code: 0, err: 's-1 is expired\n' });
});

test('whether a rule was right is said in a word', async () => {
  expect((await tmws('alert', 'judge', 'false', one.fingerprint, '-m', 'a drill')).code).toBe(0);
  expect(JSON.parse(lastAsked()?.body ?? '')).toEqual({
    fingerprints: [one.fingerprint],
    verdict: 'false_positive',
    comment: 'a drill',
  });
  expect(await tmws('alert', 'judge', 'perhaps', one.fingerprint)).toMatchObject({
    code: 2,
    err: expect.stringContaining('true, false or none (got "perhaps")') as string,
  });
});
