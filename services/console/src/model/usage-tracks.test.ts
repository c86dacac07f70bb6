import fc from 'fast-check';
import { type Given, manySteps } from './testing/many-steps.ts';
import { mostBetween, type Track, tracksOf, valueAt } from './usage-tracks.ts';

const s = 1e9;
const trackOf = (given: readonly Given[], measure: Track['measure'], nowNs = 100 * s): Track => {
  const found = tracksOf(manySteps(given), nowNs).find((track) => track.measure === measure);
  if (found === undefined) throw new Error(`there is no track of ${measure}`);
  return found;
};

test('CPU is spread over the time a try took: two tries at once keep as many cores busy as both', () => {
  const track = trackOf(
    [
      { name: 'a', startNs: 0, endNs: 10 * s, usage: { cpuSeconds: 20 } },
      { name: 'b', startNs: 5 * s, endNs: 7 * s, usage: { cpuSeconds: 3 } },
    ],
    'cpu',
  );
  expect([track.most, track.mostAtNs, track.total]).toEqual([3.5, 5 * s, 23]);
  expect(valueAt(track, 6 * s)).toEqual({ value: 3.5, sum: 13.5 });
  expect(valueAt(track, 8 * s).value).toBe(2);
  expect(valueAt(track, 11 * s)).toEqual({ value: 0, sum: 23 });
});

test('a try works while it does not wait, and holds its memory all the time', () => {
  const given: Given[] = [
    { name: 'a', startNs: 0, endNs: 10 * s, waits: [[2 * s, 8 * s]], usage: { cpuSeconds: 4, memoryBytes: '100' } },
  ];
  expect(valueAt(trackOf(given, 'cpu'), 1 * s).value).toBe(1);
  expect(valueAt(trackOf(given, 'cpu'), 5 * s).value).toBe(0);
  expect(valueAt(trackOf(given, 'memory'), 5 * s).value).toBe(100);
});

test('memory is the sum of what runs at once; one after the other it is not', () => {
  const track = trackOf(
    [
      { name: 'a', startNs: 0, endNs: 5 * s, usage: { memoryBytes: '100' } },
      { name: 'b', startNs: 5 * s, endNs: 9 * s, usage: { memoryBytes: '70' } },
      { name: 'c', startNs: 8 * s, endNs: 9 * s, usage: { memoryBytes: '60' } },
    ],
    'memory',
  );
  expect([track.most, track.mostAtNs, track.total]).toEqual([130, 8 * s, 0]);
});

test('tokens of a try that took no time count in the sum, not in how many a second', () => {
  const track = trackOf(
    [
      { name: 'a', startNs: 5 * s, endNs: 5 * s, usage: { tokens: '40' } },
      { name: 'b', startNs: 0, endNs: 10 * s, usage: { tokens: '10' } },
    ],
    'tokens',
  );
  expect([track.most, track.total]).toEqual([1, 50]);
  expect([valueAt(track, 4 * s).sum, valueAt(track, 5 * s).sum]).toEqual([4, 45]);
});

test('an open try holds its memory until now', () => {
  const track = trackOf([{ name: 'a', status: 'running', startNs: 0, usage: { memoryBytes: '9' } }], 'memory', 30 * s);
  expect([valueAt(track, 29 * s).value, valueAt(track, 31 * s).value]).toEqual([9, 0]);
});

test('what an agent tells of the calls inside it too is not counted twice', () => {
  const track = trackOf(
    [
      { name: 'agent', startNs: 0, endNs: 10 * s, usage: { tokens: '100', memoryBytes: '50' } },
      { name: 'call', parent: 0, startNs: 2 * s, endNs: 4 * s, usage: { tokens: '100', memoryBytes: '50' } },
    ],
    'tokens',
  );
  expect([track.total, track.most]).toEqual([100, 50]);
});

test('where bars stand for several the memory is said to be the least there was', () => {
  const steps = manySteps([{ name: 'a', startNs: 0, endNs: s, usage: { memoryBytes: '5', tokens: '5' } }]);
  const folded = { ...steps, detail: { ...steps.detail, whole: false } };
  expect(tracksOf(folded, s).map(({ atLeast }) => atLeast)).toEqual([true, false]);
});

test('for any tries the sum is what all used, and the most of any stretch is that of its points', () => {
  const tried = fc.record({ from: fc.nat(5_000), length: fc.nat(300), tokens: fc.nat(90), gap: fc.nat(200) });
  fc.assert(
    fc.property(fc.array(tried, { minLength: 1, maxLength: 200 }), fc.nat(5_000), fc.nat(3_000), (tries, from, length) => {
      // Instants a few ns apart, far beyond what a single-precision number tells apart.
      const at = (n: number): number => 4e15 + n;
      const given = tries.map(({ from: begin, length: took, tokens, gap }, i): Given => {
        const [startNs, endNs] = [at(begin), at(begin + took)];
        const waits: Given['waits'] = gap < took ? [[startNs, startNs + gap]] : [];
        return { name: `s-${i}`, startNs, endNs, waits, usage: { tokens: String(tokens), memoryBytes: String(tokens) } };
      });
      const all = tries.reduce((sum, { tokens }) => sum + tokens, 0);
      if (all === 0) return;
      const [memory, tokens] = tracksOf(manySteps(given), at(9_000));
      expect(tokens!.total).toBeCloseTo(all, 6);
      expect(memory!.times).toEqual(memory!.times.toSorted());
      const held = (n: number): number =>
        tries.reduce((sum, each) => sum + (each.from <= n && n < each.from + each.length ? each.tokens : 0), 0);
      const most = Math.max(...Array.from({ length: length + 1 }, (_, i) => held(from + i)));
      expect(mostBetween(memory!, at(from), at(from + length))).toBe(most);
    }),
  );
});
