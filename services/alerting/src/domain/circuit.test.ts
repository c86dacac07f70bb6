import { afterAttempt, type Circuit, circuitState, closedCircuit, probePatienceMs, tryThrough } from './circuit.ts';

const at = Date.UTC(2026, 10, 22, 12);
const fail = (circuit: Circuit, nowMs: number, times = 1): Circuit =>
  Array.from({ length: times }).reduce((last: Circuit) => afterAttempt(last, false, nowMs, 0), circuit);

test('C2: four failures in a row leave it closed, the fifth opens it for five seconds', () => {
  expect(circuitState(fail(closedCircuit, at, 4), at)).toBe('closed');
  const open = fail(closedCircuit, at, 5);
  expect([circuitState(open, at), circuitState(open, at + 4_999), circuitState(open, at + 5_000)]).toEqual([
    'open',
    'open',
    'half_open',
  ]);
});

test('C1: an answer between failures begins the count anew', () => {
  const answered = afterAttempt(fail(closedCircuit, at, 4), true, at, 0);
  expect(circuitState(fail(answered, at, 4), at)).toBe('closed');
});

test('one message is tried once the time is over, and the next only when nothing is heard of it', () => {
  const open = fail(closedCircuit, at, 5);
  expect(tryThrough(open, at + 4_000)).toBeUndefined();
  const probed = tryThrough(open, at + 5_000);
  expect(probed).toBeDefined();
  expect(tryThrough(probed ?? open, at + 5_001)).toBeUndefined();
  expect(tryThrough(probed ?? open, at + 5_000 + probePatienceMs)).toBeDefined();
  expect(afterAttempt(probed ?? open, true, at + 5_100, 0)).toEqual(closedCircuit);
});

test('C2: each probe that fails doubles the time, up to a minute, of which jitter takes up to a fifth', () => {
  let circuit = fail(closedCircuit, at, 5);
  const waits: number[] = [];
  let nowMs = at;
  for (let opened = 0; opened < 7; opened++) {
    const untilMs = circuit.untilMs ?? NaN;
    waits.push((untilMs - nowMs) / 1000);
    nowMs = untilMs;
    circuit = fail(tryThrough(circuit, nowMs) ?? closedCircuit, nowMs);
  }
  expect(waits).toEqual([5, 10, 20, 40, 60, 60, 60]);
  expect(afterAttempt(fail(closedCircuit, at, 4), false, at, 1).untilMs).toBe(at + 4_000);
});

test('C3: what was under way when it opened does not lengthen its time', () => {
  const open = fail(closedCircuit, at, 5);
  expect(fail(open, at + 1_000, 20)).toEqual(open);
});

test('a clock that is set back by an hour does not keep it open for an hour', () => {
  expect(circuitState(fail(closedCircuit, at, 5), at - 3_600_000)).toBe('half_open');
});
