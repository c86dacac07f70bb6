import { strict as assert } from 'node:assert';
import { startOneProcess } from '@tmws/e2e';
import { eventually, tempDir } from '@tmws/testkit';
import type { Bench } from './bench.ts';
import { cpuSeconds } from './process-figures.ts';

const executions = 50;
const batchSize = 500;
const warmBatches = 20;
const batches = 100;
const inFlight = 4;
const eventuallyAll = { timeoutMs: 240_000, everyMs: 100 };

/** Step events by REST into the fleet in one process: how fast they are accepted (durable), and how fast they can be asked for. */
export const ingest: Bench = {
  what: 'step events by REST in batches of 500 into the fleet in one process: accepted/s, queryable/s, loss',
  async run() {
    await using dir = await tempDir('bench-ingest');
    const fleet = await startOneProcess(dir.path);
    try {
      // Code runs several times slower until it is compiled, and a service runs for longer than that.
      for (let batch = 0; batch < warmBatches; batch++) await post(fleet.url, batch, 'warm');
      await eventually(async () => assert.equal(await storedSteps(fleet.url, 'warm'), warmBatches * batchSize), eventuallyAll);
      const cpu = cpuSeconds(fleet.pid('fleet'));
      const begin = performance.now();
      let next = 0;
      const sender = async (): Promise<void> => {
        for (let batch = next++; batch < batches; batch = next++) await post(fleet.url, batch, 'run');
      };
      await Promise.all(Array.from({ length: inFlight }, sender));
      const accepted = (performance.now() - begin) / 1000;
      await eventually(async () => assert.equal(await storedSteps(fleet.url, 'run'), batches * batchSize), eventuallyAll);
      const queryable = (performance.now() - begin) / 1000;
      const events = batches * batchSize;
      return {
        events,
        accepted_per_s: events / accepted,
        queryable_per_s: events / queryable,
        lost: events - (await storedSteps(fleet.url, 'run')),
        fleet_cpu_s_per_100k: ((cpuSeconds(fleet.pid('fleet')) - cpu) / events) * 100_000,
        goal_queryable_per_s: 5000,
      };
    } finally {
      await fleet.stop();
    }
  },
};

async function post(url: string, batch: number, run: string): Promise<void> {
  const events = Array.from({ length: batchSize }, (_, i) => {
    const n = batch * batchSize + i;
    const started = Date.parse('2026-03-01T00:00:00Z') + n * 10;
    return {
      specversion: '1.0',
      id: `${run}-${n}`,
      source: '/bench',
      type: 'tmws.step.completed',
      time: new Date(started + 1000).toISOString(),
      data: {
        executionId: `${run}-${n % executions}`,
        workflow: { name: `bench-${run}`, version: '1' },
        stepId: `step-${n}`,
        kind: 'tool',
        startedAt: new Date(started).toISOString(),
        finishedAt: new Date(started + 1000).toISOString(),
        resource: { pool: 'p', worker: 'w-1' },
        usage: { tokens: '120' },
      },
    };
  });
  const response = await fetch(`${url}/api/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents-batch+json' },
    body: JSON.stringify(events),
  });
  assert.equal(response.status, 202, await response.text());
}

async function storedSteps(url: string, run: string): Promise<number> {
  const response = await fetch(`${url}/api/v1/executions?workflow=bench-${run}&limit=${executions}`);
  const { items } = (await response.json()) as { items: { stepCount: number }[] };
  return items.reduce((sum, { stepCount }) => sum + stepCount, 0);
}
