import { createHash } from 'node:crypto';

/** The import of a content into a namespace: the same again is the same import. */
export function importIdOf(namespace: string, contentSha256: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([namespace, contentSha256]))
    .digest('hex');
  return `imp-${digest.slice(0, 16)}`;
}
