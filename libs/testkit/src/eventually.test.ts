import { eventually } from './eventually.ts';

test('a condition that comes true later is waited for', async () => {
  let looks = 0;
  expect(await eventually(() => ++looks >= 3 && 'there', { everyMs: 1 })).toBe('there');
  expect(looks).toBe(3);
});

test('assertions that hold at last are enough', async () => {
  let value = 0;
  await eventually(() => expect(++value).toBe(2), { everyMs: 1 });
});

test('when the time is over the last error is thrown as it was', async () => {
  let looks = 0;
  const failing = eventually(() => Promise.reject(new TypeError(`look ${++looks}`)), { timeoutMs: 30, everyMs: 5 });
  await expect(failing).rejects.toThrow(TypeError);
  await expect(failing).rejects.toThrow(`look ${looks}`);
});

test('a condition that never held is named', async () => {
  const failing = eventually(() => false, { timeoutMs: 10, everyMs: 5 });
  await expect(failing).rejects.toThrow('the condition still answered false after 10 ms: () => false');
});
