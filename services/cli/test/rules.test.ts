import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../src/run-cli.ts';
import { openFakeGateway } from './fake-gateway.ts';
import { paperTerminal } from './paper-terminal.ts';

const guessed = {
  id: 'guessed',
  title: 'Guessed passwords',
  kind: 'sigma',
  severity: 'high',
  level: 'critical',
  severityReason: 'its status is test, not stable',
  hits: '12',
  lastHitAt: '2026-03-01T03:10:00Z',
  verdicts: { truePositives: 14, falsePositives: 0, falsePositiveBound: 0.193 },
  caseCount: 3,
  failedCases: ['a benign sign-in: expected no match'],
};
const refused = [{ source: 'bad.yml', faults: [{ line: 3, path: 'detection.condition', message: 'there is no selection "x"' }] }];
const report = {
  from: '2026-02-22T12:00:00Z',
  to: '2026-03-01T12:00:00Z',
  events: '312440',
  tookSeconds: 4.2,
  rules: [
    {
      id: 'guessed',
      title: 'Guessed passwords',
      severity: 'high',
      hits: '3',
      alerts: '1',
      pagesPerWeek: 1,
      truePositives: '3',
      falsePositives: '0',
      precision: 1,
      falsePositiveBound: 0.632,
      missed: '0',
    },
    { id: 'quiet', hits: '0', missed: '0' },
  ],
  refused: [] as typeof refused,
};
let lines: object[];
let gateway: Awaited<ReturnType<typeof openFakeGateway>>;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rules-'));
  lines = [{ progress: { events: '100000', share: 0.32 } }, { report }];
  gateway = await openFakeGateway({
    'GET /api/v1/rules': () => ({ items: [guessed], nextCursor: '', running: 1, refused, refusedCount: 2 }),
    'GET /api/v1/rules/guessed': () => ({ rule: guessed, text: 'title: Guessed passwords\n' }),
    'POST /api/v1/rules/reload': () => ({ running: 1, refusedCount: 2 }),
    'POST /api/v1/rules/backtest': (_url, _body, response) => {
      response.writeHead(200, { 'content-type': 'application/jsonl' });
      response.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    },
  });
});
afterEach(async () => {
  await gateway.close();
  rmSync(folder, { recursive: true });
});

const tmws = async (...words: string[]) => {
  const { terminal, written } = paperTerminal({ env: { TMWS_SERVER: gateway.url }, cwd: folder });
  return { code: await runCli(words, terminal), ...written };
};
const lastBody = () => JSON.parse(gateway.asked.at(-1)?.body ?? '') as unknown;

test('rules are listed with what people judged of them; refused ones are told with file and line', async () => {
  const { code, out, err } = await tmws('rule', 'list', 'guess', '--kind', 'sigma,atr');
  expect([code, out]).toEqual([
    0,
    'guessed\tsigma\thigh\t12\t2026-03-01T03:10:00Z\t0 of 14, ≤ 19 %\t1 of 3 failed\tGuessed passwords\n',
  ]);
  expect(err).toBe('refused: bad.yml:3: detection.condition: there is no selection "x"\nand 1 more were refused\n');
  expect(gateway.asked[0]?.line).toBe('GET /api/v1/rules?kind=sigma%2Catr&search=guess&limit=100');
});

test('a rule is shown with why it says less than its level, and its text', async () => {
  const { code, out } = await tmws('rule', 'get', 'guessed');
  expect(code).toBe(0);
  expect(out).toContain('severity\thigh: its status is test, not stable\n');
  expect(out).toContain('failed case\ta benign sign-in: expected no match\n');
  expect(out.endsWith('\n\ntitle: Guessed passwords\n')).toBe(true);
});

test('reading rules again says how many run and how many do not', async () => {
  expect(await tmws('rule', 'reload')).toEqual({
    code: 0,
    out: 'running\t1\nrefused\t2\n',
    err: '`tmws rule list` says which were refused and why\n',
  });
});

test('a backtest ends with a table of what was hit, and says in a sentence what it comes to', async () => {
  writeFileSync(join(folder, 'labels.jsonl'), '{"source":"/gateway","id":"e-1","malicious":true}\n');
  const { code, out, err } = await tmws('rule', 'backtest', '--from', '7d', '--labels', 'labels.jsonl');
  expect([code, out]).toEqual([0, 'guessed\thigh\t3\t1\t1\t1.00 of 3, ≥ 37 %\t0\tGuessed passwords\n']);
  expect(err).toBe('312440 events in 7 d: 3 hits by 1 of 2 rules, 1 alert, 1 page a week (took 4.2 s)\n');
  expect(lastBody()).toEqual({
    ids: [],
    from: '2026-02-22T12:00:00.000Z',
    labels: [{ source: '/gateway', id: 'e-1', malicious: true }],
  });
});

test('rules of a file are sent as they are; those refused are told, and the exit code says so', async () => {
  writeFileSync(join(folder, 'mine.yml'), 'title: Mine\n');
  lines = [{ report: { ...report, refused } }];
  const { code, err } = await tmws('rule', 'backtest', '--file', 'mine.yml');
  expect([code, err]).toEqual([8, expect.stringContaining('refused: bad.yml:3: detection.condition')]);
  expect(lastBody()).toEqual({ ids: [], text: 'title: Mine\n' });
});

test('as JSON a backtest is its report, whole', async () => {
  const { out } = await tmws('rule', 'backtest', '-o', 'json');
  expect(JSON.parse(out)).toEqual(report);
});

test('a backtest that breaks off says why', async () => {
  lines = [{ problem: { title: 'away', status: 503, kind: 'unavailable', detail: 'the log is away' } }];
  expect(await tmws('rule', 'backtest')).toMatchObject({ code: 7, err: expect.stringContaining('the log is away') as string });
  lines = [];
  expect((await tmws('rule', 'backtest')).err).toContain('the backtest broke off');
});

test('what cannot be read or is no time is told before anybody is asked', async () => {
  expect((await tmws('rule', 'backtest', '--file', 'none.yml')).err).toContain('--file cannot be read (ENOENT)');
  expect((await tmws('rule', 'backtest', '--from', 'yesterday')).err).toContain('--from must be RFC 3339, or how long ago');
  expect(gateway.asked).toEqual([]);
});
