import { formatCost } from './quantity.ts';
import { manySteps } from './testing/many-steps.ts';
import { tracksOf } from './usage-tracks.ts';
import { formatUsed, paidFor, trackSentence, trackWords } from './usage-words.ts';

const s = 1e9;
const usage = { cpuSeconds: 6, memoryBytes: '73400320', tokens: '9460', costUsd: 0.42 };
const tracks = tracksOf(manySteps([{ name: 'a', startNs: 2 * s, endNs: 4 * s, usage }]), 4 * s);

test('a track says its most and its total', () => {
  expect(tracks.map(trackWords)).toEqual([
    'at most 3 cores · 6 core-s',
    'at most 70 MiB at once',
    '9,460 in all (dashes) · at most 4,730/s',
    '$0.42 in all (dashes) · at most $0.21/s',
  ]);
});

test('who does not see a track is told when it was highest', () => {
  expect(tracks.map((track) => trackSentence(track, 1 * s))).toEqual([
    'CPU: at most 3 cores, 1 s after the start; 6 core-seconds in all.',
    'Memory: at most 70 MiB, 1 s after the start.',
    'Tokens: at most 4,730 a second, 1 s after the start; 9,460 in all.',
    'Cost: at most $0.21 a second, 1 s after the start; $0.42 in all.',
  ]);
});

test('what is paid for is told of the whole execution, as far as anything is', () => {
  expect(paidFor(tracks)).toEqual(['9,460 tokens', '$0.42']);
  expect(paidFor(tracks.slice(0, 2))).toEqual([]);
});

test('amounts of money are told to the cent, small ones to two digits', () => {
  expect([0, 1_204.5, 12.345, 0.42, 0.0042, 0.000_000_15].map(formatCost)).toEqual([
    '$0.00',
    '$1,204.50',
    '$12.35',
    '$0.42',
    '$0.0042',
    '$0.00000015',
  ]);
});

test('CPU is a length of time, memory a size', () => {
  expect([formatUsed('cpu', 12.5), formatUsed('memory', 2_048)]).toEqual(['12.5 s', '2 KiB']);
});
