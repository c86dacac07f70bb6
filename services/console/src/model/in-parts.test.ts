import { inOneGo, type InParts, inSlices } from './in-parts.ts';

function* counting(to: number): InParts<number> {
  for (let at = 0; at < to; at++) yield;
  return to;
}

test('work in parts comes to the same in one go and in slices', async () => {
  let waits = 0;
  const later = (goOn: () => void): void => {
    waits++;
    goOn();
  };
  expect(inOneGo(counting(5))).toBe(5);
  expect(await inSlices(counting(5), 0, later, () => true)).toBe(5);
  expect(waits).toBe(5);
});

test('work that is not wanted any more is left', async () => {
  let parts = 0;
  const later = (goOn: () => void): void => {
    parts++;
    goOn();
  };
  expect(await inSlices(counting(5), 0, later, () => parts < 2)).toBeUndefined();
  expect(parts).toBe(2);
});
