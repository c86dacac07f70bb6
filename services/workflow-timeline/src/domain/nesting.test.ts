import fc from 'fast-check';
import type { Attempt } from './attempt.ts';
import { nestingOf } from './nesting.ts';
import { stepKeyOf } from './step-key.ts';
import { timelineRows } from './timeline.ts';

interface Told {
  readonly spanId: string;
  readonly parent?: string;
  readonly spanKind?: string;
  readonly stepId?: string;
  readonly attempt?: number;
}

/** A step a span told of; with a step id it is keyed by that, else by the span. */
function told({ spanId, parent = '', spanKind = 'internal', stepId, attempt = 1 }: Told): Attempt {
  const stepKey = stepId === undefined ? spanId : stepKeyOf([], stepId, 0);
  return {
    step: { stepKey, stepId: stepId ?? `name of ${spanId}`, path: [], iteration: 0 },
    attempt,
    status: 'completed',
    span: { id: spanId, parentId: parent, kind: spanKind },
    name: '',
    kind: '',
    readyNs: undefined,
    queuedNs: undefined,
    startNs: 1n,
    endNs: 2n,
    waits: [],
    dependsOn: [],
    resource: undefined,
    usage: undefined,
    error: undefined,
  };
}

const spanId = (n: number): string => n.toString(16).padStart(16, '0');
const nesting = (...attempts: Attempt[]) => {
  const steps = [...Map.groupBy(attempts, ({ step }) => step.stepKey)];
  const { parents } = nestingOf(steps.map(([, tries]) => tries));
  const keys = steps.map(([stepKey]) => stepKey);
  return { parentOf: (stepKey: string) => keys[parents[keys.indexOf(stepKey)] ?? -1] };
};

test('a span lies under its parent, whichever came first; one whose parent is not known is at the top', () => {
  const { parentOf } = nesting(told({ spanId: 'b', parent: 'a' }), told({ spanId: 'a', parent: 'lost' }));
  expect([parentOf('b'), parentOf('a')]).toEqual(['a', undefined]);
});

test('tries of one step that lie in each other are one row, and what is inside lies under it', () => {
  const { parentOf } = nesting(
    told({ spanId: 'outer', stepId: 'call' }),
    told({ spanId: 'try-1', parent: 'outer', stepId: 'call', attempt: 2 }),
    told({ spanId: 'leaf', parent: 'try-1' }),
  );
  const call = stepKeyOf([], 'call', 0);
  expect([parentOf(call), parentOf('leaf')]).toEqual([undefined, call]);
});

test('a consumer lies beside its producer and comes after it', () => {
  const rows = timelineRows([
    told({ spanId: 'root' }),
    told({ spanId: 'send', parent: 'root', spanKind: 'producer' }),
    told({ spanId: 'work', parent: 'send', spanKind: 'consumer' }),
  ]);
  expect(rows.find(({ step }) => step.stepKey === 'work')).toMatchObject({ parentKey: 'root', depth: 1, dependsOn: ['send'] });
});

test('a span that is its own parent, or parents in a circle, lose no row', () => {
  const rows = timelineRows([
    told({ spanId: 'self', parent: 'self' }),
    told({ spanId: 'x', parent: 'z' }),
    told({ spanId: 'y', parent: 'x' }),
    told({ spanId: 'z', parent: 'y' }),
  ]);
  expect(rows.map(({ step, depth }) => [step.stepKey, depth])).toEqual([
    ['self', 0],
    ['x', 0],
    ['y', 1],
    ['z', 2],
  ]);
});

test('whatever the parents, every step is a row once, below its parent', () => {
  const links = fc.array(fc.nat(30), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(links, (parents) => {
      const rows = timelineRows(parents.map((parent, n) => told({ spanId: spanId(n), parent: spanId(parent) })));
      expect(rows.map(({ step }) => step.stepKey).sort()).toEqual(parents.map((_, n) => spanId(n)));
      const places = new Map(rows.map(({ step }, place) => [step.stepKey, place]));
      for (const [place, { parentKey }] of rows.entries()) {
        if (parentKey !== undefined) expect(places.get(parentKey)).toBeLessThan(place);
      }
    }),
  );
});
