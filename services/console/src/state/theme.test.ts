import { themeOf } from './theme.ts';

const wishes = { asked: null, kept: undefined, systemIsDark: false };

test('without a choice the system decides', () => {
  expect(themeOf(wishes)).toBe('light');
  expect(themeOf({ ...wishes, systemIsDark: true })).toBe('dark');
});

test('a choice beats the system, and choosing the system goes back to it', () => {
  expect(themeOf({ ...wishes, kept: 'contrast', systemIsDark: true })).toBe('contrast');
  expect(themeOf({ ...wishes, kept: 'system', systemIsDark: true })).toBe('dark');
});

test('the address beats both, so that a link shows what was seen', () => {
  expect(themeOf({ asked: 'light', kept: 'dark', systemIsDark: true })).toBe('light');
});

test.each(['', 'DARK', 'dark"onload=', 'sepia'])('%j is no theme and changes nothing', (text) => {
  expect(themeOf({ ...wishes, asked: text, kept: text })).toBe('light');
});
