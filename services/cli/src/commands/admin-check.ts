import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '../context.ts';
import { exitCodes, Failure } from '../failure.ts';
import { type Column, printList } from '../output.ts';

/** What was asked of one part, and what came of it. */
interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly tookMs: number;
  /** What it said; empty where all is well. */
  readonly error: string;
}

const columns: Column<Check>[] = [
  { title: 'CHECK', text: ({ name }) => name },
  { title: 'RESULT', text: ({ ok }) => (ok ? 'ok' : 'failed'), style: ({ ok }) => [ok ? 'green' : 'red'] },
  { title: 'TOOK', text: ({ tookMs }) => `${tookMs} ms`, align: 'right' },
  { title: 'SAID', text: ({ error }) => error, shrinkTo: 20 },
];

/**
 * `tmws admin check`: asks through the gateway whether all parts work: an event goes by Kafka to workflow-timeline and its database,
 * its execution is read over gRPC and taken away again, and alerting answers. What fails does not keep the others from being asked.
 *
 * @param everyMs  pause between two looks for the execution
 * @returns        1 if any failed; the event has as long as `--timeout` says until it can be read
 */
export async function adminCheck(context: Context, everyMs = 250): Promise<number> {
  const client = context.client();
  const id = `check-${randomUUID()}`;
  const time = new Date(context.terminal.nowMs()).toISOString();
  const event = {
    ...{ specversion: '1.0', id, source: '/tmws/admin-check', type: 'tmws.execution.completed', time },
    data: { executionId: id, startedAt: time, finishedAt: time },
  };
  const path = `/api/v1/executions/${id}`;
  const arrives = async (): Promise<void> => {
    const begin = performance.now();
    while (!(await isThere(() => client.get(path)))) {
      if (performance.now() - begin > context.timeoutMs) {
        const waited = `${context.timeoutMs / 1000} s`;
        throw Failure.of(
          'unavailable',
          `the gateway took the event, and its execution ${id} could not be read within ${waited}; the logs of workflow-timeline say what it waits for`,
        );
      }
      await delay(everyMs);
    }
  };
  const checks: Check[] = [];
  const check = async (name: string, work: () => Promise<unknown>): Promise<boolean> => {
    const begin = performance.now();
    const error = await work().then(() => undefined, failureOf);
    checks.push({ name, ok: error === undefined, tookMs: Math.round(performance.now() - begin), error: error?.message ?? '' });
    return error === undefined;
  };
  const taken = await check('an event is taken', () => client.post('/api/v1/events', event, 'application/cloudevents+json'));
  if (taken && (await check('its execution can be read', arrives))) {
    await check('its execution can be deleted', () => client.delete(path));
  }
  await check('alerting answers', () => client.get('/api/v1/alerts', { limit: 1 }));
  await printList(context, columns, checks);
  return checks.every(({ ok }) => ok) ? exitCodes.done : exitCodes.failed;
}

/** A mistake of ours is no answer of theirs. */
function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}

async function isThere(look: () => Promise<unknown>): Promise<boolean> {
  try {
    await look();
    return true;
  } catch (error) {
    if (error instanceof Failure && error.problem.kind === 'not_found') return false;
    throw error;
  }
}
