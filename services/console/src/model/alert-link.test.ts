import { linkPieces, webAddress } from './alert-link.ts';

test.each(['javascript:alert(1)', 'data:text/html,x', 'ftp://a/b', '//evil.example', ' https://a', 'https://'])(
  '%s is no link',
  (text) => {
    expect(webAddress(text)).toBeUndefined();
  },
);

test('addresses in a text become links, without the punctuation after them', () => {
  expect(linkPieces('See https://a.example/b?c=1, or (http://d.example).')).toEqual([
    { text: 'See ', href: undefined },
    { text: 'https://a.example/b?c=1', href: 'https://a.example/b?c=1' },
    { text: ', or (', href: undefined },
    { text: 'http://d.example', href: 'http://d.example/' },
    { text: ').', href: undefined },
  ]);
});

test('a text keeps every character, also around what looks like an address', () => {
  for (const text of ['plain', '', 'https://', 'a <https://x.example> b', 'javascript:https://x.example'])
    expect(
      linkPieces(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
});
