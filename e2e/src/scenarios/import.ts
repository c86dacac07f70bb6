// kill -9 while a large file is imported: what was answered with 202 is there afterwards, whole and once.
import { strict as assert } from 'node:assert';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually, startKafka, startPostgres, tempDir } from '@tmws/testkit';
import { type Running, startOneProcess, startServices } from '../fleet.ts';
import type { Say, Scenario } from '../scenario.ts';

const steps = 6000;
const begin = Date.parse('2026-03-01T00:00:00Z');

export function importScenarios(rounds: number): Scenario[] {
  return [
    {
      name: `import, one process: ${rounds} times kill -9 within an import, then the database lost; nothing half, nothing twice`,
      seconds: 29,
      run: (say) => importOneProcess(rounds, say),
    },
    {
      name: `import, real servers: ${rounds} times kill -9 of workflow-timeline or Postgres within an import; nothing half, nothing twice`,
      seconds: 46,
      run: (say) => importServers(rounds, say),
    },
  ];
}

async function importOneProcess(rounds: number, say: Say): Promise<void> {
  await using dir = await tempDir('e2e-import');
  const fleet = await startOneProcess(dir.path);
  try {
    const facts = await killedRounds(fleet, rounds, ['fleet'], async (name) => {
      await fleet.kill(name);
      await fleet.start(name);
    });
    await fleet.kill('fleet');
    await rm(join(dir.path, 'postgres'), { recursive: true });
    await fleet.start('fleet');
    for (const [run, told] of facts) await isWhole(fleet, run, told);
  } catch (error) {
    say(fleet.output());
    throw error;
  } finally {
    await fleet.stop();
  }
}

async function importServers(rounds: number, say: Say): Promise<void> {
  await using postgres = await startPostgres();
  await using kafka = await startKafka();
  const fleet = await startServices({ databaseUrl: postgres.url, brokers: kafka.brokers });
  try {
    await killedRounds(fleet, rounds, ['workflow-timeline', 'postgres'], async (name) => {
      const victim = name === 'postgres' ? postgres : { kill: () => fleet.kill(name), start: () => fleet.start(name) };
      await victim.kill();
      await victim.start();
    });
  } catch (error) {
    say(fleet.output());
    throw error;
  } finally {
    await fleet.stop();
  }
}

/** In each round a file of its own; a victim dies while it is imported. @returns the facts of each run */
async function killedRounds(
  fleet: Running,
  rounds: number,
  victims: readonly string[],
  killAndStart: (name: string) => Promise<void>,
): Promise<Map<string, number>> {
  const facts = new Map<string, number>();
  for (let round = 0; round < rounds; round++) {
    const run = `import-${round}`;
    await post(fleet, recording(run));
    await delay(Math.random() * 1500);
    await killAndStart(victims[round % victims.length] ?? '');
    const half = await executionOf(fleet, run).catch(() => undefined);
    assert.ok(half === undefined || half.stepCount === steps, `${run} is seen with ${half?.stepCount ?? 0} of ${steps} steps`);
    await isWhole(fleet, run, steps + 2);
    facts.set(run, steps + 2);
  }
  return facts;
}

async function isWhole(fleet: Running, run: string, facts: number): Promise<void> {
  await eventually(
    async () => {
      const execution = await executionOf(fleet, run);
      assert.ok(execution !== undefined, `${run} is not there`);
      assert.deepEqual([execution.stepCount, execution.revision], [steps, String(facts)], run);
    },
    { timeoutMs: 120_000, everyMs: 250 },
  );
}

async function executionOf({ url }: Running, run: string): Promise<{ stepCount: number; revision: string } | undefined> {
  const response = await fetch(`${url}/api/v1/executions/${run}`, { signal: AbortSignal.timeout(5000) });
  if (response.status === 404) return undefined;
  assert.equal(response.status, 200);
  return (await response.json()) as { stepCount: number; revision: string };
}

/** Until it is accepted. */
async function post({ url }: Running, body: string): Promise<void> {
  await eventually(
    async () => {
      const response = await fetch(`${url}/api/v1/imports`, { method: 'POST', body, signal: AbortSignal.timeout(15_000) });
      assert.equal(response.status, 202, await response.text());
    },
    { timeoutMs: 60_000, everyMs: 250 },
  );
}

function recording(run: string): string {
  const time = new Date(begin).toISOString();
  const event = (type: string, id: string, data: object): string =>
    JSON.stringify({
      specversion: '1.0',
      id: `${run}-${id}`,
      source: '/e2e/import',
      type,
      time,
      data: { executionId: run, ...data },
    });
  const at = (second: number): string => new Date(begin + second * 1000).toISOString();
  return [
    event('tmws.execution.started', 's', { startedAt: at(0) }),
    ...Array.from({ length: steps }, (_, i) =>
      event('tmws.step.completed', String(i), { stepId: `step-${i}`, startedAt: at(i), finishedAt: at(i + 1) }),
    ),
    event('tmws.execution.completed', 'e', { finishedAt: at(steps) }),
  ].join('\n');
}
