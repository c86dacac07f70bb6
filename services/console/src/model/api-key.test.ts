import { prefixOf, refusedKeyWords } from './api-key.ts';

const secret = 'x'.repeat(43);

test('a refused key is named by what is no secret of it', () => {
  const words = refusedKeyWords(`tmws_0f3a11aa_${secret}`);
  expect(words).toContain('tmws_0f3a11aa is not taken');
  expect(words).not.toContain(secret);
});

test('a key that was cut off when it was copied is told to be', () => {
  expect(refusedKeyWords(`tmws_0f3a11aa_${secret.slice(1)}`)).toContain('tmws_0f3a11aa is not whole: 43 characters');
  expect(refusedKeyWords(`tmws_0f3a11aa_${secret.slice(1)}`)).toContain('here are 42');
  expect(refusedKeyWords(`tmws_0f3a11aa_${'ä'.repeat(43)}`)).toContain('here are others');
  expect(refusedKeyWords('tmws_0f3a')).toContain('begins like an API key and is none');
});

test('what is no key at all is not repeated', () => {
  const words = refusedKeyWords('correct horse battery staple');
  expect(words).toContain('not the admin key');
  expect(words).not.toContain('horse');
});

test('what names a key is had once it is there', () => {
  expect(prefixOf('tmws_0f3a11aa_x')).toBe('tmws_0f3a11aa');
  expect(prefixOf('tmws_0f3a11aa')).toBeUndefined();
});
