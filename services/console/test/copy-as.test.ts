import { execFileSync } from 'node:child_process';
import { apiUrl } from '../src/api/url.ts';
import { copyTexts, type ViewSource } from '../src/state/copy-as.ts';

const nowMs = Date.UTC(2026, 10, 22, 12);
const source: ViewSource = { path: 'executions/run%2042/timeline', query: { px: '900' }, command: ['run', 'timeline', 'run 42'] };
const texts = (href: string, namespace = '', of = source) =>
  Object.fromEntries(copyTexts(of, apiUrl, { href, namespace, nowMs }).map(({ id, text }) => [id, text]));

/** The words a POSIX shell makes of a command. */
const wordsOf = (command: string): string[] =>
  execFileSync('sh', ['-c', `${command.split(' ')[0]}() { printf '%s\\0' "$@"; }\n${command}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);

test('a view can be taken along as link, request and command', () => {
  expect(texts('http://127.0.0.1:8080/executions/run%2042?sel=a')).toEqual({
    link: 'http://127.0.0.1:8080/executions/run%2042?sel=a',
    curl: "curl -sS 'http://127.0.0.1:8080/api/v1/executions/run%2042/timeline?px=900'",
    command: "tmws run timeline 'run 42'",
  });
});

test('where sign-in is on, the request takes the key from the environment', () => {
  const given = { href: 'http://127.0.0.1:8080/', namespace: '', nowMs, signedIn: true };
  const curl = copyTexts(source, apiUrl, given).find(({ id }) => id === 'curl')?.text ?? '';
  expect(curl).toContain('-H "authorization: Bearer $TMWS_API_KEY" ');
});

test('a link with a moving range is offered moving and frozen', () => {
  const { link, frozen } = texts('http://127.0.0.1:8080/?range=1h');
  expect(link).toContain('range=1h');
  expect(frozen).toBe('http://127.0.0.1:8080/?from=2026-11-22T11%3A00%3A00.000Z&to=2026-11-22T12%3A00%3A00.000Z');
});

test('a command goes where the page came from and into its namespace', () => {
  expect(wordsOf(texts('http://tmws.localhost:9000/', "it's $HOME").command ?? '')).toEqual([
    ...['run', 'timeline', 'run 42', '--namespace', "it's $HOME", '--server', 'http://tmws.localhost:9000'],
  ]);
});

test('no command is made up for a view that has none', () => {
  expect(texts('http://127.0.0.1:8080/', '', { path: 'executions' })).not.toHaveProperty('command');
});

test.each(["a'b", '$(id)', 'a"b', '`id`', 'ä ö', '*', '~', 'a\\b', ''])('%j reaches the command as it is', (word) => {
  expect(wordsOf(texts('http://127.0.0.1:8080/', '', { path: 'x', command: ['run', word] }).command ?? '')).toEqual([
    'run',
    word,
  ]);
});
