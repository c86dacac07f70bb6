// Rules at the REST door, beside an alerting with canned answers on a real socket.
import { type Handlers, RuleService } from '@tmws/contracts';
import { Problem } from '@tmws/problems';
import { aborted } from './fake-timeline.ts';
import { openAlerting } from './open-alerting.ts';
import { overheard } from './overheard.ts';

const rule = { id: 'sign-in/guessed', title: 'Guessed', kind: 'sigma', hits: 12n, verdicts: { truePositives: 14 } };
const report = { events: 312_440n, rules: [{ id: rule.id, hits: 3n, precision: 1, pagesPerWeek: 1.5 }] };

type RuleHandlers = Handlers<(typeof RuleService)['method']>;

async function openRules(other: Partial<RuleHandlers> = {}) {
  const answers: RuleHandlers = {
    listRules: () =>
      Promise.resolve({
        items: [rule],
        running: 1,
        refused: [{ source: 'bad.yml', faults: [{ line: 3, message: 'no condition' }] }],
        refusedCount: 1,
      }),
    getRule: () => Promise.resolve({ rule, text: 'title: Guessed\n' }),
    reloadRules: () => Promise.resolve({ running: 1, refusedCount: 1 }),
    async *backtestRules() {
      yield await Promise.resolve({ what: { case: 'progress', value: { events: 100_000n, share: 0.32 } } } as const);
      yield { what: { case: 'report', value: report } } as const;
    },
    ...other,
  };
  return openAlerting((server, heard) => server.add(RuleService, overheard(answers, heard)));
}

const linesOf = async (response: Response): Promise<unknown[]> =>
  (await response.text())
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);

test('rules are listed with those that were refused and why; what is asked goes on', async () => {
  await using door = await openRules();
  const listed = await door.gateway.get('/api/v1/rules?kind=sigma,atr&kind=preset&search=Sign&limit=2000');
  expect(await listed.json()).toMatchObject({
    items: [{ id: rule.id, hits: '12', severityReason: '', verdicts: { truePositives: 14, falsePositiveBound: 0 } }],
    refused: [{ source: 'bad.yml', faults: [{ line: 3, message: 'no condition' }] }],
    running: 1,
    refusedCount: 1,
    nextCursor: '',
  });
  expect(door.heard[0]?.request).toMatchObject({ kinds: ['sigma', 'atr', 'preset'], search: 'Sign', limit: 2000 });
});

test('a rule is found by any id, percent-encoded, with its text', async () => {
  await using door = await openRules();
  const found = await door.gateway.get(`/api/v1/rules/${encodeURIComponent(rule.id)}`);
  expect(await found.json()).toMatchObject({ rule: { id: rule.id }, text: 'title: Guessed\n' });
  expect(door.heard[0]?.request).toMatchObject({ id: rule.id });
});

test('rules are read again when somebody asks, with a body or without', async () => {
  await using door = await openRules();
  expect(await (await door.gateway.post('/api/v1/rules/reload', {})).json()).toMatchObject({ running: 1, refusedCount: 1 });
  expect((await door.gateway.get('/api/v1/rules/reload', { method: 'POST' })).status).toBe(200);
});

test('a backtest is a line of JSON for each progress, and the report last', async () => {
  await using door = await openRules();
  const asked = {
    ids: [rule.id],
    from: '2026-03-01T12:00:00Z',
    to: '2026-03-08T13:00:00+01:00',
    labels: [{ source: '/gateway', id: 'e-1', malicious: true }],
  };
  const answered = await door.gateway.post('/api/v1/rules/backtest', asked);
  expect(answered.headers.get('content-type')).toMatch(/^application\/jsonl/);
  expect(await linesOf(answered)).toEqual([
    { progress: { events: '100000', share: 0.32 } },
    { report: expect.objectContaining({ events: '312440', truncated: false, refused: [] }) as unknown },
  ]);
  expect(door.heard[0]?.request).toMatchObject({
    ids: [rule.id],
    from: { seconds: 1772366400n },
    to: { seconds: 1772971200n },
    labels: [{ source: '/gateway', id: 'e-1', malicious: true }],
  });
});

test('what is wrong with a backtest is a problem; what breaks off later is a last line that says so', async () => {
  await using refusing = await openRules({
    // eslint-disable-next-line require-yield
    async *backtestRules() {
      await Promise.resolve();
      throw new Problem('not_found', 'no rule "x" runs', { field: 'ids' });
    },
  });
  const refused = await refusing.gateway.post('/api/v1/rules/backtest', { ids: ['x'] });
  expect(await refusing.gateway.problem(refused)).toMatchObject({ status: 404, field: 'ids', detail: 'no rule "x" runs' });
  await using breaking = await openRules({
    async *backtestRules() {
      yield await Promise.resolve({ what: { case: 'progress', value: { events: 1n, share: 0 } } } as const);
      throw new Problem('unavailable', 'the log is away');
    },
  });
  expect(await linesOf(await breaking.gateway.post('/api/v1/rules/backtest', {}))).toEqual([
    { progress: { events: '1', share: 0 } },
    { problem: expect.objectContaining({ kind: 'unavailable', detail: 'the log is away' }) as unknown },
  ]);
});

test('who leaves a backtest ends it', async () => {
  const ended = Promise.withResolvers<undefined>();
  await using door = await openRules({
    async *backtestRules(_request, { signal }) {
      yield await Promise.resolve({ what: { case: 'progress', value: { events: 1n, share: 0 } } } as const);
      await aborted(signal);
      ended.resolve(undefined);
    },
  });
  const reader = (await door.gateway.post('/api/v1/rules/backtest', {})).body?.getReader();
  await reader?.read();
  await reader?.cancel();
  await expect(ended.promise).resolves.toBeUndefined();
});

test.each([
  ['rules/backtest', { ids: 'x' }, 'ids'],
  ['rules/backtest', { ids: [''] }, 'ids.0'],
  ['rules/backtest', { from: 'yesterday' }, 'from'],
  ['rules/backtest', { text: 'a'.repeat(1024 * 1024 + 1) }, 'text'],
  ['rules/backtest', { labels: [{ source: 's', id: 'i' }] }, 'labels.0.malicious'],
  ['rules/reload', { folder: '/etc' }, 'folder'],
])('POST %s with a wrong %j names the field', async (path, body, field) => {
  await using door = await openRules();
  expect(await door.gateway.problem(await door.gateway.post(`/api/v1/${path}`, body))).toMatchObject({ status: 400, field });
  expect(door.heard).toEqual([]);
});
