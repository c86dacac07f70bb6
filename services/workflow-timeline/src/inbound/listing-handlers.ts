import type { Handlers, ListingService } from '@tmws/contracts';
import type { exportExecutions } from '../usecases/export-executions.ts';
import type { lookAtDurations } from '../usecases/look-at-durations.ts';
import { spanAt } from '../usecases/look-at-execution.ts';
import { anyExecution, type FilterRequest } from '../usecases/read-filter.ts';
import type { suggestTerms } from '../usecases/suggest-terms.ts';
import type { Summary, summarizeExecutions } from '../usecases/summarize-executions.ts';
import type { Clock } from '../ports.ts';
import { executionMessage } from './messages.ts';

interface ListingHandlersOptions {
  readonly clock: Clock;
  readonly summarize: ReturnType<typeof summarizeExecutions>;
  readonly durations: ReturnType<typeof lookAtDurations>;
  readonly suggest: ReturnType<typeof suggestTerms>;
  readonly exported: ReturnType<typeof exportExecutions>;
}

/** ListingService over the use cases. */
export function listingHandlers(options: ListingHandlersOptions): Handlers<typeof ListingService.method> {
  const { clock, summarize, durations, suggest, exported } = options;
  const asked = (filter: FilterRequest | undefined): FilterRequest => filter ?? anyExecution;
  return {
    async summarize({ filter }, { caller }) {
      return summaryMessage(await summarize(caller.namespace, asked(filter)));
    },
    async getDurations(_request, { caller }) {
      const { workflows, lookedAt } = await durations(caller.namespace);
      return { workflows, lookedAt };
    },
    async suggest({ q, cursor }, { caller }) {
      const { place, items, fault } = await suggest(caller.namespace, q, cursor);
      return {
        ...place,
        items: [...items],
        ...(fault !== undefined && { fault: { ...fault.place, message: fault.message } }),
      };
    },
    async *export({ filter }, { caller, signal }) {
      for await (const records of exported(caller.namespace, asked(filter), signal)) {
        const asOfNs = BigInt(clock()) * 1_000_000n;
        yield { items: records.map((record) => executionMessage(record, spanAt(record, asOfNs))) };
      }
    },
  };
}

function summaryMessage(summary: Summary) {
  const { total, estimated, terms, facets, groups, failuresGrouped, moreFailures, without } = summary;
  return {
    total: BigInt(total),
    estimated,
    terms: terms.map(({ start, end, not, test }) => ({ start, end, not, key: test.on })),
    facets: facets.map(({ key, values, distinct }) => ({
      key,
      values: values.map(({ value, count }) => ({ value, count: BigInt(count) })),
      otherValues: Math.max(0, distinct - values.length),
      others: BigInt(
        Math.max(
          0,
          values.reduce((left, { count }) => left - count, total),
        ),
      ),
    })),
    ...(total > 0 && { histogram: histogramMessage(summary) }),
    groups: groups.map(({ errorType, examples, ...group }) => ({ ...group, errorType, exampleIds: [...examples] })),
    failuresGrouped,
    moreFailures,
    ...(without !== undefined && { atAnyTime: BigInt(without.atAnyTime), inNamespace: BigInt(without.inNamespace) }),
  };
}

function histogramMessage({ histogram, buckets }: Summary) {
  if (histogram === undefined) return undefined;
  const byStatus = Map.groupBy(buckets, ({ status }) => status);
  return {
    fromNs: histogram.fromNs,
    bucketNs: histogram.lengthNs,
    buckets: histogram.count,
    series: [...byStatus].toSorted().map(([status, some]) => {
      const counts = Array.from({ length: histogram.count }, () => 0);
      for (const { at, count } of some) counts[at] = (counts[at] ?? 0) + count;
      return { status, counts };
    }),
  };
}
