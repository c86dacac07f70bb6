import type { Durations, ListingStore } from '../listing-ports.ts';

const among = 20_000;

/** How long executions of each workflow took, of those that completed last. */
export function lookAtDurations({ listing }: { listing: Pick<ListingStore, 'durations'> }) {
  return async (namespace: string): Promise<{ workflows: Durations[]; lookedAt: number }> => ({
    workflows: await listing.durations(namespace, { among, runs: 200, limit: 200 }),
    lookedAt: among,
  });
}
