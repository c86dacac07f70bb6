import type { ListingStore } from '../listing-ports.ts';
import type { Clock, ExecutionRecord } from '../ports.ts';
import { type FilterRequest, readFilter } from './read-filter.ts';

const pageSize = 500;

/**
 * All executions that match, newest first, page by page as they are taken: the memory is a page's, however many there are.
 * It is no one instant's picture: each page is what it is when it is read; what starts meanwhile is not among them.
 */
export function exportExecutions({ listing, clock }: { listing: Pick<ListingStore, 'list'>; clock: Clock }) {
  return async function* (namespace: string, request: FilterRequest, signal: AbortSignal): AsyncGenerator<ExecutionRecord[]> {
    const filter = readFilter(namespace, request, BigInt(clock()) * 1_000_000n);
    let after: { value: bigint; id: string } | undefined;
    do {
      const found = await listing.list({ filter, sort: 'startedAt', descending: true, limit: pageSize + 1, after });
      const page = found.slice(0, pageSize);
      const last = found.length > pageSize ? page.at(-1) : undefined;
      if (page.length > 0) yield page.map(({ record }) => record);
      after = last && { value: last.value, id: last.record.id };
    } while (after !== undefined && !signal.aborted);
  };
}
