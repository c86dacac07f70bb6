import { chordMs, createKeyReader, isCharacter, keyTable, nameOfKey } from './keys.ts';

const pressed = (key: string, held: Partial<KeyboardEvent> = {}) =>
  nameOfKey({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });

test('no two actions have the same keys, and none begins as another one is', () => {
  const all = Object.values(keyTable).map(({ keys }) => keys);
  expect(new Set(all).size).toBe(all.length);
  const firsts = all.filter((keys) => keys.includes(' ')).map((keys) => keys.split(' ')[0]);
  expect(all.filter((keys) => firsts.includes(keys))).toEqual([]);
});

test('a key does what the table says', () => {
  const reader = createKeyReader();
  expect(['/', '?', 'f', 'Shift+N', 'Escape'].map((name) => reader.read(name, 0))).toEqual([
    'search',
    'help',
    'failuresOnly',
    'previousFailure',
    'back',
  ]);
  expect(reader.read('z', 0)).toBeUndefined();
});

test('g then e goes to the executions, if e comes soon; alone e explains a step', () => {
  const reader = createKeyReader();
  expect([reader.read('g', 0), reader.read('e', chordMs)]).toEqual(['waiting', 'goExecutions']);
  expect([reader.read('g', 0), reader.read('e', chordMs + 1)]).toEqual(['waiting', 'explain']);
  expect([reader.read('g', 0), reader.read('f', 1), reader.read('e', 2)]).toEqual(['waiting', undefined, 'explain']);
});

test('what is held with Ctrl, Alt or the system key is left to the browser', () => {
  for (const held of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }]) expect(pressed('f', held)).toBeUndefined();
});

test('a sign is what is typed, however many keys that takes on this keyboard; a letter says its shift', () => {
  expect(pressed('?', { shiftKey: true })).toBe('?');
  expect(pressed('N', { shiftKey: true })).toBe('Shift+N');
  expect(pressed('n')).toBe('n');
});

test('characters can be switched off, Escape and Enter not', () => {
  expect(['f', '/', 'Shift+N', '['].every(isCharacter)).toBe(true);
  expect(['Escape', 'Enter', 'ArrowDown'].some(isCharacter)).toBe(false);
});
