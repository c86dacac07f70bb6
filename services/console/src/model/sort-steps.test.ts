import fc from 'fast-check';
import { inOneGo } from './in-parts.ts';
import { orderBy, orderByTime } from './sort-steps.ts';

test('instants are put in order to the ns, equal ones stay as they were', () => {
  const instant = fc.oneof(fc.nat(5), fc.nat(), fc.maxSafeNat());
  fc.assert(
    fc.property(fc.array(instant, { maxLength: 300 }), (times) => {
      const places = times.map((_, i) => i).toSorted((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
      expect([...inOneGo(orderByTime(Float64Array.from(times)))]).toEqual(places);
    }),
  );
});

test('rows are put in order up or down, what is not known last', () => {
  const values = Float32Array.of(2, NaN, -1, 2, 0);
  expect([...orderBy(values, false)]).toEqual([2, 4, 0, 3, 1]);
  expect([...orderBy(values, true)]).toEqual([0, 3, 4, 2, 1]);
});
