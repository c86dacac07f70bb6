// kill -9 at random instants while a client writes down what was acknowledged: nothing of it may be lost, nothing doubled.
import { setTimeout as delay } from 'node:timers/promises';
import { startKafka, startPostgres, tempDir } from '@tmws/testkit';
import { type Running, startOneProcess, startServices } from '../fleet.ts';
import type { Say, Scenario } from '../scenario.ts';
import { Recorder } from '../recorder.ts';

const between = (fromMs: number, toMs: number): number => fromMs + Math.random() * (toMs - fromMs);

export function crashScenarios(rounds: number): Scenario[] {
  return [
    {
      name: `crash, one process: ${rounds} times kill -9, 0 lost, 0 doubled`,
      seconds: 21,
      run: (say) => crashOneProcess(rounds, say),
    },
    {
      name: `crash, real servers: ${rounds} times kill -9 of a service, Kafka or Postgres, 0 lost, 0 doubled`,
      seconds: 36,
      run: (say) => crashServers(rounds, say),
    },
  ];
}

async function crashOneProcess(rounds: number, say: Say): Promise<void> {
  await using dir = await tempDir('e2e-crash');
  const fleet = await startOneProcess(dir.path);
  await recordingMeanwhile(fleet, rounds, say, async () => {
    await fleet.kill('fleet');
    await fleet.start('fleet');
  });
}

async function crashServers(rounds: number, say: Say): Promise<void> {
  await using postgres = await startPostgres();
  await using kafka = await startKafka();
  const fleet = await startServices({ databaseUrl: postgres.url, brokers: kafka.brokers });
  const servers: Record<string, { kill(): Promise<void>; start(): Promise<void> }> = { postgres, kafka };
  for (const name of fleet.processes) servers[name] = { kill: () => fleet.kill(name), start: () => fleet.start(name) };
  const names = Object.keys(servers);
  await recordingMeanwhile(fleet, rounds, say, async (round) => {
    // Each in turn, so that a short run meets every one.
    const victim = servers[names[round % names.length] ?? ''];
    await victim?.kill();
    await delay(between(0, 1000));
    await victim?.start();
  });
}

/** Crashes at random instants while a client records, checks what it was told, and stops the fleet. */
async function recordingMeanwhile(
  fleet: Running,
  rounds: number,
  say: Say,
  crash: (round: number) => Promise<void>,
): Promise<void> {
  try {
    const recorder = new Recorder(fleet.url);
    recorder.start(4);
    for (let round = 0; round < rounds; round++) {
      await delay(between(100, 2500));
      await crash(round);
    }
    await recorder.finish(say);
  } catch (error) {
    say(fleet.output());
    throw error;
  } finally {
    await fleet.stop();
  }
}
