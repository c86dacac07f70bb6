// kill -9 at each transition of an alert. What was accepted is in the history and told; told again only under the same Idempotency-Key.
// With ALERTMANAGER_BIN, the path of Alertmanager's program, the same cells run against it and stand beside.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually, startKafka, startPostgres, tempDir } from '@tmws/testkit';
import pg from 'pg';
import { openAlertSink, type AlertSink } from '../alert-sink.ts';
import { type AlertTaker, postAlerts, startAlerting, startAlertmanager } from '../alert-taker.ts';
import type { Scenario } from '../scenario.ts';

export function alertMatrixScenarios(rounds: number): Scenario[] {
  return [{ name: `alerts crash matrix: ${rounds} times kill -9 at each transition`, run: () => crashMatrix(rounds) }];
}

/** What an alert has come to when the process is killed. */
const cells = {
  answer: 'posted, the answer not read',
  commit: 'accepted',
  wait: 'within group_wait',
  receipt: 'sent, no receipt yet',
  step: 'escalated, no receipt yet',
} as const;
type Cell = keyof typeof cells;
const perCell = 5;

const config = (url: string): string => `
route:
  receiver: ops
  group_by: [alertname]
  group_wait: 200ms
  group_interval: 1s
  routes: [{ receiver: ops, matchers: [cell="wait"], group_wait: 5s }]
receivers:
  - { name: ops, webhook_configs: [{ url: "${url}/ops" }] }
  - { name: lead, webhook_configs: [{ url: "${url}/lead" }] }
`;
const policy = 'escalations: [{ matchers: [cell="step"], steps: [{ after: 200ms, receiver: lead }] }]\n';

interface Outcome {
  accepted: number;
  lost: string[];
  /** Told in more than one message. */
  twice: string[];
  /** Told again, by the same key. */
  resent: number;
}
type Outcomes = Record<Cell, Outcome>;

async function crashMatrix(rounds: number): Promise<void> {
  await using dir = await tempDir('e2e-alerts');
  await using postgres = await startPostgres();
  await using kafka = await startKafka();
  await using sink = await openAlertSink();
  const [file, policyFile] = [join(dir.path, 'alertmanager.yml'), join(dir.path, 'policy.yml')];
  await writeFile(file, config(sink.url));
  await writeFile(policyFile, policy);
  const settings = { ALERTING_CONFIG_FILE: file, ALERTING_POLICY_FILE: policyFile };
  await using alerting = await startAlerting({ databaseUrl: postgres.url, brokers: kafka.brokers }, settings);
  const accepted = await killed(alerting, sink, rounds, Object.keys(cells) as Cell[]);
  const fired = await historyOf(postgres.url);
  // Accepted without anybody knowing: what is in the history is to be told too.
  for (const name of fired) accepted[cellOf(name)].add(name);
  assert.deepEqual(
    Object.values(accepted).flatMap((names) => [...names].filter((name) => !fired.has(name))),
    [],
    'accepted and not in the history',
  );
  const [ours, peer] = await Promise.all([outcomes(sink, accepted, 45_000), alertmanagerBeside(rounds, dir.path)]);
  for (const [cell, outcome] of Object.entries(ours)) {
    assert.deepEqual(outcome.lost, [], `${cell}: accepted and never told`);
    assert.deepEqual(outcome.twice, [], `${cell}: told in two messages`);
  }
  assert.ok(ours.commit.accepted === rounds * perCell && ours.step.resent > 0, 'the cells were not met');
  print(ours, peer);
}

const cellOf = (name: string): Cell => name.split('-')[0] as Cell;

/** Brings alerts to every transition at once, then kills. @returns what was accepted, by cell */
async function killed(
  taker: AlertTaker,
  sink: AlertSink,
  rounds: number,
  some: readonly Cell[],
): Promise<Record<Cell, Set<string>>> {
  const accepted: Record<Cell, Set<string>> = {
    answer: new Set(),
    commit: new Set(),
    wait: new Set(),
    receipt: new Set(),
    step: new Set(),
  };
  for (let round = 0; round < rounds; round++) {
    const post = async (cell: Cell): Promise<void> => {
      if (!some.includes(cell)) return;
      const all = Array.from({ length: perCell }, (_, i) => `${cell}-${round}-${i}`);
      await Promise.all(
        all.map(async (alertname) => {
          if (await postAlerts(taker, [{ alertname, cell }])) accepted[cell].add(alertname);
        }),
      );
    };
    sink.hold('/ops', 'receipt');
    sink.hold('/lead', 'step');
    await Promise.all([post('step'), post('receipt')]);
    const held = perCell * (some.includes('step') ? 2 : 1);
    await eventually(() => sink.held >= held, { timeoutMs: 20_000 });
    await post('wait');
    await post('commit');
    const unread = post('answer');
    await delay(Math.random() * 4);
    await taker.kill();
    sink.letGo();
    await unread;
    await taker.start();
  }
  return accepted;
}

