// Alertmanager's program in the cells that apply to it: it has no escalation, no server and, alone, no replica; its clock cannot be moved.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AlertSink } from '../alert-sink.ts';
import { startAlertmanager } from '../alert-taker.ts';
import { alertmanagerFile, allRows, type Column, receiverColumns } from './cells.ts';
import { type Outcomes, outcomesOf, settled } from './outcome.ts';
import type { Plan } from './ours.ts';
import { playRound } from './round.ts';
import { receiversAreWrong } from './wrong.ts';

/** It tries again for ten seconds, and at the next look at the group; what is not there long after that does not come. */
const settleMs = ({ forMs }: Plan): number => 10_000 + 2 * forMs;

export async function playPeer(
  program: string,
  plan: Plan,
  folder: string,
  sinkOf: (column: Column) => AlertSink,
): Promise<Outcomes> {
  const file = join(folder, 'peer.yml');
  await writeFile(
    file,
    alertmanagerFile(receiverColumns, (column) => sinkOf(column).url),
  );
  await using taker = await startAlertmanager(program, file, join(folder, 'peer'));
  const accepted = new Map<string, number>();
  const rows = allRows.filter((row) => row !== 'step');
  const stage = { takers: [taker], sinkOf, rows, perCell: plan.perCell, accepted };
  for (let round = 0; round < plan.rounds; round++)
    await playRound(stage, { ...receiversAreWrong(sinkOf), killed: [taker], forMs: plan.forMs }, round);
  await settled(accepted, sinkOf, settleMs(plan));
  return outcomesOf(accepted, sinkOf);
}
