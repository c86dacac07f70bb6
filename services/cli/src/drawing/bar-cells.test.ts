import { barCells } from './bar-cells.ts';
import { piecesOf } from './pieces.ts';
import { timeAxis } from './time-axis.ts';

const drawn = (pieces: [string, number, number][], width = 10): string =>
  barCells(
    pieces.map(([kind, fromNs, toNs]) => ({ kind, fromNs, toNs })),
    [],
    100,
    width,
  )
    .map(({ glyph }) => glyph)
    .join('');

test.each<[string, [string, number, number][], string]>([
  ['fills whole characters', [['run', 20, 50]], '  ███     '],
  ['ends in eighths of a character', [['run', 0, 13.75]], '█▍        '],
  ['begins in halves of a character', [['run', 5, 20]], '▐█        '],
  ['is seen, however short', [['run', 50, 50]], '     ▏    '],
  ['is seen at the very end', [['run', 100, 100]], '         ▕'],
  [
    'gives way to a wait that has more of a character',
    [
      ['queue', 0, 27],
      ['run', 27, 50],
    ],
    '░░░██     ',
  ],
  [
    'shows each kind of wait by a sign of its own',
    [
      ['queue', 0, 10],
      ['rate_limit', 10, 20],
      ['retry_backoff', 20, 30],
      ['timer', 30, 40],
      ['approval', 40, 50],
      ['external', 50, 60],
      ['run', 60, 70],
    ],
    '░▒┄tae█   ',
  ],
  [
    'leaves out a sliver of waiting',
    [
      ['orchestration', 9, 10.5],
      ['run', 20, 30],
    ],
    '  █       ',
  ],
])('a bar %s', (_what, pieces, text) => {
  expect(drawn(pieces)).toBe(text);
});

test('the time of a try is its waits, the rest by its stages, and what is open ends now', () => {
  const bar = {
    readyNs: '1000',
    queuedNs: '1010',
    startNs: '1030',
    waits: [{ kind: 'rate_limit', fromNs: '1040', toNs: '1050' }],
  };
  expect(piecesOf(bar, 1000n, 70)).toEqual([
    { kind: 'orchestration', fromNs: 0, toNs: 10 },
    { kind: 'queue', fromNs: 10, toNs: 30 },
    { kind: 'run', fromNs: 30, toNs: 40 },
    { kind: 'rate_limit', fromNs: 40, toNs: 50 },
    { kind: 'run', fromNs: 50, toNs: 70 },
  ]);
  expect(piecesOf({ readyNs: '1000', waits: [{ kind: 'approval', fromNs: '1000' }] }, 1000n, 70)).toEqual([
    { kind: 'approval', fromNs: 0, toNs: 70 },
  ]);
  expect(piecesOf({ status: 'skipped', endNs: '1040' }, 1000n, 70)).toEqual([]);
});

test.each([
  [35e9, 50, '0 s           10 s          20 s          30 s', '├─────────────┼─────────────┼─────────────┼───────'],
  [90e3, 30, '0 s             50 µs', '├───────────────┼─────────────'],
  [7200e9, 30, '0 s            1 h', '├──────────────┼──────────────'],
])('an axis of %i ns over %i columns has round times far enough apart', (lengthNs, width, labels, ticks) => {
  expect(timeAxis(lengthNs, width)).toEqual([labels, ticks]);
});