async function historyOf(url: string): Promise<Set<string>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ doc: string }>("SELECT doc FROM alerting.history WHERE kind = 'fired'");
    return new Set(rows.map(({ doc }) => (JSON.parse(doc) as { labels: { alertname: string } }).labels.alertname));
  } finally {
    await client.end();
  }
}

/** What became of them, once all are told or the time is over. */
async function outcomes(sink: AlertSink, accepted: Record<Cell, ReadonlySet<string>>, limitMs: number): Promise<Outcomes> {
  const keysOf = (name: string) =>
    cellOf(name) === 'step' ? [sink.told('/lead', name), sink.told('/ops', name)] : [sink.told('/ops', name)];
  const missing = (names: Iterable<string>) => [...names].filter((name) => keysOf(name).some((keys) => keys.size === 0));
  const unsettled = () => [
    ...Object.values(accepted).flatMap((names) => missing(names)),
    // Broken off: sent again once its lease is over, if whoever sends keeps any.
    ...[...accepted.receipt].filter((name) => timesOf(sink.told('/ops', name)) < 2),
    ...[...accepted.step].filter((name) => timesOf(sink.told('/lead', name)) < 2),
  ];
  await eventually(() => unsettled().length === 0, { timeoutMs: limitMs, everyMs: 100 }).catch(() => undefined);
  const outcome = (names: ReadonlySet<string>): Outcome => ({
    accepted: names.size,
    lost: missing(names),
    twice: [...names].filter((name) =>
      keysOf(name).some((keys) => keys.size > 1 || timesOf(new Map([['', keys.get('') ?? 0]])) > 1),
    ),
    resent: [...names].filter((name) => keysOf(name).some((keys) => [...keys].some(([key, times]) => key !== '' && times > 1)))
      .length,
  });
  const [answer, commit, wait, receipt, step] = [
    accepted.answer,
    accepted.commit,
    accepted.wait,
    accepted.receipt,
    accepted.step,
  ];
  return {
    answer: outcome(answer),
    commit: outcome(commit),
    wait: outcome(wait),
    receipt: outcome(receipt),
    step: outcome(step),
  };
}

const timesOf = (keys: ReadonlyMap<string, number>): number => [...keys.values()].reduce((sum, times) => sum + times, 0);

/** The same cells, but for escalation, which it has not. */
async function alertmanagerBeside(rounds: number, folder: string): Promise<Outcomes | undefined> {
  const program = process.env.ALERTMANAGER_BIN;
  if (program === undefined || program === '') return undefined;
  await using sink = await openAlertSink();
  const file = join(folder, 'peer.yml');
  await writeFile(file, config(sink.url));
  await using taker = await startAlertmanager(program, file, join(folder, 'peer'));
  const accepted = await killed(taker, sink, rounds, ['answer', 'commit', 'wait', 'receipt']);
  return await outcomes(sink, accepted, 7_000);
}

function print(ours: Outcomes, peer: Outcomes | undefined): void {
  const said = ({ accepted, lost, twice, resent }: Outcome): string =>
    `${accepted} accepted, ${lost.length} lost, ${twice.length} doubled${resent > 0 ? `, ${resent} sent again under their key` : ''}`;
  for (const cell of Object.keys(cells) as Cell[]) {
    const beside = peer === undefined || cell === 'step' ? '' : `   | Alertmanager: ${said(peer[cell])}`;
    console.log(`  ${cells[cell].padEnd(28)} ${said(ours[cell])}${beside}`);
  }
  if (peer === undefined) console.log('  (ALERTMANAGER_BIN is not set: nothing stands beside)');
}
