import fc from 'fast-check';
import { openRefusals, type SecurityFact } from './index.ts';

const fact = (ip: string, principal = 'alice'): SecurityFact => ({
  type: 'tmws.auth.failed',
  principal,
  by: 'anonymous',
  credential: '',
  source: { ip, userAgent: '', method: 'GET /', resource: '/' },
  reason: 'there is no such key',
  namespace: '',
});

test('the first of a minute have a fact each, the last of them says that more are counted, and then they are one', () => {
  const state = { now: 0 };
  const refusals = openRefusals({ limit: 2, clock: () => state.now });
  const told = Array.from({ length: 1206 }, () => refusals.take('wrong', fact('10.0.0.7'))?.reason);
  expect(told.slice(0, 3)).toEqual([
    'there is no such key',
    'there is no such key; more from here are counted for a minute',
    undefined,
  ]);
  state.now = 20_000;
  expect([refusals.waitMs('10.0.0.7'), refusals.waitMs('10.0.0.8'), refusals.counted()]).toEqual([40_000, 0, []]);
  state.now = 60_000;
  expect(refusals.waitMs('10.0.0.7')).toBe(0);
  expect(refusals.counted()).toEqual([{ ...fact('10.0.0.7'), reason: 'and 1,204 more refused within a minute', times: 1204 }]);
  expect(refusals.counted(true)).toEqual([]);
  expect(refusals.take('wrong', fact('10.0.0.7'))).toBeDefined();
});

test('a count tells who only where it was always the same', () => {
  const refusals = openRefusals({ limit: 1, clock: () => 0 });
  for (const who of ['alice', 'alice', 'bob']) refusals.take('wrong', fact('10.0.0.7', who));
  expect(refusals.counted(true)).toMatchObject([{ principal: '', times: 2 }]);
});

test('a host of IPv6 is its /64, however it is written', () => {
  const refusals = openRefusals({ limit: 1, clock: () => 0 });
  refusals.take('wrong', fact('2001:db8::1'));
  expect(['2001:0DB8:0:0:5::9', '2001:db8:0:1::1', '::1'].map((ip) => refusals.waitMs(ip) > 0)).toEqual([true, false, false]);
});

test('a request without a credential takes nothing from who tries one', () => {
  const refusals = openRefusals({ limit: 1, clock: () => 0 });
  refusals.take('none', fact('10.0.0.7'));
  refusals.take('none', fact('10.0.0.7'));
  expect(refusals.waitMs('10.0.0.7')).toBe(0);
  expect(refusals.counted(true)).toMatchObject([{ reason: 'and 1 more without a credential within a minute', times: 1 }]);
});

test('without a limit each has its fact', () => {
  const refusals = openRefusals({ limit: 0, clock: () => 0 });
  expect(Array.from({ length: 50 }, () => refusals.take('wrong', fact('a'))).every((told) => told !== undefined)).toBe(true);
});

test('R1 R2 R3 nothing is lost, whoever comes when, however few are remembered, whatever could not be stored', () => {
  const step = fc.record({ ip: fc.nat({ max: 5 }), kind: fc.constantFrom('wrong', 'none'), later: fc.nat({ max: 30_000 }) });
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 200 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 4 }),
      (steps, limit, most) => {
        const state = { now: 0 };
        const refusals = openRefusals({ limit, clock: () => state.now, most });
        let stored = 0;
        for (const [n, { ip, kind, later }] of steps.entries()) {
          state.now += later;
          if (refusals.take(kind, fact(`10.0.0.${ip}`)) !== undefined) stored++;
          if (n % 7 === 0)
            for (const count of refusals.counted())
              if (n % 2 === 0) refusals.keep(count);
              else stored += count.times ?? 1;
        }
        for (const { times = 1 } of refusals.counted(true)) stored += times;
        expect(stored).toBe(steps.length);
      },
    ),
  );
});
