// What the fleet is filled with, the same each time: the demo, a run that failed, many small runs, one with many steps.
import { strict as assert } from 'node:assert';
import { eventually } from '@tmws/testkit';

interface Fact {
  readonly type: string;
  readonly step?: Record<string, unknown>;
  readonly execution?: Record<string, unknown>;
}

/** Facts of one execution as one event. */
export interface Report {
  readonly executionId: string;
  readonly workflow: string;
  readonly facts: readonly Fact[];
}

let made = 0;

const eventOf = ({ executionId, workflow, facts }: Report) => ({
  specversion: '1.0',
  id: `e2e-${++made}`,
  source: '/e2e/browser',
  type: 'tmws.steps.reported',
  time: new Date().toISOString(),
  data: { executionId, workflow: { name: workflow, version: '1' }, facts },
});

/** Sends reports in one batch. @throws unless all are taken */
export async function report(url: string, reports: readonly Report[], namespace = 'default'): Promise<void> {
  const response = await fetch(`${url}/api/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents-batch+json', 'x-tmws-namespace': namespace },
    body: JSON.stringify(reports.map(eventOf)),
  });
  const text = await response.text();
  assert.equal(response.status, 202, text);
  assert.doesNotMatch(text, /"rejected"/);
}

export const failedRun = 'run-that-failed';
export const failure = { type: 'QuotaExceeded', message: 'the model answered 429 five times' };

/** The demo, played at once into the past, and a run that failed in its third step, a moment ago. */
export async function fillWithDemo(url: string): Promise<void> {
  const response = await fetch(`${url}/api/v1/demo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"fast":true}',
  });
  assert.equal(response.status, 202, await response.text());
  const beganMs = Date.now() - 60_000;
  const at = (seconds: number) => new Date(beganMs + seconds * 1000).toISOString();
  const step = (stepId: string, from: number, to: number, more: object = {}) => ({
    stepId,
    startedAt: at(from),
    finishedAt: at(to),
    ...more,
  });
  const facts: Fact[] = [
    { type: 'tmws.execution.started', execution: { startedAt: at(0) } },
    { type: 'tmws.step.completed', step: step('plan', 0, 4, { kind: 'llm', usage: { tokens: '900', costUsd: 0.01 } }) },
    { type: 'tmws.step.completed', step: step('search', 4, 9, { kind: 'tool', dependsOn: [{ stepId: 'plan' }] }) },
    {
      type: 'tmws.step.failed',
      step: step('summarise', 9, 21, {
        kind: 'llm',
        dependsOn: [{ stepId: 'search' }],
        waits: [{ kind: 'rate_limit', from: at(10), to: at(19), reason: '429' }],
        input: { inline: { documents: 12 } },
        error: failure,
      }),
    },
    { type: 'tmws.execution.failed', execution: { finishedAt: at(21) } },
  ];
  await report(url, [{ executionId: failedRun, workflow: 'e2e-failing', facts }]);
  await eventually(async () => assert.ok((await statusesOf(url)).length > 8, 'the demo shows'), { timeoutMs: 60_000 });
  await steps(url, failedRun, 3, 'failed');
}

/** Runs of a step each, one a second, the last one now. */
export async function fillWithRuns(url: string, namespace: string, count: number): Promise<void> {
  const perBatch = 250;
  const lastMs = Date.now() - 10_000;
  for (let from = 0; from < count; from += perBatch) {
    const batch = Array.from({ length: Math.min(perBatch, count - from) }, (_, i) => {
      const n = from + i;
      const startMs = lastMs - (count - n) * 1000;
      const times = {
        startedAt: new Date(startMs).toISOString(),
        finishedAt: new Date(startMs + 100 + (n % 37) * 250).toISOString(),
      };
      const bad = n % 40 === 0;
      const facts = [
        {
          type: bad ? 'tmws.step.failed' : 'tmws.step.completed',
          step: { stepId: 'only', ...times, ...(bad && { error: failure }) },
        },
        { type: bad ? 'tmws.execution.failed' : 'tmws.execution.completed', execution: times },
      ];
      return { executionId: `small-${String(n).padStart(5, '0')}`, workflow: `small-${n % 5}`, facts };
    });
    await report(url, batch, namespace);
  }
  await eventually(
    async () => {
      const answer = await fetch(`${url}/api/v1/executions/summary?namespace=${namespace}`);
      const { total } = (await answer.json()) as { total?: string };
      assert.equal(total, String(count));
    },
    { timeoutMs: 120_000, everyMs: 200 },
  );
}

const perPhase = 32;

/** An execution of `count` steps: phases with 32 steps each, names repeated, a wait now and then, one in a thousand failed. */
export async function fillWithSteps(url: string, executionId: string, count: number): Promise<void> {
  const beganMs = Date.parse('2026-03-01T00:00:00Z');
  const at = (ms: number) => new Date(beganMs + ms).toISOString();
  const facts: Fact[] = [{ type: 'tmws.execution.started', execution: { startedAt: at(0) } }];
  for (let n = 0; n < count; n++) {
    const phase = Math.floor(n / (perPhase + 1));
    const place = n % (perPhase + 1);
    const phaseMs = phase * 400;
    if (place === 0) {
      facts.push({
        type: 'tmws.step.completed',
        step: { stepId: `phase-${phase}`, kind: 'chain', startedAt: at(phaseMs), finishedAt: at(phaseMs + 9_000) },
      });
      continue;
    }
    const fromMs = phaseMs + place * 200 + ((n * 7919) % 97);
    const toMs = fromMs + 20 + ((n * 104_729) % 1_900);
    facts.push({
      type: n % 1_000 === 17 ? 'tmws.step.failed' : 'tmws.step.completed',
      step: {
        stepId: `step-${n}`,
        name: `work ${n % 30}`,
        kind: n % 3 === 0 ? 'llm' : 'tool',
        path: [`phase-${phase}`],
        ...(place > 1 && { dependsOn: [{ stepId: `step-${n - 1}` }] }),
        readyAt: at(fromMs - 15),
        startedAt: at(fromMs),
        finishedAt: at(toMs),
        ...(n % 20 === 3 && { waits: [{ kind: 'rate_limit', from: at(fromMs), to: at(fromMs + 15), reason: '429' }] }),
        resource: { pool: `pool-${n % 4}`, worker: `w-${n % 24}` },
        ...(n % 1_000 === 17 && { error: failure }),
      },
    });
  }
  facts.push({ type: 'tmws.execution.completed', execution: { finishedAt: at((count / perPhase) * 400 + 20_000) } });
  for (let from = 0; from < facts.length; from += 500)
    await report(url, [{ executionId, workflow: 'e2e-large', facts: facts.slice(from, from + 500) }]);
  await steps(url, executionId, count, 'completed');
}

/** Waits until an execution has so many steps and that status. */
export async function steps(url: string, executionId: string, count: number, status: string): Promise<void> {
  await eventually(
    async () => {
      const response = await fetch(`${url}/api/v1/executions/${executionId}`);
      const found = (await response.json()) as { stepCount?: number; status?: string };
      assert.deepEqual([found.stepCount, found.status], [count, status]);
    },
    { timeoutMs: 300_000, everyMs: 100 },
  );
}

async function statusesOf(url: string): Promise<string[]> {
  const response = await fetch(`${url}/api/v1/executions?limit=50`);
  return ((await response.json()) as { items: { status: string }[] }).items.map(({ status }) => status);
}
