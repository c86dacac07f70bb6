import { namespaceLink, remembered, withNamespace } from './namespaces.ts';

test('the default namespace is always to be had, others when they were seen, the last one first', () => {
  expect(remembered(undefined)).toEqual(['default']);
  const kept = ['a', 'b', 'a', 'default'].reduce<string | undefined>(withNamespace, undefined);
  expect(remembered(kept)).toEqual(['default', 'a', 'b']);
});

test('only the last few are kept', () => {
  const kept = Array.from({ length: 20 }, (_, at) => `n${at}`).reduce<string | undefined>(withNamespace, undefined);
  expect(remembered(kept)).toHaveLength(9);
});

test('another namespace begins at its list, in the theme that is shown', () => {
  expect(namespaceLink('team a', new URLSearchParams('namespace=x&q=1&theme=dark'))).toBe('/?namespace=team+a&theme=dark');
  expect(namespaceLink('default', new URLSearchParams('namespace=x'))).toBe('/');
});
