// How many messages a receiver takes: so many at once, and so many a second in the long run.

export interface BucketLimit {
  /** Above 0. */
  readonly perSecond: number;
  /** From 1. */
  readonly burst: number;
}

export interface TokenBucket {
  readonly tokens: number;
  readonly refilledMs: number;
}

export const fullBucket = ({ burst }: BucketLimit, nowMs: number): TokenBucket => ({ tokens: burst, refilledMs: nowMs });

/**
 * Takes one token if it is there, after refilling for the time that passed.
 *
 *   B1  0 <= tokens <= burst, always
 *   B2  over any span of t ms, at most burst + t * perSecond / 1000 are taken
 *   B3  a refusal takes nothing, and says how long it is until there is one, ms
 *   B4  a clock that stepped back refills nothing
 */
export function takeToken(
  bucket: TokenBucket,
  limit: BucketLimit,
  nowMs: number,
): { readonly bucket: TokenBucket; readonly waitMs: number } {
  const passedMs = Math.max(0, nowMs - bucket.refilledMs);
  const tokens = Math.min(limit.burst, bucket.tokens + (passedMs * limit.perSecond) / 1000);
  // A token is there when all of it but what rounding takes is.
  if (tokens > 1 - 1e-6) return { bucket: { tokens: Math.max(0, tokens - 1), refilledMs: nowMs }, waitMs: 0 };
  return {
    bucket: { tokens, refilledMs: nowMs },
    waitMs: Math.max(1, Math.ceil(((1 - tokens) * 1000) / limit.perSecond - 1e-7)),
  };
}
