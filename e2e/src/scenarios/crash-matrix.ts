// kill -9 at each transition of an alert, while something else is wrong too. What was accepted is in the history and told; told again
// only under the same Idempotency-Key, and where the receiver has a handle it is seen once. With ALERTMANAGER_BIN, the path of
// Alertmanager's program, the same cells run against it.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from '@tmws/testkit';
import { type AlertSink, openAlertSink } from '../alert-sink.ts';
import { openKnownReceivers } from '../known-receivers.ts';
import {
  allColumns,
  alertmanagerFile,
  type Column,
  columns,
  isKnown,
  knownColumns,
  opsPath,
  policyFile,
  receiverColumns,
  webhookColumns,
} from '../matrix/cells.ts';
import { asSink, type Sink } from '../matrix/known.ts';
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

/** Webhooks; that of `down` has a port of its own. */
async function openWebhooks(open: AsyncDisposableStack): Promise<(column: Column) => AlertSink> {
  const [sink, closing] = [open.use(await openAlertSink()), open.use(await openAlertSink())];
  return (column) => (column === 'down' ? closing : sink);
}

async function crashMatrix(plan: Plan, say: Say): Promise<void> {
  await using open = new AsyncDisposableStack();
  const folder = open.use(await tempDir('e2e-crash-matrix')).path;
  const webhookOf = await openWebhooks(open);
  const known = open.use(await openKnownReceivers());
  const knownSinks = new Map(knownColumns.map((column) => [column, asSink(known[column], plan.perCell)]));
  const sinkOf = (column: Column): Sink => (isKnown(column) ? knownSinks.get(column) : undefined) ?? webhookOf(column);
  const place = { folder, sinkOf, webhookOf, configFile: join(folder, 'am.yml'), policyFile: join(folder, 'policy.yml') };
  await writeFile(
    place.configFile,
    alertmanagerFile(allColumns, (column) => (isKnown(column) ? undefined : webhookOf(column).url)),
  );
  await writeFile(
    place.policyFile,
    policyFile(allColumns, (column) => known[column].yaml),
  );
  const program = process.env.ALERTMANAGER_BIN ?? '';
  const [{ accepted, faults }, peer] = await Promise.all([
    playOurs(plan, place),
    program === '' ? undefined : openWebhooks(open).then((webhooks) => playPeer(program, plan, folder, webhooks)),
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
  hasMet(ours, plan, webhookOf);
}

/** A matrix whose cells were not met holds nothing. */
function hasMet(ours: Outcomes, { rounds, perCell }: Plan, webhookOf: (column: Column) => AlertSink): void {
  for (const column of allColumns)
    for (const row of ['commit', 'wait', 'receipt', 'meanwhile'] as const)
      assert.equal(ours.get(keyOf(row, column))?.accepted, rounds * perCell, `${columns[column]}: ${row}`);
  // What was broken off is sent again. On a busy machine a sender may have given up and come again while others were waited for.
  for (const column of webhookColumns)
    for (const row of ['receipt', 'step'] as const)
      assert.ok((ours.get(keyOf(row, column))?.again ?? 0) > 0, `${columns[column]}: ${row}: nothing was sent again`);
  const told = (column: Column): number =>
    ours.entries().reduce((sum, [key, { accepted }]) => sum + (key.endsWith(` ${column}`) ? accepted : 0), 0);
  for (const column of ['500', '429', 'silent', 'cut'] as const)
    assert.ok(webhookOf(column).requests(opsPath(column)) > told(column), `${columns[column]}: nobody met it`);
}

function print(ours: Outcomes, peer: Outcomes | undefined, say: Say): void {
  say('  of each cell: accepted, lost, doubled, sent again under their key, slowest');
  for (const line of tableOf('tmws', ours, allColumns)) say(line);
  if (peer === undefined) say('  (ALERTMANAGER_BIN is not set: nothing stands beside)');
  else for (const line of tableOf('Alertmanager', peer, receiverColumns)) say(line);
}
