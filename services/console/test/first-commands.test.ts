import { execFileSync } from 'node:child_process';
import { firstCommands } from '../src/model/first-commands.ts';

const given = { origin: 'http://127.0.0.1:8080', namespace: '', nowMs: Date.UTC(2026, 10, 22) };
const commandOf = (label: string, more: Partial<typeof given> = {}): string =>
  firstCommands({ ...given, ...more }).find((each) => each.label.includes(label))?.command ?? '';

/** The arguments a POSIX shell would give to `program`. */
const argumentsOf = (command: string, program: string): string[] =>
  execFileSync('sh', ['-c', `${program}() { printf '%s\\0' "$@"; }\n${command}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);

test('the command for curl posts a structured event to where the page came from', () => {
  const args = argumentsOf(commandOf('HTTP'), 'curl');
  expect(args).toContain('http://127.0.0.1:8080/api/v1/events');
  expect(args).toContain('content-type: application/cloudevents+json');
  const event = JSON.parse(args.at(-1) ?? '') as Record<string, unknown>;
  expect(event).toMatchObject({ specversion: '1.0', type: 'tmws.step.completed', data: { stepId: 'greet' } });
  expect(event.subject).toBe((event.data as { executionId: string }).executionId);
});

test('where sign-in is on, the command for curl takes the key from the environment and shows none', () => {
  const command = firstCommands({ ...given, signedIn: true }).find(({ label }) => label.includes('HTTP'))?.command ?? '';
  expect(argumentsOf(`TMWS_API_KEY='a b'\n${command}`, 'curl')).toContain('authorization: Bearer a b');
  expect(commandOf('HTTP')).not.toContain('authorization');
});

test('the command for kcat gives the event in headers', () => {
  const args = argumentsOf(commandOf('Kafka'), 'kcat');
  expect(args).toEqual(expect.arrayContaining(['-P', '127.0.0.1:9092', 'tmws.workflow', 'ce_type=tmws.step.completed']));
});

test('a namespace travels with the events, whatever its characters', () => {
  const namespace = "team 'a'";
  expect(JSON.parse(argumentsOf(commandOf('HTTP', { namespace }), 'curl').at(-1) ?? '')).toMatchObject({
    tmwsnamespace: namespace,
  });
  expect(argumentsOf(commandOf('Kafka', { namespace }), 'kcat')).toContain(`ce_tmwsnamespace=${namespace}`);
});
