import { Problem } from '@tmws/problems';
import type { ExecutionPage, ListingStore } from '../listing-ports.ts';
import type { Clock, ExecutionRecord, ExecutionStore } from '../ports.ts';
import { type FilterRequest, readFilter } from './read-filter.ts';

export interface ListRequest extends FilterRequest {
  readonly sort: string;
  readonly limit: number;
  readonly cursor: string;
}

const sorts = ['startedAt', 'duration', 'changed'] as const;
const maxLimit = 500;
/** By duration there is no index: all in the range of time are read. */
const sortsUnindexed = 200_000;

interface ListNeeds {
  readonly store: Pick<ExecutionStore, 'latestRevision'>;
  readonly listing: Pick<ListingStore, 'list' | 'extent'>;
  readonly clock: Clock;
}

/** A page of executions, with the revision to watch from so that nothing is missed. */
export function listExecutions({ store, listing, clock }: ListNeeds) {
  return async (
    namespace: string,
    request: ListRequest,
  ): Promise<{ items: ExecutionRecord[]; nextCursor: string; revision: bigint }> => {
    if (request.limit > maxLimit)
      throw new Problem('invalid', `limit must be 1 to ${maxLimit} (got ${request.limit})`, { field: 'limit' });
    const { sort, descending } = parseSort(request.sort);
    const cursor = request.cursor === '' ? undefined : parseCursor(request.cursor, request.sort);
    const nowNs = cursor?.nowNs ?? BigInt(clock()) * 1_000_000n;
    const limit = request.limit || 50;
    const filter = readFilter(namespace, request, nowNs);
    if (sort === 'duration' && (await listing.extent(filter, sortsUnindexed)).count > sortsUnindexed) {
      throw new Problem(
        'invalid',
        `sort by duration takes at most ${sortsUnindexed} executions in the range of time; narrow it with from, to or started:`,
        { field: 'sort' },
      );
    }
    const revision = await store.latestRevision();
    const found = await listing.list({ filter, sort, descending, limit: limit + 1, after: cursor?.after });
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return {
      items: page.map(({ record }) => record),
      nextCursor: last === undefined ? '' : cursorOf(request.sort, nowNs, last.value, last.record.id),
      revision,
    };
  };
}

function parseSort(given: string): { sort: ExecutionPage['sort']; descending: boolean } {
  const name = given === '' ? '-startedAt' : given;
  const sort = sorts.find((known) => known === name.replace(/^-/, ''));
  if (sort !== undefined) return { sort, descending: name.startsWith('-') };
  throw new Problem(
    'invalid',
    `sort must be one of ${sorts.flatMap((known) => [known, `-${known}`]).join(', ')} (got ${JSON.stringify(given.slice(0, 40))})`,
    { field: 'sort' },
  );
}

function cursorOf(sort: string, nowNs: bigint, value: bigint, id: string): string {
  return Buffer.from(JSON.stringify([sort, String(nowNs), String(value), id])).toString('base64url');
}

function parseCursor(cursor: string, sort: string): { after: { value: bigint; id: string }; nowNs: bigint } {
  try {
    const [sorted, nowNs, value, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as string[];
    if (sorted !== sort || nowNs === undefined || value === undefined || id === undefined) throw new RangeError('another list');
    return { after: { value: BigInt(value), id }, nowNs: BigInt(nowNs) };
  } catch (error) {
    throw new Problem('invalid', 'cursor is not one that this list gave; begin without a cursor', {
      field: 'cursor',
      cause: error,
    });
  }
}
