/** What a retention decision needs to know of a segment. */
export interface RetainedSegment {
  readonly sizeBytes: number;
  /** When its last batch was appended, by the log's clock. */
  readonly lastAppendMs: number;
}

export interface RetentionLimits {
  /** -1: for ever. */
  readonly retentionMs: number;
  /** Of one partition. -1: any size. */
  readonly retentionBytes: number;
}

/**
 * How many of the oldest segments go. Pure.
 *
 *   R1  by time: a segment goes when its last batch was appended more than `retentionMs` ago and all older ones go too. The time is
 *       that of the append, not the record's own: records imported with old timestamps are kept as long as any others
 *   R2  by size: a segment goes while the younger ones alone still have `retentionBytes` or more, so at least that much is kept
 */
export function expiredSegments(segments: readonly RetainedSegment[], limits: RetentionLimits, nowMs: number): number {
  let left = segments.reduce((sum, segment) => sum + segment.sizeBytes, 0);
  const kept = segments.findIndex((segment) => {
    left -= segment.sizeBytes;
    const tooOld = limits.retentionMs >= 0 && nowMs - segment.lastAppendMs > limits.retentionMs;
    const tooMuch = limits.retentionBytes >= 0 && left >= limits.retentionBytes;
    return !tooOld && !tooMuch;
  });
  return kept === -1 ? segments.length : kept;
}
