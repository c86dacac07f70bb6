import fc from 'fast-check';
import { count, type Counted, type Sighting, type WindowState } from './sliding-window.ts';

const rules = { windowMs: 100, raiseAt: 4, clearAt: 2, holdMs: 100 };

/** What happened, in the order it came: sightings that may be late or come again. */
const stream = fc.array(
  fc.record({ gap: fc.integer({ min: 0, max: 60 }), late: fc.integer({ min: 0, max: 90 }), again: fc.boolean() }),
  {
    maxLength: 60,
  },
);

interface Arrival extends Sighting {
  readonly nowMs: number;
}

function arrivals(steps: readonly { gap: number; late: number; again: boolean }[], late: boolean): Arrival[] {
  let nowMs = 1_000;
  const out: Arrival[] = [];
  steps.forEach((step, i) => {
    nowMs += step.gap;
    const earlier = out[Math.floor(i / 2)];
    if (step.again && earlier !== undefined) out.push({ ...earlier, nowMs });
    else out.push({ id: `s${i}`, atMs: late ? nowMs - step.late : nowMs, nowMs });
  });
  return out;
}

/** Everything is kept and every window is looked at. */
function bruteForce(): (arrival: Arrival) => { firing: boolean; raised: boolean; untilMs: number | undefined } {
  const all: Sighting[] = [];
  let untilMs: number | undefined;
  let toldMs = -Infinity;
  const latest = (): number | undefined => all.map(({ atMs }) => atMs).sort((a, b) => b - a)[rules.clearAt - 1];
  return ({ id, atMs, nowMs }) => {
    if (untilMs !== undefined && nowMs >= untilMs) {
      toldMs = latest() ?? toldMs;
      untilMs = undefined;
    }
    if (!all.some((one) => one.id === id)) all.push({ id, atMs });
    if (untilMs !== undefined) {
      untilMs = Math.max(untilMs, (latest() ?? 0) + rules.windowMs);
      return { firing: true, raised: false, untilMs };
    }
    const open = all.filter((one) => one.atMs > toldMs);
    const raised = open.some(
      (end) => open.filter((one) => one.atMs <= end.atMs && one.atMs > end.atMs - rules.windowMs).length >= rules.raiseAt,
    );
    if (raised) untilMs = nowMs + rules.holdMs;
    return { firing: raised, raised, untilMs };
  };
}

const run = (given: readonly Arrival[], each: (counted: Counted<Sighting>, arrival: Arrival) => void): void => {
  let state: WindowState<Sighting> = { sightings: [] };
  for (const arrival of given) {
    const { id, atMs, nowMs } = arrival;
    const counted = count(state, { id, atMs }, rules, nowMs);
    state = JSON.parse(JSON.stringify(counted.state)) as typeof state;
    each(counted, arrival);
  }
};

test('S1 S2 S3 S4 in order, with some coming again, it fires and ends exactly as a count over everything says', () => {
  fc.assert(
    fc.property(stream, (steps) => {
      const expected = bruteForce();
      run(arrivals(steps, false), ({ firing, raisedBy, state }, arrival) => {
        const want = expected(arrival);
        expect({ firing, raised: raisedBy !== undefined, untilMs: state.untilMs }).toEqual(want);
      });
    }),
    { numRuns: 400 },
  );
});

test('S1 S2 late and out of order, it begins to fire with the same sighting as a count over everything', () => {
  fc.assert(
    fc.property(stream, (steps) => {
      const expected = bruteForce();
      let over = false;
      run(arrivals(steps, true), ({ raisedBy }, arrival) => {
        if (over) return;
        const want = expected(arrival);
        expect(raisedBy !== undefined).toBe(want.raised);
        over = want.raised;
      });
    }),
    { numRuns: 400 },
  );
});

test('S5 no more is kept than decides', () => {
  fc.assert(
    fc.property(stream, fc.boolean(), (steps, late) => {
      run(arrivals(steps, late), ({ state, firing }) => {
        expect(state.sightings.length).toBeLessThanOrEqual(firing ? rules.raiseAt : 2 * rules.raiseAt - 2);
      });
    }),
  );
});

test('two on either side of a full minute count together', () => {
  let state: WindowState<Sighting> = { sightings: [] };
  const fired = [59_960, 59_990, 60_010, 60_059].map((atMs) => {
    const counted = count(state, { atMs, id: String(atMs) }, rules, atMs);
    state = counted.state;
    return counted.firing;
  });
  expect(fired).toEqual([false, false, false, true]);
});

test('what lies a whole window apart does not count together', () => {
  let state: WindowState<Sighting> = { sightings: [] };
  for (const atMs of [1_000, 1_050, 1_060, 1_100]) {
    const counted = count(state, { atMs, id: String(atMs) }, rules, atMs);
    state = counted.state;
    expect(counted.firing).toBe(false);
  }
});
