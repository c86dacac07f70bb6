// Secrets: how they are made, kept and compared. What is kept is SHA-256: of 32 random bytes nobody finds a preimage by trying, so a slow
// hash, which is for passwords people think up, would only cost time.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** An API key: `tmws_` + 8 hex digits that may be shown + `_` + 32 random bytes in base64url. */
export interface ApiKey {
  /** Names the key everywhere; no secret. */
  readonly prefix: string;
  /** The whole text; shown once, to who made it. */
  readonly key: string;
}

export function newApiKey(random: (bytes: number) => Buffer = randomBytes): ApiKey {
  const prefix = `tmws_${random(4).toString('hex')}`;
  return { prefix, key: `${prefix}_${random(32).toString('base64url')}` };
}

/** The prefix of what has the form of an API key. */
export function prefixOfKey(text: string): string | undefined {
  return /^(tmws_[0-9a-f]{8})_[\w-]{43}$/.exec(text)?.[1];
}

/** A secret without a form: of a session, of a service. */
export function newSecret(random: (bytes: number) => Buffer = randomBytes): string {
  return random(32).toString('base64url');
}

/** What is kept of a secret. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Whether the secret is the one whose hash is kept, in a time that tells nothing of it. */
export function matches(secret: string, hash: Uint8Array): boolean {
  return hash.length === 32 && timingSafeEqual(hashOf(secret), hash);
}

/** Whether two secrets are the same, in a time that tells nothing of either. */
export function sameSecret(one: string, other: string): boolean {
  return timingSafeEqual(hashOf(one), hashOf(other));
}
