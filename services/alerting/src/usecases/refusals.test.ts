import type { Sink, TakenNotification } from '../ports.ts';
import { openRefusals } from './refusals.ts';

const minute = 60_000;
const every = { groupIntervalMs: 5 * minute, repeatIntervalMs: 240 * minute };
const now = { firing: ['a', 'b'], resolved: [] };
const to = { groupNo: 1n, receiver: 'ops', integration: 'webhook/0' };
const message = (more: Partial<TakenNotification> = {}) => ({ ...to, ...now, reason: 'first', ...more }) as TakenNotification;

function opened() {
  const state = { sink: (() => Promise.resolve({ sent: true, receipt: '' })) as Sink };
  return { state, refusals: openRefusals(() => state.sink) };
}

test('what is refused again and again is said after 10, 20 and at last each 30 minutes', () => {
  const { refusals } = opened();
  const said: number[] = [];
  for (let at = 0; at <= 120; at += 5) {
    if (refusals.holds(to, now, every, at * minute)) continue;
    said.push(at);
    refusals.refused(message(), at * minute + 20);
  }
  expect(said).toEqual([0, 10, 30, 60, 90, 120]);
});

test('repeat_interval is waited for where it is shorter', () => {
  const { refusals } = opened();
  refusals.refused(message(), 0);
  const often = { groupIntervalMs: 5 * minute, repeatIntervalMs: 5 * minute };
  expect(refusals.holds(to, now, often, 5 * minute)).toBe(false);
});

test('what differs is said, also by another group, after another configuration, and by a clock that was set back', () => {
  const { state, refusals } = opened();
  refusals.refused(message(), 60 * minute);
  const at = 65 * minute;
  expect(refusals.holds(to, now, every, at)).toBe(true);
  expect(refusals.holds(to, { ...now, firing: ['a'] }, every, at)).toBe(false);
  expect(refusals.holds({ ...to, groupNo: 2n }, now, every, at)).toBe(false);
  expect(refusals.holds(to, now, every, minute)).toBe(false);
  state.sink = () => Promise.resolve({ sent: true, receipt: '' });
  expect(refusals.holds(to, now, every, at)).toBe(false);
});

test('once it was sent it was not refused', () => {
  const { refusals } = opened();
  refusals.refused(message(), 0);
  expect([refusals.sent(message()), refusals.sent(message()), refusals.holds(to, now, every, minute)]).toEqual([
    true,
    false,
    false,
  ]);
});

test('groups whose alerts stood in a digest that was refused wait for half an hour, or until a digest is taken', () => {
  const { refusals } = opened();
  const digest = message({ groupNo: 99n, reason: 'digest', firing: ['a', 'b', 'c'] });
  refusals.refused(digest, 0);
  expect([20, 30].map((at) => refusals.holds(to, now, every, at * minute))).toEqual([true, false]);
  expect(refusals.holds(to, { firing: ['a', 'd'], resolved: [] }, every, minute)).toBe(false);
  refusals.sent(digest);
  expect(refusals.holds(to, now, every, minute)).toBe(false);
});
