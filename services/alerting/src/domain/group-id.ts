import { Fnv1a64 } from './fingerprint.ts';

/**
 * 16 hex digits that name the group of a route.
 *
 *   D1  the same route and labels have the same name for ever: also after the group was forgotten and came again, and in any process
 */
export function groupIdOf(routeId: string, groupKey: string): string {
  const hash = new Fnv1a64();
  hash.text(routeId);
  hash.byte(0xff);
  hash.text(groupKey);
  return hash.hex();
}
