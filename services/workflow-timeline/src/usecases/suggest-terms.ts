import { type Completion, fixedCompletions, keyCompletions, unfinishedAt } from '../domain/query/query-completion.ts';
import { parseQuery } from '../domain/query/query.ts';
import { type Place, QueryFault, quoted } from '../domain/query/query-words.ts';
import type { ListingStore, ValueKey } from '../listing-ports.ts';
import type { Clock } from '../ports.ts';

const looked = { among: 20_000, limit: 20 };

export interface Suggestions {
  /** What a choice replaces. */
  readonly place: Place;
  readonly items: readonly (Completion & { readonly count?: number })[];
  readonly fault: QueryFault | undefined;
}

/** How a query may go on at the cursor, and what is wrong with it as it stands. */
export function suggestTerms({ listing, clock }: { listing: Pick<ListingStore, 'values'>; clock: Clock }) {
  return async (namespace: string, q: string, cursor: number): Promise<Suggestions> => {
    const unfinished = unfinishedAt(q, cursor);
    const { place, prefix } = unfinished;
    const fault = faultOf(q, BigInt(clock()) * 1_000_000n);
    if (unfinished.of === 'key') return { place, items: keyCompletions(prefix), fault };
    const fixed = fixedCompletions(unfinished.key, prefix);
    if (fixed !== undefined) return { place, items: fixed, fault };
    const key = lookedUp.find((each) => each === unfinished.key);
    const found = key === undefined || prefix.includes('\0') ? [] : await listing.values(namespace, key, prefix, looked);
    return { place, items: found.map(({ value, count }) => ({ text: quoted(value), note: '', count })), fault };
  };
}

const lookedUp: readonly ValueKey[] = ['workflow', 'version', 'name', 'id', 'parent', 'origin', 'error', 'message', 'failed-at'];

function faultOf(q: string, nowNs: bigint): QueryFault | undefined {
  try {
    parseQuery(q, nowNs);
    return undefined;
  } catch (error) {
    if (error instanceof QueryFault) return error;
    throw error;
  }
}
