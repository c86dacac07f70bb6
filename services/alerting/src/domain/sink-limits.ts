// How many messages a kind of receiver takes, where its file does not say.
import type { BucketLimit } from './token-bucket.ts';

/**
 * Slack: about one message a second to a channel, short bursts allowed (docs.slack.dev, "Rate limits"). Mail: what a shared relay takes
 * without greylisting. What is not here has no limit.
 */
const limits: Readonly<Record<string, BucketLimit>> = {
  slack: { perSecond: 1, burst: 5 },
  slack_bot: { perSecond: 1, burst: 5 },
  email: { perSecond: 10, burst: 50 },
  sendgrid: { perSecond: 10, burst: 50 },
};

/** @param own  `rate_limit` of the integration; what it does not say is as its kind has it */
export function limitOf(
  kind: string,
  own: { readonly per_second?: number; readonly burst?: number } | undefined,
): BucketLimit | undefined {
  const known = limits[kind];
  if (own === undefined) return known;
  const perSecond = own.per_second ?? known?.perSecond;
  if (perSecond === undefined) return undefined;
  return { perSecond, burst: Math.max(1, own.burst ?? known?.burst ?? Math.ceil(perSecond)) };
}
