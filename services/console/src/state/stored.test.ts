import { stored } from './stored.ts';

test('a choice is kept under a name of ours', () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  stored('theme', () => storage).write('dark');
  expect([...kept]).toEqual([['tmws.theme', 'dark']]);
  expect(stored('theme', () => storage).read()).toBe('dark');
});

test('where the browser refuses storage a choice holds until the page is left', () => {
  const choice = stored('theme', () => {
    throw new Error('SecurityError');
  });
  expect(choice.read()).toBeUndefined();
  choice.write('dark');
  expect(choice.read()).toBe('dark');
});
