import type { Attempt } from '../domain/attempt.ts';
import { stepKeyOf } from '../domain/step-key.ts';
import type { ExecutionRecord, ExecutionStore } from '../ports.ts';
import { watchExecution } from './watch-executions.ts';

const started = (stepId: string, startNs: bigint): Attempt => ({
  step: { stepKey: stepKeyOf([], stepId, 0), stepId, path: [], iteration: 0 },
  attempt: 1,
  status: 'running',
  span: undefined,
  name: '',
  kind: '',
  readyNs: undefined,
  queuedNs: undefined,
  startNs,
  endNs: undefined,
  waits: [],
  dependsOn: [],
  resource: undefined,
  usage: undefined,
  error: undefined,
});

test('who watches an execution reads the whole of it once, then what changed', async () => {
  const attempts = [started('a', 1n)];
  let seq = 1n;
  let wholes = 0;
  const store: Pick<ExecutionStore, 'find' | 'attempts' | 'changedAttempts'> = {
    find: () => Promise.resolve({ seq, status: seq > 5n ? 'completed' : 'running' } as ExecutionRecord),
    attempts() {
      wholes++;
      return Promise.resolve([...attempts]);
    },
    changedAttempts: (_, after) => Promise.resolve(attempts.slice(Number(after))),
  };
  const changes = {
    wake: () => undefined,
    close: () => undefined,
    waiter: () => ({
      next() {
        seq++;
        attempts.push(started(`step-${seq}`, seq));
        return Promise.resolve(true);
      },
      close: () => undefined,
    }),
  };
  const watch = watchExecution({ store: store as ExecutionStore, changes, clock: () => 0 });
  const rows: string[] = [];
  for await (const change of watch({ namespace: 'default', id: 'x' }, 0n, new AbortController().signal))
    rows.push(change.rows.map(({ step }) => step.stepId).join());
  expect(rows).toEqual(['a', 'step-2', 'step-3', 'step-4', 'step-5', 'step-6']);
  expect(wholes).toBe(1);
});
