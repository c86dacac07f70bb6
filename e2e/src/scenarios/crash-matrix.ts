// kill -9 at each transition of an alert, while something else is wrong too. What was accepted is in the history and told; told again
// only under the same Idempotency-Key. With ALERTMANAGER_BIN, the path of Alertmanager's program, the same cells run against it.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from '@tmws/testkit';
import { type AlertSink, openAlertSink } from '../alert-sink.ts';
import { allColumns, alertmanagerFile, type Column, columns, opsPath, policyFile, receiverColumns } from '../matrix/cells.ts';
import { keyOf, type Outcomes, outcomesOf, tableOf } from '../matrix/outcome.ts';
import { type Plan, playOurs } from '../matrix/ours.ts';
import { playPeer } from '../matrix/peer.ts';
import type { Say, Scenario } from '../scenario.ts';

const short: Plan = { rounds: 1, perCell: 3, forMs: 2_500, settleMs: 75_000 };
const long: Plan = { rounds: 3, perCell: 5, forMs: 30_000, settleMs: 150_000 };

export function crashMatrixScenarios({ full }: { full: boolean }): Scenario[] {
  const plan = full ? long : short;
  const name = `crash-matrix: kill -9 at each transition of an alert, while servers, receivers or clocks are wrong for ${plan.forMs / 1_000} s`;
  return [{ name, seconds: 60, run: (say) => crashMatrix(plan, say) }];
}

/** Receivers; that of `down` has a port of its own. */
async function openSinks(open: AsyncDisposableStack): Promise<(column: Column) => AlertSink> {
  const [sink, closing] = await Promise.all([openAlertSink(), openAlertSink()]);
  open.use(sink);
  open.use(closing);
  return (column) => (column === 'down' ? closing : sink);
}

async function crashMatrix(plan: Plan, say: Say): Promise<void> {
  await using open = new AsyncDisposableStack();
  const folder = open.use(await tempDir('e2e-crash-matrix')).path;
  const sinkOf = await openSinks(open);
  const place = { folder, sinkOf, configFile: join(folder, 'alertmanager.yml'), policyFile: join(folder, 'policy.yml') };
  await writeFile(
    place.configFile,
    alertmanagerFile(allColumns, (column) => sinkOf(column).url),
  );
  await writeFile(place.policyFile, policyFile(allColumns));
  const program = process.env.ALERTMANAGER_BIN ?? '';
  const [{ accepted, faults }, peer] = await Promise.all([
    playOurs(plan, place),
    program === '' ? undefined : openSinks(open).then((sinks) => playPeer(program, plan, folder, sinks)),
  ]);
  const ours = outcomesOf(accepted, sinkOf);
  print(ours, peer, say);
  const wrong = (of: 'lost' | 'doubled'): string[] =>
    ours
      .values()
      .flatMap((outcome) => outcome[of])
      .toArray();
  assert.deepEqual([...faults, ...wrong('lost').map((name) => `${name} was accepted and never told`)], []);
  assert.deepEqual(wrong('doubled'), [], 'told in two messages');
  hasMet(ours, plan, sinkOf);
}

/** A matrix whose cells were not met holds nothing. */
function hasMet(ours: Outcomes, { rounds, perCell }: Plan, sinkOf: (column: Column) => AlertSink): void {
  for (const column of allColumns) {
    for (const row of ['commit', 'wait', 'receipt', 'step', 'meanwhile'] as const)
      assert.equal(ours.get(keyOf(row, column))?.accepted, rounds * perCell, `${columns[column]}: ${row}`);
    // Without a kill what was broken off is sent again at once, but for that it was broken off.
    for (const row of ['receipt', 'step'] as const)
      assert.equal(ours.get(keyOf(row, column))?.again, rounds * perCell, `${columns[column]}: ${row} sent again`);
  }
  const told = (column: Column): number =>
    ours.entries().reduce((sum, [key, { accepted }]) => sum + (key.endsWith(` ${column}`) ? accepted : 0), 0);
  for (const column of ['500', '429', 'silent', 'cut'] as const)
    assert.ok(sinkOf(column).requests(opsPath(column)) > told(column), `${columns[column]}: nobody met it`);
}

function print(ours: Outcomes, peer: Outcomes | undefined, say: Say): void {
  say('  of each cell: accepted, lost, doubled, sent again under their key, slowest');
  for (const line of tableOf('tmws', ours, allColumns)) say(line);
  if (peer === undefined) say('  (ALERTMANAGER_BIN is not set: nothing stands beside)');
  else for (const line of tableOf('Alertmanager', peer, receiverColumns)) say(line);
}
