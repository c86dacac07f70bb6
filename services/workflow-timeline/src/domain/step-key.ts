import { hash } from 'node:crypto';

/**
 * A step's identity: the first 32 hex digits of SHA-256 over the UTF-8 JSON `[path, stepId, iteration]`.
 * Two runs of one definition give a step the same key.
 */
export function stepKeyOf(path: readonly string[], stepId: string, iteration: number): string {
  return hash('sha256', JSON.stringify([path, stepId, iteration])).slice(0, 32);
}
