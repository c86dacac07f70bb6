import fc from 'fast-check';
import { groupFailures, piecesOf } from './failure-groups.ts';

const failure = (id: string, message: string, atNs: number, errorType = 'Timeout', step = 'search') => ({
  id,
  step,
  status: 'failed',
  errorType,
  message,
  atNs: BigInt(atNs),
});

test.each([
  ['no answer in 30 s', ['no answer in ', ' s']],
  ['no answer in 1.5 s from 10.0.0.1:8080', ['no answer in ', ' s from ', '']],
  ['run 7f3c8e1a-0000-4f0e-9b0a-3c1f5f5f0a11 is gone', ['run ', ' is gone']],
  ['span 4bf92f3577b34da6 lost', ['span ', ' lost']],
  ['at 2026-03-01T12:00:00.5Z: refused', ['at ', ': refused']],
  ['pod web-7d9f8 evicted', ['pod ', ' evicted']],
  ['pointer 0xdeadBEEF', ['pointer ', '']],
  ['disk full on node-17, volume v2', ['disk full on ', ', volume ', '']],
  ['a facade of decades', ['a facade of decades']],
  ['first line 1\nsecond', ['first line ', '', '']],
  ['', ['']],
])('%j keeps what does not differ from run to run', (message, pieces) => expect(piecesOf(message)).toEqual(pieces));

test('N1: the pieces occur in the message in order', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...Array.from('ab 0x9-:.f\n')), maxLength: 400 }), (message) => {
      let at = 0;
      for (const piece of piecesOf(message)) {
        at = message.indexOf(piece, at);
        expect(at).toBeGreaterThanOrEqual(0);
        at += piece.length;
      }
    }),
  );
});

test('N2: messages that differ in digits alone share their pieces', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('step ', ' of ', ': no answer from ', ' (code ', ') '), { minLength: 1, maxLength: 6 }),
      fc.infiniteStream(fc.integer({ min: 0, max: 9999 })),
      fc.infiniteStream(fc.integer({ min: 0, max: 9999 })),
      (texts, some, others) => {
        const filled = (numbers: Iterator<number>): string =>
          texts.map((text) => `${text}${numbers.next().value as number}`).join('');
        expect(piecesOf(filled(some))).toEqual(piecesOf(filled(others)));
      },
    ),
  );
});

test('the same cause is one group, the largest first, with first and last and the latest runs', () => {
  const groups = groupFailures([
    failure('a', 'no answer in 30 s', 5),
    failure('b', 'no such table', 9, 'SqlError'),
    failure('c', 'no answer in 31 s', 3),
    failure('d', 'no answer in 7 s', 8),
    failure('e', 'no answer in 7 s', 8, 'Late'),
  ]);
  expect(groups.map(({ errorType, count, firstNs, lastNs, examples }) => [errorType, count, firstNs, lastNs, examples])).toEqual([
    ['Timeout', 3, 3n, 8n, ['d', 'a', 'c']],
    ['SqlError', 1, 9n, 9n, ['b']],
    ['Late', 1, 8n, 8n, ['e']],
  ]);
  expect(groups[0]!.pieces).toEqual(['no answer in ', ' s']);
});

test('the same error at another step is another cause, but numbers in the names of steps tell nothing apart', () => {
  const groups = groupFailures([
    failure('a', 'no answer', 5, 'Timeout', 'fetch-1'),
    failure('b', 'no answer', 4, 'Timeout', 'fetch-12'),
    failure('c', 'no answer', 3, 'Timeout', 'write-7'),
    failure('d', '', 2, '', ''),
  ]);
  expect(groups.map(({ step, count }) => [step, count])).toEqual([
    [['fetch-', ''], 2],
    [['write-7'], 1],
    [[''], 1],
  ]);
});
