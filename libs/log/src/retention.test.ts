import fc from 'fast-check';
import { expiredSegments } from './retention.ts';

const segment = fc.record({ sizeBytes: fc.nat(1000), lastAppendMs: fc.nat(1000) });

test('R1: the segments that go by time are the oldest ones, as far as all of them are too old', () => {
  fc.assert(
    fc.property(fc.array(segment), fc.nat(1000), (segments, retentionMs) => {
      const count = expiredSegments(segments, { retentionMs, retentionBytes: -1 }, 1000);
      expect(segments.slice(0, count).every((one) => 1000 - one.lastAppendMs > retentionMs)).toBe(true);
      const next = segments[count];
      if (next !== undefined) expect(1000 - next.lastAppendMs).toBeLessThanOrEqual(retentionMs);
    }),
  );
});

test('R2: as many go by size as leave the size that is to be kept', () => {
  fc.assert(
    fc.property(fc.array(segment), fc.nat(3000), (segments, retentionBytes) => {
      const size = (from: number): number => segments.slice(from).reduce((sum, one) => sum + one.sizeBytes, 0);
      const count = expiredSegments(segments, { retentionMs: -1, retentionBytes }, 0);
      if (count > 0) expect(size(count)).toBeGreaterThanOrEqual(retentionBytes);
      if (count < segments.length) expect(size(count + 1)).toBeLessThan(retentionBytes);
    }),
  );
});

test('nothing goes when both limits are -1', () => {
  expect(expiredSegments([{ sizeBytes: 1, lastAppendMs: 0 }], { retentionMs: -1, retentionBytes: -1 }, 1e15)).toBe(0);
});
