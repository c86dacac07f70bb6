import fc from 'fast-check';
import { correlate, type CorrelationState, type CorrelationStep, correlationSteps, readRules, sigmaView } from '../index.ts';

const span = 7;

function stepsOf(section: string): (rule: number, event: object) => readonly CorrelationStep[] {
  const bases = ['a', 'b', 'c'].map(
    (name) => `title: ${name}\nname: ${name}\nlogsource: {}\ndetection: {s: {x: 1}, condition: s}`,
  );
  const text = [...bases, `title: it\nname: it\ncorrelation: ${section}`].join('\n---\n');
  const { rules, correlations, refused } = readRules([{ source: 't', text }]);
  expect(refused).toEqual([]);
  return (rule, event) => {
    const met = rules[rule];
    if (met === undefined) throw new Error(`there is no rule ${rule}`);
    return correlationSteps(correlations, met, sigmaView(event));
  };
}

/** Mostly in order, some late, many at one time. */
const streams = fc.array(fc.record({ after: fc.integer({ min: -9, max: 3 }), rule: fc.nat(2), v: fc.nat(5) }), {
  minLength: 1,
  maxLength: 80,
});

test.each([
  ['event_count', 4],
  ['event_count', 2],
  ['value_count', 3],
  ['temporal', 3],
])('C4: %s from %i on decides as if nothing were forgotten, and its state stays small', (type, bound) => {
  const field = type === 'value_count' ? 'field: v, ' : '';
  const steps = stepsOf(`{type: ${type}, rules: [a, b, c], timespan: ${span}s, condition: {${field}gte: ${bound}}}`);
  fc.assert(
    fc.property(streams, (stream) => {
      let state: CorrelationState | undefined;
      let clock = 0;
      const accepted: { second: number; rule: number; v: number }[] = [];
      for (const { after, rule, v } of stream) {
        const second = clock + after;
        clock = Math.max(clock, second);
        const [step] = steps(rule, { v });
        if (step === undefined) throw new Error('the event means something');
        const taken = correlate(step, state, second * 1000);
        // It goes on from what was written down.
        state = JSON.parse(JSON.stringify(taken.state)) as CorrelationState;
        const latest = Math.max(second, ...accepted.map((each) => each.second));
        expect(taken.lost?.late ?? 0).toBe(second < latest - span ? 1 : 0);
        if (second < latest - span) continue;
        accepted.push({ second, rule, v });
        const good = accepted.some(({ second: end }) => {
          if (second > end || second < end - span) return false;
          const window = accepted.filter((each) => each.second <= end && each.second >= end - span);
          const count = { event_count: window.length, value_count: new Set(window.map((each) => each.v)).size }[type];
          return (count ?? new Set(window.map((each) => each.rule)).size) >= bound;
        });
        expect(taken.completed !== undefined).toBe(good);
        expect(state.entries.length).toBeLessThanOrEqual(type === 'event_count' ? bound * 4 : 6 * 6);
      }
    }),
    { numRuns: 60 },
  );
});

test('a flood of one group keeps a few times the bound, whatever the number of events', () => {
  const size = (section: string): number => {
    const steps = stepsOf(section);
    let state: CorrelationState | undefined;
    for (let i = 0; i < 3000; i += 1) {
      const [step] = steps(0, { v: i % 500 });
      if (step !== undefined) state = correlate(step, state, i).state;
    }
    return state?.entries.length ?? 0;
  };
  expect(size('{type: event_count, rules: [a], timespan: 1s, condition: {gte: 5}}')).toBeLessThanOrEqual(15);
  expect(size('{type: value_count, rules: [a], timespan: 1s, condition: {field: v, gte: 20}}')).toBeLessThanOrEqual(80);
});

test('a state that holds nothing any more may go at the time it tells', () => {
  const [step] = stepsOf('{type: event_count, rules: [a], timespan: 10s, condition: {gte: 2}}')(0, {});
  expect(step && correlate(step, undefined, 5000).keepUntilMs).toBe(25_000);
});

test('all groups an event may touch are known before, those of chained correlations too', () => {
  const inner =
    'title: many\nname: many\ncorrelation: {type: event_count, rules: [a], group-by: [u], timespan: 10s, condition: {gte: 2}}';
  const steps = stepsOf(`{type: temporal, rules: [many, b], group-by: [ip], timespan: 1m}\n---\n${inner}`);
  expect(steps(0, { u: 'x', ip: 1 })).toMatchObject([{ key: '["x"]', group: { u: 'x' }, feeds: [{ key: '["1"]' }] }]);
  expect(steps(0, { u: 'x' })).toMatchObject([{ key: '["x"]', feeds: [] }]);
  expect(steps(1, { u: 'x' })).toEqual([]);
});

test('a key stays short and can be stored, whatever the values', () => {
  const steps = stepsOf('{type: event_count, rules: [a], group-by: [u], timespan: 10s, condition: {gte: 2}}');
  const keys = ['x\u0000', 'y'.repeat(5000), `${'y'.repeat(5000)}!`, '😀'.repeat(300)].map((u) => steps(0, { u })[0]?.key ?? '');
  expect(new Set(keys).size).toBe(4);
  for (const key of keys) expect(key.length <= 200 && key.isWellFormed() && !key.includes('\u0000')).toBe(true);
});
