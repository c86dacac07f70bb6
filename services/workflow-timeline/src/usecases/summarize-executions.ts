import { createHash } from 'node:crypto';
import { type FailureGroup, groupFailures } from '../domain/failure-groups.ts';
import type { QueryTerm } from '../domain/query/query.ts';
import { quoted } from '../domain/query/query-words.ts';
import { type TimeBuckets, timeBuckets } from '../domain/time-buckets.ts';
import type { Counts, ExecutionFilter, FailedExecution, ListingStore } from '../listing-ports.ts';
import type { Clock } from '../ports.ts';
import { type FilterRequest, readFilter } from './read-filter.ts';

/** Up to so many executions in the range of time are looked at one by one; of more a sample of about so many is. */
const looksAtMost = 50_000;
const bucketsAtMost = 120;
const facetValues = 20;
const groupsAtMost = 20;
/** Of the latest failures in the range so many are looked at, and of those that match so many are grouped. */
const failures = { among: 20_000, limit: 5_000 };
/** What a step around others has is not looked for: it takes as long as the execution is large. */
const smallSteps = 2_000;
const examplesLookedAt = 3;

export interface NamedGroup extends Omit<FailureGroup, 'step'> {
  readonly fingerprint: string;
  readonly message: string;
  /** What they failed at, with * where names differ; empty where that is not known. */
  readonly step: string;
  readonly q: string;
}

export interface Summary extends Counts {
  readonly terms: readonly QueryTerm[];
  /** Counts are of a sample, scaled up. */
  readonly estimated: boolean;
  readonly histogram: TimeBuckets | undefined;
  readonly groups: readonly NamedGroup[];
  readonly failuresGrouped: number;
  readonly moreFailures: boolean;
  /** When none match; -1 = more than are looked at. */
  readonly without: { readonly atAnyTime: number; readonly inNamespace: number } | undefined;
}

/** How many executions match, by what they are and when they started, and what their failures share. */
export function summarizeExecutions({ listing, clock }: { listing: ListingStore; clock: Clock }) {
  return async (namespace: string, request: FilterRequest): Promise<Summary> => {
    const filter = readFilter(namespace, request, BigInt(clock()) * 1_000_000n);
    const [counted, failed] = await Promise.all([countAll(listing, filter), listing.failures(filter, oneMore)]);
    const grouped = failed.slice(0, failures.limit);
    return {
      ...counted,
      terms: filter.terms,
      groups: await nameGroups(listing, grouped),
      failuresGrouped: grouped.length,
      moreFailures: failed.length > grouped.length,
      without: counted.total === 0 && !counted.estimated ? await countWithout(listing, filter) : undefined,
    };
  };
}

const oneMore = { among: failures.among, limit: failures.limit + 1 };
const nothing: Counts = { total: 0, facets: [], buckets: [] };

async function countAll(listing: ListingStore, filter: ExecutionFilter) {
  const { count, firstNs, lastNs } = await listing.extent(filter, looksAtMost);
  if (firstNs === undefined || lastNs === undefined) return { ...nothing, estimated: false, histogram: undefined };
  const histogram = timeBuckets(firstNs, lastNs + 1n, bucketsAtMost);
  const estimated = count > looksAtMost;
  const share = estimated ? Math.min(1, looksAtMost / Math.max(count, await listing.size())) : 1;
  const counts = await listing.count(filter, histogram, { share, most: facetValues });
  return { ...scaled(counts, 1 / share), estimated, histogram };
}

function scaled(counts: Counts, by: number): Counts {
  const scale = <T extends { readonly count: number }>(each: T): T => ({ ...each, count: Math.round(each.count * by) });
  return {
    total: Math.round(counts.total * by),
    facets: counts.facets.map((facet) => ({ ...facet, values: facet.values.map(scale) })),
    buckets: counts.buckets.map(scale),
  };
}

async function nameGroups(listing: ListingStore, failed: readonly FailedExecution[]): Promise<NamedGroup[]> {
  const groups = groupFailures(failed).slice(0, groupsAtMost);
  const byId = new Map(failed.map((each) => [each.id, each]));
  const examplesOf = ({ examples }: FailureGroup): FailedExecution[] =>
    examples
      .slice(0, examplesLookedAt)
      .flatMap((id) => byId.get(id) ?? [])
      .filter(({ stepCount }) => stepCount <= smallSteps);
  // Executions that were recorded before their rows said what failed first.
  const unnamed = groups.filter(({ step }) => step.join('') === '');
  const steps = await listing.failedSteps(unnamed.flatMap(examplesOf));
  return groups.map((group) => {
    const names = new Set(
      unnamed.includes(group) ? examplesOf(group).map(({ no }) => steps.get(no) ?? '') : [group.step.join('*')],
    );
    const [step = ''] = names;
    const key = JSON.stringify([group.step, group.errorType, group.pieces]);
    return {
      ...group,
      fingerprint: createHash('sha256').update(key).digest('hex').slice(0, 16),
      message: group.pieces.join('*'),
      step: names.size === 1 ? step : '',
      q: queryOf(group),
    };
  });
}

/** The query that finds the group: its step, its error, and what its messages share. */
function queryOf({ statuses, step, errorType, pieces }: FailureGroup): string {
  const [message, name] = [pieces, step].map((some) =>
    some.map((piece) => piece.replaceAll(/["\\*]/g, String.raw`\$&`)).join('*'),
  );
  return [
    `status:${statuses.join(',')}`,
    step.length > 1 ? `failed-at:"${name}"` : step[0] === '' ? '-failed-at:*' : `failed-at:${quoted(step[0] ?? '')}`,
    errorType === '' ? '-error:*' : `error:${quoted(errorType)}`,
    ...(message === '' ? (errorType === '' ? ['-message:*'] : []) : [`message:"${message}"`]),
  ].join(' ');
}

async function countWithout(listing: ListingStore, filter: ExecutionFilter) {
  const { namespace, nowNs } = filter;
  const whole: ExecutionFilter = {
    namespace,
    nowNs,
    terms: [],
    workflow: undefined,
    statuses: [],
    fromNs: undefined,
    toNs: undefined,
  };
  const atAnyTime = {
    ...filter,
    fromNs: undefined,
    toNs: undefined,
    terms: filter.terms.filter(({ test }) => test.on !== 'started'),
  };
  const { count } = await listing.extent(whole, looksAtMost);
  const [any, inNamespace] = [await countAll(listing, atAnyTime), count > looksAtMost ? -1 : count];
  return { atAnyTime: any.estimated ? -1 : any.total, inNamespace };
}
