import { createHmac, timingSafeEqual } from 'node:crypto';

/** A request that is older, or younger, may be one that somebody kept. Source: docs.slack.dev, "Verifying requests from Slack". */
const mostOffMs = 5 * 60_000;

export interface SignedRequest {
  readonly body: Uint8Array;
  /** `X-Slack-Request-Timestamp`: seconds since the epoch. */
  readonly timestamp: string;
  /** `X-Slack-Signature`: `v0=` and 64 hex digits. */
  readonly signature: string;
}

/** The first of the apps whose secret signed the request within five minutes of now; undefined: none did. */
export function signedBy<App extends { readonly signingSecret: string }>(
  { body, timestamp, signature }: SignedRequest,
  apps: readonly App[],
  nowMs: number,
): App | undefined {
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(Number(timestamp) * 1000 - nowMs) > mostOffMs) return undefined;
  if (!/^v0=[0-9a-f]{64}$/.test(signature)) return undefined;
  const given = Buffer.from(signature.slice(3), 'hex');
  return apps.find(({ signingSecret }) => {
    if (signingSecret === '') return false;
    const own = createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(body).digest();
    return timingSafeEqual(own, given);
  });
}
