import type { Failure } from './domain/failure-groups.ts';
import type { QueryTerm } from './domain/query/query.ts';
import type { TimeBuckets } from './domain/time-buckets.ts';
import type { ExecutionRecord } from './ports.ts';

/** Which executions of a namespace. All parts hold. */
export interface ExecutionFilter {
  readonly namespace: string;
  readonly terms: readonly QueryTerm[];
  readonly workflow: string | undefined;
  /** Empty: any. */
  readonly statuses: readonly string[];
  readonly fromNs: bigint | undefined;
  readonly toNs: bigint | undefined;
  /** Running executions are measured to here. */
  readonly nowNs: bigint;
}

export interface ExecutionPage {
  readonly filter: ExecutionFilter;
  readonly sort: 'startedAt' | 'duration' | 'changed';
  readonly descending: boolean;
  readonly limit: number;
  /** The last item of the page before: its sort value and id. */
  readonly after: { readonly value: bigint; readonly id: string } | undefined;
}

/** How many executions lie in the filter's range of time, whatever else it asks. */
export interface Extent {
  /** At most one more than was asked for. */
  readonly count: number;
  /** The first and the last start; undefined when there is none. */
  readonly firstNs: bigint | undefined;
  readonly lastNs: bigint | undefined;
}

/** What executions may be counted by, as the query language calls it. */
export type FacetKey = 'status' | 'workflow' | 'version' | 'origin' | 'error' | 'failed-at';

export interface Counts {
  readonly total: number;
  readonly facets: readonly {
    readonly key: FacetKey;
    readonly values: readonly { readonly value: string; readonly count: number }[];
    /** How many values there are in all. */
    readonly distinct: number;
  }[];
  readonly buckets: readonly { readonly at: number; readonly status: string; readonly count: number }[];
}

/** A failed execution, with where its steps lie. */
export interface FailedExecution extends Failure {
  readonly no: bigint;
  readonly bucket: number;
  readonly stepCount: number;
}

export interface Durations {
  readonly workflow: string;
  readonly runs: number;
  readonly p50Ns: bigint;
  readonly p90Ns: bigint;
  readonly p95Ns: bigint;
  readonly maxNs: bigint;
}

/** Executions in lists. */
export interface ListingStore {
  /** With the value each item was sorted by. */
  list(page: ExecutionPage): Promise<{ record: ExecutionRecord; value: bigint }[]>;
  /** Counts no further than `most`. */
  extent(filter: ExecutionFilter, most: number): Promise<Extent>;
  /** About how many executions the store holds, of all namespaces: what it last counted when it tidied up. */
  size(): Promise<number>;
  /**
   * Counts those that match.
   *
   * @param share  looks at this share of the store's blocks only, more than 0 to 1, always the same ones; counts are not scaled
   * @param most   values of a facet, the most frequent first
   */
  count(filter: ExecutionFilter, buckets: TimeBuckets, options: { share: number; most: number }): Promise<Counts>;
  /** Those that match among the latest `among` of all failures in the filter's range of time, the latest first. */
  failures(filter: ExecutionFilter, options: { among: number; limit: number }): Promise<FailedExecution[]>;
  /** By execution number: the step that failed first and stayed so. */
  failedSteps(executions: readonly FailedExecution[]): Promise<Map<bigint, string>>;
  /** Of each workflow among the newest `among` executions: of its last `runs` completed ones. */
  durations(namespace: string, options: { among: number; runs: number; limit: number }): Promise<Durations[]>;
  /** Values of a key that begin so, in any case, among the newest `among` executions, the most frequent first. */
  values(
    namespace: string,
    key: ValueKey,
    prefix: string,
    options: { among: number; limit: number },
  ): Promise<{ value: string; count: number }[]>;
}

/** Keys whose values are looked up. */
export type ValueKey = Exclude<FacetKey, 'status'> | 'name' | 'id' | 'parent' | 'message';
