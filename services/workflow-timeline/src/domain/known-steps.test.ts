import fc from 'fast-check';
import type { Attempt } from './attempt.ts';
import { knownSteps } from './known-steps.ts';
import { stepKeyOf } from './step-key.ts';
import { timelineRows } from './timeline.ts';

interface Told {
  readonly id: string;
  readonly path?: readonly string[];
  readonly on?: string | undefined;
  readonly span?: string | undefined;
  readonly under?: string;
  readonly atNs?: bigint;
}

const told = ({ id, path = [], on, span, under = '', atNs = 1n }: Told): Attempt => ({
  step: { stepKey: stepKeyOf(path, id, 0), stepId: id, path, iteration: 0 },
  attempt: 1,
  status: 'running',
  span: span === undefined ? undefined : { id: span, parentId: under, kind: 'internal' },
  name: '',
  kind: '',
  readyNs: undefined,
  queuedNs: undefined,
  startNs: atNs,
  endNs: undefined,
  waits: [],
  dependsOn: on === undefined ? [] : [{ stepId: on, kind: '', path: undefined, iteration: undefined }],
  resource: undefined,
  usage: undefined,
  error: undefined,
});

test('a step that changed is told as the whole would have it, with what it lies under and waited for', () => {
  const first = [told({ id: 'a' }), told({ id: 'b', on: 'a' })];
  const known = knownSteps(first);
  const inner = told({ id: 'c', path: ['a'], on: 'b' });
  expect(known.change([inner])).toEqual(timelineRows([...first, inner]).filter(({ step }) => step.stepId === 'c'));
  expect(known.change([])).toEqual([]);
});

test('a step that others turn out to lie under is a matter of the whole', () => {
  const known = knownSteps([told({ id: 'inner', path: ['outer'] })]);
  expect(known.change([told({ id: 'outer' })])).toBeUndefined();
  expect(known.change([told({ id: 'outer', atNs: 5n })])).toHaveLength(1);
});

const ids = ['a', 'b', 'c', 'd'];
const tellings = fc.array(
  fc.record({
    id: fc.constantFrom(...ids),
    path: fc.constantFrom([], ['a'], ['b'], ['a', 'b']),
    on: fc.option(fc.constantFrom(...ids), { nil: undefined }),
    span: fc.option(fc.constantFrom('1', '2', '3'), { nil: undefined }),
    under: fc.constantFrom('', '1', '2', '3'),
    atNs: fc.bigInt(1n, 9n),
  }),
  { minLength: 1, maxLength: 12 },
);

test('whatever is told in whatever order, each change is told as the whole has it, or the whole is asked for', () => {
  fc.assert(
    fc.property(tellings, (tellings) => {
      const whole = new Map<string, Attempt>();
      let known = knownSteps([]);
      for (const each of tellings) {
        const attempt = told(each);
        const before = new Map(timelineRows([...whole.values()]).map((row) => [row.step.stepKey, row.parentKey]));
        whole.set(attempt.step.stepKey, attempt);
        const rows = timelineRows([...whole.values()]);
        const change = known.change([attempt]);
        const own = rows.filter(({ step }) => step.stepKey === attempt.step.stepKey);
        const elsewhere = rows.some(
          ({ step, parentKey }) =>
            step.stepKey !== attempt.step.stepKey && before.has(step.stepKey) && before.get(step.stepKey) !== parentKey,
        );
        if (elsewhere) known = knownSteps([...whole.values()]);
        expect(change).toEqual(elsewhere ? undefined : own);
      }
    }),
    { numRuns: 500 },
  );
});
