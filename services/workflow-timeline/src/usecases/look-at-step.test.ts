import type { ExecutionRecord, ExecutionStore } from '../ports.ts';
import { attemptOf, ns } from '../../test/given-attempts.ts';
import { lookAtStep } from './look-at-step.ts';

test('a step of an execution that is too large to be looked at as a whole is told by itself', async () => {
  const tries = [
    attemptOf({ id: 'fetch', attempt: 1, start: 0, end: 1, status: 'failed', after: ['plan'] }),
    attemptOf({ id: 'fetch', attempt: 2, start: 2, end: 4, after: ['plan'] }),
  ];
  const stepKey = tries[0]!.step.stepKey;
  const record = { stepCount: 200_001, status: 'completed', firstStartNs: 0n, lastEndNs: ns(9) } as ExecutionRecord;
  const store: Pick<ExecutionStore, 'find' | 'attemptsOfStep' | 'factsOfStep'> = {
    find: () => Promise.resolve(record),
    attemptsOfStep: (_, key) => Promise.resolve(key === stepKey ? tries : []),
    factsOfStep: () => Promise.resolve({ facts: [], total: 0 }),
  };
  const whole = () => Promise.reject(new Error('the whole execution was looked at'));
  const { step } = lookAtStep({ store: store as ExecutionStore, look: whole, clock: () => 9000 });
  const key = { namespace: 'default', id: 'large' };
  expect(await step(key, stepKey)).toMatchObject({
    row: { step: { stepId: 'fetch' }, status: 'completed' },
    attempts: [
      { attempt: 1, status: 'failed' },
      { attempt: 2, status: 'completed' },
    ],
    dependsOn: [],
    waits: undefined,
    drag: undefined,
  });
  await expect(step(key, '0'.repeat(32))).rejects.toMatchObject({ kind: 'not_found' });
});
