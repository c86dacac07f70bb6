import type { ExecutionScript, StepSpec } from '../script.ts';
import { tellExecution } from '../tell-execution.ts';
import { type Play, toolUsage } from './play.ts';

const tables = ['orders', 'customers', 'shipments'];
const batches = [0, 1, 2];
const after = (...stepIds: string[]): StepSpec['dependsOn'] => stepIds.map((stepId) => ({ stepId, kind: 'data' }));

const window: StepSpec = { stepId: 'window', name: 'wait for the replica to catch up', kind: 'sensor' };
const extracts: StepSpec[] = tables.map((table) => ({
  stepId: `extract-${table}`,
  name: `extract ${table}`,
  kind: 'sql',
  dependsOn: after('window'),
}));
const join: StepSpec = {
  stepId: 'join',
  name: 'join and clean',
  kind: 'sql',
  dependsOn: after(...tables.map((table) => `extract-${table}`)),
};
const loads: StepSpec[] = batches.map((iteration) => ({
  stepId: 'load-batch',
  name: `load batch ${iteration + 1}`,
  kind: 'sql',
  iteration,
  dependsOn:
    iteration === 0 ? [{ stepId: 'join', iteration: 0 }] : [{ stepId: 'load-batch', iteration: iteration - 1, kind: 'control' }],
}));
const settle: StepSpec = {
  stepId: 'settle',
  name: 'let the caches expire',
  kind: 'timer',
  dependsOn: [{ stepId: 'load-batch', iteration: 2, kind: 'control' }],
};
const refresh: StepSpec = { stepId: 'refresh', name: 'refresh the dashboards', kind: 'http', dependsOn: after('settle') };

/** A pipeline: three extracts through a pool of two, a join, a loop of loads, a timer. One load meets a deadlock and is tried again. */
export function tellNightlyEtl(play: Play, startMs: number): ExecutionScript {
  const { random, pools, token, namespace } = play;
  const script = tellExecution({
    id: `nightly-etl-${token}-1`,
    workflow: { name: 'nightly-etl', version: '2026-11-02' },
    name: 'nightly ETL',
    ...(namespace !== undefined && { namespace }),
    steps: [window, ...extracts, join, ...loads, settle, refresh],
  });
  const inWarehouse = (runMs: number, rows: number) => ({
    pool: pools.warehouse,
    runMs,
    usage: toolUsage(random, runMs),
    output: { rows },
  });
  script.begin(startMs, { day: new Date(startMs - 86_400_000).toISOString().slice(0, 10) }, { trigger: 'schedule' });
  const lag = random.between(2200, 3200);
  const open = script.step(window, startMs + 50, [
    { runMs: lag + 200, during: { kind: 'external', afterMs: 100, ms: lag, reason: 'the replica is behind' } },
  ]);
  const extracted = extracts.map((step, i) =>
    script.step(step, open + 30 + 4 * i, [inWarehouse(random.between(3800, 7200), random.between(20_000, 90_000))]),
  );
  let atMs = script.step(join, Math.max(...extracted) + 40, [inWarehouse(random.between(5200, 7400), 104_233)]);
  for (const [i, step] of loads.entries()) {
    const good = inWarehouse(random.between(2600, 3600), 34_744);
    const deadlock = {
      pool: pools.warehouse,
      runMs: 900,
      outcome: 'failed',
      error: { type: 'Deadlock', message: 'deadlock on table facts; this session lost' },
    } as const;
    const again = { ...good, before: [{ kind: 'retry_backoff', ms: 1500, reason: 'waits 1.5 s before the next try' }] } as const;
    atMs = script.step(step, atMs + 20, i === 1 ? [deadlock, again] : [good]);
  }
  const settled = script.step(settle, atMs + 20, [
    { before: [{ kind: 'timer', ms: 4000, reason: 'caches live 4 s' }], runMs: 20 },
  ]);
  const refreshed = script.step(refresh, settled + 20, [{ runMs: random.between(900, 1500), output: { dashboards: 12 } }]);
  script.end(refreshed + 30, 'completed', { output: { rows: 104_233 } });
  return script;
}
