import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCli } from '../src/run-cli.ts';
import { paperTerminal } from './paper-terminal.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'rule-test-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

/** Runs the command in a folder of these files. */
async function tested(files: Readonly<Record<string, string>>, ...words: string[]) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  const { terminal, written } = paperTerminal({ cwd });
  return { code: await runCli(['rule', 'test', ...words], terminal), ...written };
}

const rule = (title: string, more = '', item = 'type: login'): string =>
  `title: ${title}\nlogsource: {}\ndetection:\n  s:\n    ${item}\n  condition: s\n${more}`;
const good = 'tests: [{event: {type: login}, match: true}]';

test('rules of folders are tested, a line each, with what came instead of what was expected', async () => {
  const { code, out, err } = await tested(
    {
      'rules/a.yml': rule('good', good),
      'rules/deep/b.yaml': rule('bad', 'tests: [{name: quiet, events: [{type: x}, {type: login}], match: false}]'),
      'rules/c.yml': rule('refused', '', 'a|containz: x'),
      'rules/d.yml': rule('none'),
      'rules/node_modules/e.yml': rule('not looked at'),
    },
    'rules',
  );
  expect(out).toBe(
    'ok  rules/a.yml  good  (1 case)\n' +
      'refused  rules/c.yml:5 detection.s.a|containz: there is no modifier "containz"; did you mean contains?\n' +
      'no cases  rules/d.yml  none\n' +
      'FAILED  rules/deep/b.yaml  bad  (1 case)\n' +
      '    quiet: expected no match, got 1 match (event 2)\n',
  );
  expect(err).toContain('4 rules, 2 cases: 1 ok, 1 failed, 1 refused, 1 without cases\n');
  expect(code).toBe(1);
});

test('a rule without a case fails the run, unless that is allowed', async () => {
  const files = { 'a.yml': rule('good', good), 'b.yml': rule('none') };
  const strict = await tested(files, '.');
  expect([strict.code, strict.err]).toEqual([1, expect.stringContaining('--allow-untested lets them pass')]);
  expect((await tested(files, '.', '--allow-untested')).code).toBe(0);
  expect((await tested(files, 'a.yml')).code).toBe(0);
});

test('recorded events beside a rule are its cases; other JSON is told of and fails nothing', async () => {
  const { code, out, err } = await tested(
    { 'r/rule.yml': rule('recorded'), 'r/match-1.json': '{"type": "login"}', 'package.json': '{"name": "x"}' },
    '.',
  );
  expect([code, out]).toEqual([0, 'ok  r/rule.yml  recorded  (1 case)\n']);
  expect(err).toContain('the events of "package.json" are for nobody');
});

test('programs read the outcome as JSON', async () => {
  const { code, out } = await tested({ 'a.yml': rule('good', good) }, 'a.yml', '-o', 'json');
  expect(JSON.parse(out)).toMatchObject({
    passed: true,
    ok: 1,
    cases: 1,
    rules: [{ source: 'a.yml', title: 'good', kind: 'rule', outcome: 'ok', cases: [{ passed: true, got: 1, at: [1] }] }],
  });
  expect(code).toBe(0);
});

test('a path without rules, and one that is not there, are named', async () => {
  expect(await tested({ 'x/a.txt': '' }, 'x')).toMatchObject({
    code: 2,
    err: expect.stringContaining('there are no rules in x') as string,
  });
  expect(await tested({}, 'nowhere')).toMatchObject({
    code: 3,
    err: expect.stringContaining('nowhere cannot be read (ENOENT)') as string,
  });
});
