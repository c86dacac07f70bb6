// One process with one store replaced by a server: each on its own.
import { strict as assert } from 'node:assert';
import { startKafka, startPostgres, tempDir } from '@tmws/testkit';
import { readAddresses, startOneProcess } from '../fleet.ts';
import type { Say, Scenario } from '../scenario.ts';
import { Recorder } from '../recorder.ts';

export function mixedScenarios(): Scenario[] {
  return [
    {
      name: 'mixed: the embedded log with a PostgreSQL',
      seconds: 6,
      async run(say) {
        await using postgres = await startPostgres();
        await takesEvents({ TMWS_DATABASE_URL: postgres.url }, true, say);
      },
    },
    {
      name: 'mixed: the embedded store with a Kafka',
      seconds: 17,
      async run(say) {
        await using kafka = await startKafka();
        await takesEvents({ TMWS_KAFKA_BROKERS: kafka.brokers }, false, say);
      },
    },
  ];
}

async function takesEvents(env: NodeJS.ProcessEnv, embeddedLog: boolean, say: Say): Promise<void> {
  await using dir = await tempDir('e2e-mixed');
  const fleet = await startOneProcess(dir.path, env);
  try {
    assert.equal('kafka' in (await readAddresses(dir.path)), embeddedLog, 'whether the embedded log has an address');
    const recorder = new Recorder(fleet.url);
    recorder.start(1);
    await fleet.kill('fleet');
    await fleet.start('fleet');
    await recorder.finish(say);
  } catch (error) {
    say(fleet.output());
    throw error;
  } finally {
    await fleet.stop();
  }
}
