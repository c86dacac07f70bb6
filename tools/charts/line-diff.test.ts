import { lineDiff } from './line-diff.ts';

test('a line that changed is shown with those around it', () => {
  expect(lineDiff(['a', 'b', 'c', 'd', 'e', 'f'], ['a', 'b', 'c', 'x', 'e', 'f'], 1)).toEqual(['@@', ' c', '-d', '+x', ' e']);
});

test('lines that came and went at both ends are shown, and what is between them is not', () => {
  expect(lineDiff(['a', 'b', 'c', 'd'], ['b', 'c', 'd', 'e'], 0)).toEqual(['-a', '@@', '+e']);
});

test('equal texts have no difference', () => {
  expect(lineDiff(['a', 'b'], ['a', 'b'])).toEqual([]);
});
