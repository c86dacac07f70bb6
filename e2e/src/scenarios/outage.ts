// Kafka or Postgres silent for a while: probes answer at once, requests get a clear answer, and everything goes on afterwards.
import { strict as assert } from 'node:assert';
import { setTimeout as delay } from 'node:timers/promises';
import { startKafka, startPostgres } from '@tmws/testkit';
import { startServices } from '../fleet.ts';
import type { Say, Scenario } from '../scenario.ts';
import { Recorder } from '../recorder.ts';

export function outageScenarios(forMs: number): Scenario[] {
  return [
    { name: 'outage: services started before their servers wait for them', run: startsFirst, seconds: 13 },
    {
      name: `outage: Kafka, then Postgres, silent for ${forMs / 1000} s; nothing lost, probes answer within 1 s`,
      // Probes are to be answered within a second.
      alone: true,
      run: (say) => outage(forMs, say),
    },
  ];
}

async function startsFirst(say: Say): Promise<void> {
  await using postgres = await startPostgres();
  await using kafka = await startKafka();
  await Promise.all([postgres.kill(), kafka.kill()]);
  const starting = startServices({ databaseUrl: postgres.url, brokers: kafka.brokers });
  // Long enough for several tries that find nobody.
  await delay(3000);
  await Promise.all([postgres.start(), kafka.start()]);
  const fleet = await starting;
  const recorder = new Recorder(fleet.url);
  try {
    recorder.start(1);
    await delay(500);
    await recorder.finish(say);
  } finally {
    await fleet.stop();
  }
}

async function outage(forMs: number, say: Say): Promise<void> {
  await using postgres = await startPostgres();
  await using kafka = await startKafka();
  const fleet = await startServices({ databaseUrl: postgres.url, brokers: kafka.brokers });
  try {
    const recorder = new Recorder(fleet.url);
    recorder.start(2);
    for (const server of [kafka, postgres]) {
      await delay(500);
      server.pause();
      const until = performance.now() + forMs;
      while (performance.now() < until) {
        for (const probe of ['healthz', 'readyz']) {
          const response = await fetch(`${fleet.url}/${probe}`, { signal: AbortSignal.timeout(1000) });
          assert.equal(response.status, 200, `${probe} while a neighbour hangs`);
        }
        await delay(250);
      }
      server.resume();
    }
    await recorder.finish(say);
  } catch (error) {
    say(fleet.output());
    throw error;
  } finally {
    kafka.resume();
    postgres.resume();
    await fleet.stop();
  }
}
