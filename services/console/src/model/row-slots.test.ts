import fc from 'fast-check';
import { nextSlots } from './row-slots.ts';

const ids = fc.uniqueArray(fc.nat(30).map(String), { maxLength: 20 });

test('a row that stays in sight keeps its place, one that comes takes that of one that went, no two share one', () => {
  fc.assert(
    fc.property(ids, ids, (before, after) => {
      const old = nextSlots(new Map(), before);
      const now = nextSlots(old, after);
      expect([...now.keys()].toSorted()).toEqual(after.toSorted());
      expect(new Set(now.values()).size).toBe(after.length);
      for (const id of after) if (old.has(id)) expect(now.get(id)).toBe(old.get(id));
      const slots = Math.max(before.length, after.length);
      for (const slot of now.values()) expect(slot).toBeLessThan(slots);
    }),
  );
});
