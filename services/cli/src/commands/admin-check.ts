import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '../context.ts';
import { Failure } from '../failure.ts';
import { printObject } from '../output.ts';

/** Time for one event from the door to the read model. */
const arriveMs = 60_000;

/**
 * `tmws admin check`: asks through the gateway whether all parts work: an event goes by Kafka to workflow-timeline and its database,
 * its execution is read over gRPC and taken away again, and alerting answers.
 *
 * @param everyMs  pause between two looks for the execution
 */
export async function adminCheck(context: Context, everyMs = 250): Promise<void> {
  const client = context.client();
  const id = `check-${randomUUID()}`;
  const time = new Date(context.terminal.nowMs()).toISOString();
  const event = {
    specversion: '1.0',
    id,
    source: '/tmws/admin-check',
    type: 'tmws.execution.completed',
    time,
    data: { executionId: id, startedAt: time, finishedAt: time },
  };
  await client.post('/api/v1/events', event, 'application/cloudevents+json');
  const path = `/api/v1/executions/${id}`;
  const begin = performance.now();
  while (!(await isThere(() => client.get(path)))) {
    if (performance.now() - begin > arriveMs)
      throw Failure.of(
        'unavailable',
        `the gateway took an event, but its execution ${id} could not be read within ${arriveMs / 1000} s`,
        'the logs of workflow-timeline say what it waits for: Kafka, its database or its migration',
      );
    await delay(everyMs);
  }
  const arrivedMs = Math.round(performance.now() - begin);
  await client.get('/api/v1/alerts', { limit: 1 });
  await client.delete(path);
  await printObject(context, { events: 'ok', executions: 'ok', alerts: 'ok', arrivedMs }, [
    ['events', 'taken'],
    ['executions', `read ${arrivedMs} ms after its event`],
    ['alerts', 'answered'],
  ]);
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
