import { Problem } from '@tmws/problems';
import { executionStatuses, parseQuery, type QueryTerm } from '../domain/query/query.ts';
import { QueryFault } from '../domain/query/query-words.ts';
import type { ExecutionFilter } from '../listing-ports.ts';

export interface FilterRequest {
  readonly q: string;
  readonly workflow: string;
  readonly statuses: readonly string[];
  /** 0 = any. */
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

export const anyExecution: FilterRequest = { q: '', workflow: '', statuses: [], fromNs: 0n, toNs: 0n };

/** Which executions are asked for. @throws Problem `invalid` that names the parameter, and in `q` the place */
export function readFilter(namespace: string, request: FilterRequest, nowNs: bigint): ExecutionFilter {
  const wrong = request.statuses.find((status) => !executionStatuses.some((known) => known === status));
  if (wrong !== undefined)
    throw new Problem('invalid', `status must be one of ${executionStatuses.join(', ')} (got ${JSON.stringify(wrong)})`, {
      field: 'status',
    });
  return {
    namespace,
    terms: readTerms(request.q, nowNs),
    workflow: request.workflow || undefined,
    statuses: request.statuses,
    fromNs: request.fromNs || undefined,
    toNs: request.toNs || undefined,
    nowNs,
  };
}

function readTerms(q: string, nowNs: bigint): QueryTerm[] {
  // No text of a database holds it.
  const nul = q.indexOf('\0');
  if (nul >= 0) {
    throw new Problem('invalid', `q at ${nul + 1}: a query has no NUL characters`, {
      field: 'q',
      position: { start: nul, end: nul + 1 },
    });
  }
  try {
    return parseQuery(q, nowNs);
  } catch (error) {
    if (!(error instanceof QueryFault)) throw error;
    const { place, message } = error;
    throw new Problem('invalid', `q at ${place.start + 1}: ${message}`, { field: 'q', position: { ...place }, cause: error });
  }
}
