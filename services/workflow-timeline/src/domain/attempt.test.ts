import fc from 'fast-check';
import { foldAttempt } from './attempt.ts';
import type { StepFact, StepFactType } from './fact.ts';
import { compareUtf8 } from './rank.ts';
import { stepKeyOf } from './step-key.ts';

const step = { stepKey: stepKeyOf([], 'a', 0), stepId: 'a', path: [], iteration: 0 };
const fact = (type: StepFactType, timeNs: bigint, more: Partial<StepFact> = {}, id = `${type}@${timeNs}`): StepFact => ({
  about: 'step',
  stamp: { timeNs, id, source: '/engine' },
  type,
  step,
  attempt: 1,
  ...more,
});

// The truth table: what two facts of one attempt amount to, whichever came first.
test.each<[string, StepFact, StepFact, ReturnType<typeof foldAttempt>['status']]>([
  ['a terminal state beats an open one, even a later one', fact('completed', 10n), fact('started', 20n), 'completed'],
  ['among open states the later time wins', fact('started', 10n), fact('queued', 20n), 'queued'],
  ['among terminal states the later time wins', fact('failed', 20n), fact('completed', 10n), 'failed'],
  ['at the same time the greater id wins', fact('failed', 10n, {}, 'b'), fact('completed', 10n, {}, 'a'), 'failed'],
  ['a plan never hides what happened', fact('planned', 90n), fact('ready', 10n), 'ready'],
  ['a resumed step runs', fact('paused', 10n), fact('resumed', 20n), 'running'],
  ['a skipped step is finished', fact('skipped', 10n), fact('ready', 20n), 'skipped'],
  ['a scheduled retry is open', fact('retry_scheduled', 10n), fact('ready', 5n), 'retry_scheduled'],
])('%s', (_name, a, b, status) => {
  expect(foldAttempt([a, b]).status).toBe(status);
  expect(foldAttempt([b, a]).status).toBe(status);
});

test('an explicit time beats the time of an event, whoever has the say', () => {
  expect(foldAttempt([fact('started', 10n, { startNs: 7n }), fact('completed', 20n)])).toMatchObject({ startNs: 7n, endNs: 20n });
  expect(foldAttempt([fact('started', 10n), fact('completed', 20n, { startNs: 5n, endNs: 19n })])).toMatchObject({
    startNs: 5n,
    endNs: 19n,
  });
});

test('an event without times gives its own time to what it says happened', () => {
  const all = foldAttempt([fact('ready', 1n), fact('queued', 2n), fact('started', 3n), fact('failed', 4n)]);
  expect(all).toMatchObject({ readyNs: 1n, queuedNs: 2n, startNs: 3n, endNs: 4n, status: 'failed' });
});

test('a pause lasts until the step goes on, and is told as a wait', () => {
  const { waits } = foldAttempt([fact('started', 1n), fact('paused', 5n), fact('resumed', 9n), fact('paused', 20n)]);
  expect(waits).toEqual([
    { kind: 'debug_paused', fromNs: 5n, toNs: 9n, reason: 'paused' },
    { kind: 'debug_paused', fromNs: 20n, toNs: undefined, reason: 'paused' },
  ]);
});

test('a value that a later fact does not tell stays', () => {
  const merged = foldAttempt([
    fact('started', 1n, { name: 'search', resource: { pool: 'p', worker: 'w', cores: 1 } }),
    fact('completed', 2n, { kind: 'tool' }),
  ]);
  expect(merged).toMatchObject({ name: 'search', kind: 'tool', resource: { worker: 'w' } });
});

const types: StepFactType[] = [
  'planned',
  'ready',
  'queued',
  'started',
  'completed',
  'failed',
  'cancelled',
  'timed_out',
  'skipped',
  'paused',
  'resumed',
  'retry_scheduled',
];
const anyFact = fc
  .record({
    type: fc.constantFrom(...types),
    timeNs: fc.bigInt({ min: 0n, max: 6n }),
    startNs: fc.option(fc.bigInt({ min: 0n, max: 6n }), { nil: undefined }),
    name: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }),
    wait: fc.option(
      fc.record({
        kind: fc.constantFrom('queue', 'timer'),
        fromNs: fc.bigInt({ min: 0n, max: 3n }),
        toNs: fc.bigInt({ min: 3n, max: 6n }),
        reason: fc.constantFrom('r', 's'),
      }),
      { nil: undefined },
    ),
  })
  .map(
    ({ type, timeNs, startNs, name, wait }) =>
      (id: string) =>
        fact(
          type,
          timeNs,
          {
            ...(startNs !== undefined && { startNs }),
            ...(name !== undefined && { name }),
            ...(wait !== undefined && { waits: [wait] }),
          },
          id,
        ),
  );

test('M1: neither the order of facts nor a fact given twice changes anything', () => {
  fc.assert(
    fc.property(fc.array(anyFact, { minLength: 1, maxLength: 7 }), fc.infiniteStream(fc.nat()), (makers, random) => {
      const facts = makers.map((make, i) => make(`id-${i}`));
      const shuffled = [...facts, ...facts.slice(0, 2)]
        .map((f) => ({ f, n: random.next().value as number }))
        .sort((a, b) => a.n - b.n)
        .map(({ f }) => f);
      expect(foldAttempt(shuffled)).toEqual(foldAttempt(facts));
    }),
  );
});

test('ids compare as their UTF-8 bytes do', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
      expect(Math.sign(compareUtf8(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
    }),
  );
  expect(compareUtf8('\uffff', '😀')).toBeLessThan(0);
});

test('a step key is the hash the contract names', () => {
  // printf '[["plan","fan-out[3]"],"search-web",0]' | sha256sum
  expect(stepKeyOf(['plan', 'fan-out[3]'], 'search-web', 0)).toBe('9278c191409615f44150617a30a69580');
});
