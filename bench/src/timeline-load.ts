import { strict as assert } from 'node:assert';
import { eventually } from '@tmws/testkit';

const verbs = ['fetch', 'parse', 'embed', 'rank', 'write', 'check'];
const names = ['a', 'b', 'c', 'd', 'e'].flatMap((letter) => verbs.map((verb) => `${verb} ${letter}`));
const perPhase = 32;
const factsPerEvent = 500;
const startMs = Date.parse('2026-03-01T00:00:00Z');

interface Fact {
  readonly type: string;
  readonly step?: Record<string, unknown>;
  readonly execution?: Record<string, unknown>;
}

/**
 * Sends an execution of `steps` steps and waits until it is there: phases with 32 steps each in them, 30 names, dependencies on
 * one or two of the four steps before it, waits on 5 %, retries on 2 %, 24 workers, times in ms, each name with its own typical
 * duration (log-normal, medians from 20 ms to 10 s). The same each time.
 */
export async function loadExecution(url: string, id: string, steps: number): Promise<void> {
  const random = numbersFrom(42);
  const facts: Fact[] = [{ type: 'tmws.execution.started', execution: { startedAt: iso(0) } }];
  let lastMs = 0;
  let phaseMs = 0;
  let phase = '';
  const ends = new Map<string, number>();
  for (let n = 0; n < steps; n++) {
    const place = n % (perPhase + 1);
    if (place === 0) {
      phase = `phase-${n / (perPhase + 1) + 1}`;
      phaseMs += Math.floor(random() * 400);
      ends.clear();
      facts.push({
        type: 'tmws.step.completed',
        step: { stepId: phase, kind: 'chain', startedAt: iso(phaseMs), finishedAt: iso(phaseMs + 60_000) },
      });
      continue;
    }
    const name = names[n % names.length] ?? '';
    const stepId = `${name.replace(' ', '-')}-${n}`;
    // On one or two of the four before it, so that some run side by side.
    const before = [...ends.keys()].slice(-4);
    const on = [...new Set([before[Math.floor(random() * before.length)], before[Math.floor(random() * before.length)]])].filter(
      (each) => each !== undefined,
    );
    const readyMs = Math.max(phaseMs, ...on.map((each) => ends.get(each) ?? 0));
    const queuedMs = readyMs + Math.floor(-3 * Math.log(1 - random()));
    const begunMs = queuedMs + Math.floor(-40 * Math.log(1 - random()));
    const tookMs = Math.ceil(typicalMs(n % names.length) * Math.exp(0.5 * bell(random)));
    const endMs = begunMs + tookMs;
    ends.set(stepId, endMs);
    lastMs = Math.max(lastMs, endMs, phaseMs + 60_000);
    const worker = Math.floor(random() * 24);
    const step = {
      stepId,
      name,
      kind: n % 3 === 0 ? 'llm' : 'tool',
      path: [phase],
      dependsOn: on.map((each) => ({ stepId: each })),
      resource: { pool: `pool-${worker % 4}`, worker: `w-${worker}` },
    };
    const times = { readyAt: iso(readyMs), queuedAt: iso(queuedMs), startedAt: iso(begunMs), finishedAt: iso(endMs) };
    const retried = random() < 0.02;
    if (retried) {
      const brokeMs = begunMs + Math.floor(tookMs / 4);
      facts.push({
        type: 'tmws.step.failed',
        step: {
          ...step,
          ...times,
          finishedAt: iso(brokeMs),
          attempt: 1,
          error: { type: 'Timeout', message: 'no answer in time' },
        },
      });
      facts.push({
        type: 'tmws.step.completed',
        step: { ...step, startedAt: iso(brokeMs + 500), finishedAt: iso(endMs + 500), attempt: 2 },
      });
      continue;
    }
    const waits =
      random() < 0.05
        ? [{ kind: 'rate_limit', from: iso(begunMs), to: iso(begunMs + Math.floor(tookMs / 3)), reason: '429' }]
        : [];
    facts.push({ type: random() < 0.003 ? 'tmws.step.failed' : 'tmws.step.completed', step: { ...step, ...times, waits } });
  }
  facts.push({ type: 'tmws.execution.completed', execution: { finishedAt: iso(lastMs) } });
  await send(url, id, facts);
  await eventually(async () => assert.deepEqual(await stepsOf(url, id), [steps, 'completed']), {
    timeoutMs: 600_000,
    everyMs: 200,
  });
}

async function send(url: string, id: string, facts: readonly Fact[]): Promise<void> {
  for (let at = 0; at < facts.length; at += factsPerEvent) {
    const event = {
      specversion: '1.0',
      id: `${id}-${at}`,
      source: '/bench',
      type: 'tmws.steps.reported',
      time: iso(0),
      data: { executionId: id, workflow: { name: 'bench-timeline', version: '1' }, facts: facts.slice(at, at + factsPerEvent) },
    };
    const response = await fetch(`${url}/api/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify(event),
    });
    assert.equal(response.status, 202, await response.text());
  }
}

async function stepsOf(url: string, id: string): Promise<[number, string]> {
  const response = await fetch(`${url}/api/v1/executions/${id}`);
  const { stepCount = 0, status = '' } = (await response.json()) as { stepCount?: number; status?: string };
  return [stepCount, status];
}

/** Each name takes its own time: from 20 ms to 10 s. */
function typicalMs(name: number): number {
  return 20 * 500 ** (name / (names.length - 1));
}

/** A normal number (Irwin–Hall). */
function bell(random: () => number): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random();
  return sum;
}

function iso(ms: number): string {
  return new Date(startMs + ms).toISOString();
}

/** Random numbers in [0, 1) from a seed (Tommy Ettinger, public domain). */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
