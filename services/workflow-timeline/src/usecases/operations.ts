import { Problem } from '@tmws/problems';
import type { After, ImportFiles, Operation, Operations, OperationStatus } from '../import-ports.ts';
import type { Clock } from '../ports.ts';

interface Needs {
  readonly operations: Operations;
  readonly files: ImportFiles;
  readonly clock: Clock;
  readonly owner: string;
}

const statuses: readonly string[] = ['queued', 'running', 'done', 'failed', 'cancelled'] satisfies OperationStatus[];
const maxLimit = 500;

export function hasEnded({ status }: Operation): boolean {
  return status !== 'queued' && status !== 'running';
}

/** Looking at long work, and ending it. */
export function lookAtOperations({ operations, files, clock, owner }: Needs) {
  const get = async (namespace: string, id: string): Promise<Operation> => {
    const operation = await operations.find(namespace, id);
    if (operation === undefined)
      throw new Problem('not_found', `there is no operation ${JSON.stringify(id.slice(0, 80))} in this namespace`);
    return operation;
  };
  return {
    get,

    async list(namespace: string, request: { statuses: readonly string[]; limit: number; cursor: string }) {
      const wrong = request.statuses.find((status) => !statuses.includes(status));
      if (wrong !== undefined)
        throw new Problem('invalid', `status must be one of ${statuses.join(', ')} (got ${JSON.stringify(wrong.slice(0, 40))})`, {
          field: 'status',
        });
      return await pageOf(
        request,
        ({ createdMs, id }: Operation) => ({ ms: createdMs, id }),
        (limit, after) => operations.list(namespace, request.statuses, limit, after),
      );
    },

    /** Ends one. One that somebody works on ends in a moment. @throws Problem `precondition` when it has ended */
    async cancel(namespace: string, id: string): Promise<Operation> {
      const { again } = await get(namespace, id);
      const canceller = `${owner}/cancel`;
      const whose = await operations.cancel(canceller, namespace, id);
      if (whose === 'mine') {
        if (!again) await files.drop(id);
        await operations.end(canceller, id, 'cancelled', clock());
      }
      const now = await get(namespace, id);
      if (whose === false)
        throw new Problem('precondition', `the operation is ${now.status}; only what is queued or running can be cancelled`);
      return now;
    },
  };
}

/** A page of a list, newest first, with the cursor of the next; empty at the end. @throws Problem `invalid` */
export async function pageOf<T>(
  request: { readonly limit: number; readonly cursor: string },
  placeOf: (item: T) => After,
  find: (limit: number, after: After | undefined) => Promise<T[]>,
): Promise<{ items: T[]; nextCursor: string }> {
  if (request.limit > maxLimit)
    throw new Problem('invalid', `limit must be 1 to ${maxLimit} (got ${request.limit})`, { field: 'limit' });
  const limit = request.limit || 50;
  const found = await find(limit + 1, request.cursor === '' ? undefined : placeOfCursor(request.cursor));
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  return { items, nextCursor: last === undefined ? '' : cursorOf(placeOf(last)) };
}

function cursorOf({ ms, id }: After): string {
  return Buffer.from(JSON.stringify([ms, id])).toString('base64url');
}

function placeOfCursor(cursor: string): After {
  try {
    const [ms, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[];
    if (typeof ms === 'number' && Number.isSafeInteger(ms) && typeof id === 'string' && !id.includes('\0')) return { ms, id };
  } catch {
    // Said below.
  }
  throw new Problem('invalid', 'cursor is not one that this list gave; begin without a cursor', { field: 'cursor' });
}
