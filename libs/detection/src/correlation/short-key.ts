import { createHash } from 'node:crypto';

/** Texts as one key of at most 200 characters without control characters: a long one by its beginning and the hash of the whole. */
export function shortKey(texts: readonly string[]): string {
  const whole = JSON.stringify(texts);
  if (whole.length <= 200) return whole;
  return `${whole.slice(0, 130).toWellFormed()}…${createHash('sha256').update(whole).digest('hex')}`;
}
