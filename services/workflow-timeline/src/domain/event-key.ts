import { hash } from 'node:crypto';
import type { Stamp } from './fact.ts';

/** What makes an event the same event: the first 16 bytes of SHA-256 over namespace, source and id, as hex. */
export function eventKeyOf(namespace: string, { source, id }: Stamp): string {
  return hash('sha256', JSON.stringify([namespace, source, id])).slice(0, 32);
}
