import { Problem } from '@tmws/problems';
import type { Clock, ExecutionQuery, ExecutionRecord, ExecutionStore } from '../ports.ts';

export interface ListRequest {
  readonly workflow: string;
  readonly statuses: readonly string[];
  readonly fromNs: bigint;
  readonly toNs: bigint;
  readonly q: string;
  readonly sort: string;
  readonly limit: number;
  readonly cursor: string;
}

const sorts = ['startedAt', 'duration', 'changed'] as const;
const statuses = ['planned', 'running', 'completed', 'failed', 'cancelled', 'timed_out', 'unknown'];
const maxLimit = 500;

/** A page of executions, with the revision to watch from so that nothing is missed. */
export function listExecutions({ store, clock }: { store: ExecutionStore; clock: Clock }) {
  return async (
    namespace: string,
    request: ListRequest,
  ): Promise<{ items: ExecutionRecord[]; nextCursor: string; revision: bigint }> => {
    const wrong = request.statuses.find((status) => !statuses.includes(status));
    if (wrong !== undefined)
      throw new Problem('invalid', `status must be one of ${statuses.join(', ')} (got ${JSON.stringify(wrong)})`, {
        field: 'status',
      });
    if (request.limit > maxLimit)
      throw new Problem('invalid', `limit must be 1 to ${maxLimit} (got ${request.limit})`, { field: 'limit' });
    const { sort, descending } = parseSort(request.sort);
    const cursor = request.cursor === '' ? undefined : parseCursor(request.cursor, request.sort);
    const query: ExecutionQuery = {
      namespace,
      workflow: request.workflow || undefined,
      statuses: request.statuses,
      fromNs: request.fromNs || undefined,
      toNs: request.toNs || undefined,
      text: request.q || undefined,
      sort,
      descending,
      limit: request.limit || 50,
      after: cursor?.after,
      nowNs: cursor?.nowNs ?? BigInt(clock()) * 1_000_000n,
    };
    const revision = await store.latestRevision();
    const found = await store.list({ ...query, limit: query.limit + 1 });
    const page = found.slice(0, query.limit);
    const last = found.length > query.limit ? page.at(-1) : undefined;
    return {
      items: page.map(({ record }) => record),
      nextCursor: last === undefined ? '' : cursorOf(request.sort, query.nowNs, last.value, last.record.id),
      revision,
    };
  };
}

function parseSort(given: string): { sort: ExecutionQuery['sort']; descending: boolean } {
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
