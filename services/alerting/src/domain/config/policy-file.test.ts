import { rulesFor } from '../policy.ts';
import { parsePolicy } from './policy-file.ts';
import { ConfigFaults } from './yaml-reading.ts';

const receivers = ['on-call', 'lead'];
const faultsOf = (source: string): string[] => {
  try {
    parsePolicy(source, receivers);
  } catch (error) {
    if (error instanceof ConfigFaults) return error.faults.map(({ line, path, message }) => `${line} ${path}: ${message}`);
    throw error;
  }
  return [];
};

test('a policy is read: escalations, damping, watches', () => {
  const policy = parsePolicy(
    `
# who hears next
escalations:
  - matchers: [severity="critical", team=~"db|web"]
    steps: [{after: 10m, receiver: on-call}, {after: 20m, receiver: lead}]
  - steps: [{after: 1h, receiver: lead}]
damping:
  - matchers: [alertname="Link"]
    flapping: {window: 10m, raise_at: 6, clear_at: 2}
    fire_after: 2m
    clear_after: 5m
watches:
  - {name: backup, matchers: [job="backup"], within: 25h, labels: {severity: page}}
`,
    receivers,
  );
  expect(rulesFor(policy, { severity: 'critical', team: 'db' }).escalation?.steps).toEqual([
    { afterMs: 600_000, receiver: 'on-call' },
    { afterMs: 1_200_000, receiver: 'lead' },
  ]);
  expect(rulesFor(policy, { alertname: 'Link' })).toMatchObject({
    escalation: { steps: [{ receiver: 'lead' }] },
    damping: { flapping: { windowMs: 600_000, raiseAt: 6, clearAt: 2 }, fireAfterMs: 120_000, clearAfterMs: 300_000 },
  });
  expect(rulesFor(policy, { alertname: 'Down' }).damping).toBeUndefined();
  expect(policy.watches).toMatchObject([{ name: 'backup', withinMs: 90_000_000, labels: { severity: 'page' } }]);
  expect(policy.original).not.toContain('who hears');
});

test('an empty file is no policy', () => {
  expect(parsePolicy('# nothing yet\n', receivers)).toMatchObject({ escalations: [], damping: [], watches: [], original: '' });
});

test('every mistake comes with its line', () => {
  expect(
    faultsOf(`escalations:
  - matchers: [severity]
    steps:
      - {after: 10, receiver: on-call}
      - {after: 5m, receiver: nobody}
      - {receiver: lead}
  - steps: []
damping:
  - flapping: {window: 10m, raise_at: 3, clear_at: 3}
    fire_for: 2m
watches:
  - {name: a, matchers: [job="a"], within: 1h}
  - {name: a, matchers: [job="b"]}
  - {name: a, matchers: [job="c"], within: 1h}
`),
  ).toEqual([
    expect.stringMatching(/^2 escalations\[0\].matchers\[0\]: must be matchers, like severity="page"/),
    '4 escalations[0].steps[0].after: must be a duration like "30s", "5m" or "1h30m" (got "10")',
    `5 escalations[0].steps[1].receiver: must be a receiver of Alertmanager's file: on-call, lead (got "nobody")`,
    '6 escalations[0].steps[2]: needs after',
    '7 escalations[1]: needs at least one step, like {after: 10m, receiver: lead}',
    '9 damping[0].flapping: clear_at must be less than raise_at, or flapping never ends (got 3 and 3)',
    '10 damping[0].fire_for: unknown field "fire_for"; known are matchers, flapping, fire_after, clear_after',
    '13 watches[1]: needs within',
    '14 watches[2]: watch "a" stands twice; names must be unique',
  ]);
});

test('what is no YAML, or of another shape, is a fault and not a crash', () => {
  for (const source of ['escalations: {', 'damping: yes', '[]', 'watches: [1]', 'escalations: [{steps: 3}]'])
    expect(faultsOf(source)).not.toEqual([]);
  expect(faultsOf('damping: yes')).toEqual(['1 damping: must be a list (got "yes")']);
});
