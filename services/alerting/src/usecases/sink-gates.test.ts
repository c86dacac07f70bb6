import type { Sink, SinkAnswer, TakenNotification } from '../ports.ts';
import { openSinkGates } from './sink-gates.ts';

const at = Date.UTC(2026, 10, 22, 12);
const down: SinkAnswer = { sent: false, permanent: false, error: '503' };
const ok: SinkAnswer = { sent: true, receipt: 'ok' };

function openGates(more: Partial<Parameters<typeof openSinkGates>[0]> = {}) {
  const changes: string[] = [];
  const sink: Sink = () => Promise.resolve(ok);
  const gates = openSinkGates({
    sinkOf: () => sink,
    limitOf: () => undefined,
    urgent: () => false,
    atOnce: 16,
    giveUpAfterMs: 3_600_000,
    random: () => 0,
    changed: ({ receiver }, circuit) => changes.push(`${receiver} ${circuit}`),
    ...more,
  });
  let count = 0;
  const message = (receiver = 'ops', createdAtMs = at) =>
    ({ id: String(count++), receiver, integration: 'webhook/0', createdAtMs }) as TakenNotification;
  /** Sends one and takes the answer. */
  const tried = (answer: SinkAnswer, nowMs = at, receiver = 'ops') => {
    const one = message(receiver);
    const admission = gates.admit(one, nowMs);
    if (admission.may === 'pass') gates.answered(one, answer, nowMs);
    return admission;
  };
  return { gates, message, tried, changes };
}

test('one receiver leaves a quarter of the workers to the others, one that failed most of them', () => {
  const { gates, message, tried } = openGates();
  const under = Array.from({ length: 16 }, () => gates.admit(message(), at).may);
  expect(under.filter((may) => may === 'pass')).toHaveLength(12);
  expect(gates.admit(message('others'), at)).toEqual({ may: 'pass' });
  tried(down, at, 'failing');
  expect(Array.from({ length: 4 }, () => gates.admit(message('failing'), at).may)).toEqual(['pass', 'pass', 'queue', 'queue']);
});

test('429 is no failure: all messages wait until the receiver takes some again', () => {
  const { gates, message, tried } = openGates();
  const limited: SinkAnswer = { sent: false, permanent: false, limited: true, retryAfterMs: 30_000, error: '429' };
  tried(limited);
  expect(gates.admit(message(), at + 1_000)).toEqual({ may: 'wait', untilMs: at + 30_000 });
  expect(gates.state(message(), at).circuit).toBe('closed');
  expect(gates.admit(message(), at + 30_000)).toEqual({ may: 'pass' });
});

test.each<[string, SinkAnswer]>([
  ['what is refused for good', { ...down, permanent: true }],
  ['what the receiver works on', { ...down, waiting: true }],
  ['429', { ...down, limited: true }],
])('%s opens no circuit', (_, answer) => {
  const { gates, message, tried } = openGates();
  for (let i = 0; i < 20; i++) tried(answer);
  expect(gates.state(message(), at).circuit).toBe('closed');
});

test('a circuit that opens is told once, and once that it is closed again', () => {
  const { gates, message, tried, changes } = openGates();
  for (let i = 0; i < 8; i++) tried(down);
  expect(changes).toEqual(['ops opened']);
  expect(gates.open(at)).toMatchObject([{ receiver: 'ops', circuit: 'open', untilMs: at + 5_000, openSinceMs: at }]);
  expect(tried(ok, at + 5_000)).toEqual({ may: 'pass' });
  expect(changes).toEqual(['ops opened', 'ops closed']);
  expect([gates.open(at), gates.state(message(), at).circuit]).toEqual([[], 'closed']);
});

test('while it is open nothing is given up that was not waited for long enough', () => {
  const { gates, message, tried } = openGates();
  for (let i = 0; i < 5; i++) tried(down);
  expect(JSON.stringify(gates.admit(message('ops', at - 3_600_000), at + 1))).toMatch(/give up.*503/);
  expect(gates.admit(message('ops', at - 3_500_000), at + 1)).toMatchObject({ may: 'wait' });
});

test('another address begins with a closed circuit, and what the former answers late does not count', () => {
  let sink: Sink = () => Promise.resolve(ok);
  const { gates, message, tried, changes } = openGates({ sinkOf: () => sink });
  const late = message();
  gates.admit(late, at);
  for (let i = 0; i < 5; i++) tried(down);
  sink = () => Promise.resolve(ok);
  expect(gates.admit(message(), at + 1)).toEqual({ may: 'pass' });
  gates.answered(late, down, at + 1);
  for (let i = 0; i < 4; i++) tried(down, at + 1);
  expect([gates.state(message(), at + 1).circuit, changes]).toEqual(['closed', ['ops opened', 'ops closed']]);
});

test('a receiver that answers slowly does not keep messages that others could send', () => {
  const { gates, message } = openGates();
  for (let i = 0; i < 12; i++) gates.admit(message(), at);
  expect(gates.admit(message(), at + 500)).toEqual({ may: 'queue', moves: true });
  expect(gates.admit(message(), at + 5_000)).toEqual({ may: 'queue', moves: false });
});

describe('a clock that is set back by an hour, and by less, puts nothing off', () => {
  const limited: SinkAnswer = { sent: false, permanent: false, limited: true, retryAfterMs: 30_000, error: '429' };
  const perSecond = { limitOf: () => ({ perSecond: 1, burst: 1 }) };

  test.each([3_600_000, 1_800_000, 60_000])('%i ms', (backMs) => {
    const open = openGates();
    for (let i = 0; i < 5; i++) open.tried(down);
    expect(open.gates.admit(open.message(), at - backMs)).toMatchObject({ may: 'wait', untilMs: at - backMs + 6_000 });
    expect(open.gates.admit(open.message(), at - backMs + 5_000)).toEqual({ may: 'pass' });

    const held = openGates();
    held.tried(limited);
    expect(held.gates.admit(held.message(), at - backMs)).toEqual({ may: 'wait', untilMs: at - backMs + 30_000 });

    const turns = openGates(perSecond);
    for (let i = 0; i < 5; i++) turns.tried(ok);
    expect(turns.gates.admit(turns.message(), at - backMs)).toEqual({ may: 'wait', untilMs: at - backMs + 5_000 });
    expect(turns.gates.crowded(at - backMs, 6_000)).toEqual([]);

    const hurried = openGates({ ...perSecond, urgent: ({ id }) => id === '1' });
    hurried.tried(ok);
    hurried.tried(ok);
    const later = at - backMs + 7_000;
    expect(hurried.gates.admit(hurried.message(), at - backMs)).toMatchObject({ may: 'wait' });
    expect(hurried.gates.admit(hurried.message(), later)).toEqual({ may: 'pass' });
  });
});
