import fc from 'fast-check';
import { type BucketLimit, fullBucket, takeToken, type TokenBucket } from './token-bucket.ts';

const limit: BucketLimit = { perSecond: 1, burst: 5 };

test('five go at once, then one a second', () => {
  let bucket = fullBucket(limit, 0);
  const waits = [0, 0, 0, 0, 0, 0, 999, 1_000, 1_000].map((nowMs) => {
    const taken = takeToken(bucket, limit, nowMs);
    ({ bucket } = taken);
    return taken.waitMs;
  });
  expect(waits).toEqual([0, 0, 0, 0, 0, 1_000, 1, 0, 1_000]);
});

const limits = fc.record({
  perSecond: fc.double({ min: 0.01, max: 1000, noNaN: true }),
  burst: fc.integer({ min: 1, max: 100 }),
});
const steps = fc.array(fc.integer({ min: -1_000, max: 10_000 }), { maxLength: 100 });

test('B1 to B4: never more than the burst and what the time brings, whatever the clock does', () => {
  fc.assert(
    fc.property(limits, steps, (given, moves) => {
      let bucket: TokenBucket = fullBucket(given, 0);
      let [nowMs, forwardMs, taken] = [0, 0, 0];
      for (const move of moves) {
        nowMs += move;
        forwardMs += Math.max(0, move);
        const next = takeToken(bucket, given, nowMs);
        expect(next.bucket.tokens).toBeGreaterThanOrEqual(0);
        expect(next.bucket.tokens).toBeLessThanOrEqual(given.burst);
        if (next.waitMs === 0) taken++;
        else expect(next.bucket.tokens).toBeGreaterThanOrEqual(Math.min(bucket.tokens, given.burst));
        ({ bucket } = next);
      }
      expect(taken).toBeLessThanOrEqual(given.burst + (forwardMs * given.perSecond) / 1000 + 1e-6);
    }),
  );
});

test('B3: after the wait that it names there is a token', () => {
  fc.assert(
    fc.property(limits, (given) => {
      let bucket = fullBucket(given, 0);
      for (let i = 0; i < given.burst; i++) ({ bucket } = takeToken(bucket, given, 0));
      const { waitMs, bucket: left } = takeToken(bucket, given, 0);
      expect(takeToken(left, given, waitMs).waitMs).toBe(0);
    }),
  );
});
