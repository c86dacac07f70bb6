import { setTimeout as sleep } from 'node:timers/promises';

const tickMs = 100;
const names = ['fetch', 'parse', 'rank'];

/** Sends so many step events a second (half of them begin a step, half end one a second later) of one execution, for a while. */
export async function sendLive(url: string, id: string, rate: number, forMs: number): Promise<number> {
  const perTick = Math.round((rate * tickMs) / 2_000);
  const open: (readonly [step: number, startedMs: number])[] = [];
  let [step, batch] = [0, 0];
  const send = async (facts: readonly unknown[]): Promise<void> => {
    const event = {
      specversion: '1.0',
      id: `${id}-${batch++}`,
      source: '/bench',
      type: 'tmws.steps.reported',
      time: iso(Date.now()),
      data: { executionId: id, workflow: { name: 'bench-live', version: '1' }, facts },
    };
    const headers = { 'content-type': 'application/cloudevents+json' };
    const response = await fetch(`${url}/api/v1/events`, { method: 'POST', headers, body: JSON.stringify(event) });
    if (response.status !== 202) throw new Error(`events were answered with ${response.status}: ${await response.text()}`);
  };
  await send([{ type: 'tmws.execution.started', execution: { startedAt: iso(Date.now()) } }]);
  const sent: Promise<void>[] = [];
  const until = Date.now() + forMs;
  for (let next = Date.now(); Date.now() < until; next += tickMs) {
    const nowMs = Date.now();
    const facts: unknown[] = [];
    for (let i = 0; i < perTick; i++) {
      facts.push(factOf(step, nowMs, 'tmws.step.started', {}));
      open.push([step++, nowMs]);
    }
    for (const [done, startedMs] of open.splice(0, Math.max(0, open.length - perTick * 10)))
      facts.push(
        factOf(done, startedMs, done % 97 === 0 ? 'tmws.step.failed' : 'tmws.step.completed', { finishedAt: iso(nowMs) }),
      );
    sent.push(send(facts));
    await sleep(Math.max(0, next + tickMs - Date.now()));
  }
  await Promise.all(sent);
  return step;
}

const nameAt = (step: number): string => `${names[step % names.length] ?? ''}-${step}`;
const iso = (ms: number): string => new Date(ms).toISOString();
const factOf = (step: number, startedMs: number, type: string, more: object) => ({
  type,
  step: {
    stepId: nameAt(step),
    kind: 'tool',
    startedAt: iso(startedMs),
    ...(step > 0 && { dependsOn: [{ stepId: nameAt(step - 1) }] }),
    ...more,
  },
});
