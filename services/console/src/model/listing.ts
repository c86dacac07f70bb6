// What the server counted of the executions that match, as the page draws it.
import type { GetDurationsResponseJson, SummarizeResponseJson } from '@tmws/contracts/listing';

export interface Facet {
  key: string;
  values: readonly { value: string; count: number }[];
  otherValues: number;
  others: number;
}

export interface FailureGroup {
  fingerprint: string;
  errorType: string;
  message: string;
  step: string;
  count: number;
  firstMs: number;
  lastMs: number;
  q: string;
}

export interface Histogram {
  fromMs: number;
  bucketMs: number;
  buckets: number;
  series: readonly { status: string; counts: readonly number[] }[];
  /** The fullest bucket. */
  most: number;
}

export interface Summary {
  total: number;
  estimated: boolean;
  terms: readonly { start: number; end: number }[];
  facets: readonly Facet[];
  histogram: Histogram | undefined;
  groups: readonly FailureGroup[];
  failuresGrouped: number;
  moreFailures: boolean;
  /** When none match; -1 = many. */
  atAnyTime: number | undefined;
  inNamespace: number | undefined;
}

const ms = (ns = '0'): number => Number(BigInt(ns)) / 1e6;

export function readSummary(json: SummarizeResponseJson): Summary {
  return {
    total: Number(json.total ?? 0),
    estimated: json.estimated ?? false,
    terms: (json.terms ?? []).map(({ start = 0, end = 0 }) => ({ start, end })),
    facets: (json.facets ?? []).map(({ key = '', values = [], otherValues = 0, others = '0' }) => ({
      key,
      values: values.map(({ value = '', count = '0' }) => ({ value, count: Number(count) })),
      otherValues,
      others: Number(others),
    })),
    histogram: readHistogram(json.histogram),
    groups: (json.groups ?? []).map((group) => ({
      fingerprint: group.fingerprint ?? '',
      errorType: group.errorType ?? '',
      message: group.message ?? '',
      step: group.step ?? '',
      count: group.count ?? 0,
      firstMs: ms(group.firstNs),
      lastMs: ms(group.lastNs),
      q: group.q ?? '',
    })),
    failuresGrouped: json.failuresGrouped ?? 0,
    moreFailures: json.moreFailures ?? false,
    atAnyTime: json.atAnyTime === undefined ? undefined : Number(json.atAnyTime),
    inNamespace: json.inNamespace === undefined ? undefined : Number(json.inNamespace),
  };
}

/** Failures lie at the bottom, where heights can be compared. */
const order = ['failed', 'timed_out', 'cancelled', 'running', 'planned', 'unknown', 'completed'];

function readHistogram(json: SummarizeResponseJson['histogram']): Histogram | undefined {
  if (json === undefined) return undefined;
  const buckets = json.buckets ?? 0;
  const series = (json.series ?? [])
    .map(({ status = '', counts = [] }) => ({ status, counts }))
    .toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  const sums = Array.from({ length: buckets }, (_, at) => series.reduce((sum, { counts }) => sum + (counts[at] ?? 0), 0));
  return { fromMs: ms(json.fromNs), bucketMs: ms(json.bucketNs), buckets, series, most: Math.max(1, ...sums) };
}

/** How long runs of a workflow took, ns. */
export interface History {
  runs: number;
  p50Ns: number;
  p90Ns: number;
  p95Ns: number;
}

/** By workflow. */
export function readDurations(json: GetDurationsResponseJson): ReadonlyMap<string, History> {
  return new Map(
    (json.workflows ?? []).map(({ workflow = '', runs = 0, p50Ns = '0', p90Ns = '0', p95Ns = '0' }) => [
      workflow,
      { runs, p50Ns: Number(p50Ns), p90Ns: Number(p90Ns), p95Ns: Number(p95Ns) },
    ]),
  );
}

/** "about 1.2 M", "5,120". */
export function formatTotal(count: number, estimated: boolean): string {
  if (!estimated) return count.toLocaleString('en');
  return `about ${count.toLocaleString('en', { notation: 'compact', maximumSignificantDigits: 2 })}`;
}
