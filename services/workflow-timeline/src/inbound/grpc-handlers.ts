import type { Handlers, TimelineService } from '@tmws/contracts';
import { findBottlenecks } from '../domain/bottlenecks/bottlenecks.ts';
import type { listExecutions } from '../usecases/list-executions.ts';
import { findExecution, type lookAtExecution, spanAt, stepsLimit } from '../usecases/look-at-execution.ts';
import type { rebuild } from '../usecases/rebuild.ts';
import type { watchExecution, watchExecutions } from '../usecases/watch-executions.ts';
import type { Clock, ExecutionStore } from '../ports.ts';
import { answerHandlers } from './answer-handlers.ts';
import { bottlenecksMessage, stepLimit } from './bottleneck-messages.ts';
import { graphFormat, graphMessage } from './graph-messages.ts';
import { executionMessage, rowMessage, segmentMessage } from './messages.ts';

interface TimelineHandlersOptions {
  readonly store: ExecutionStore;
  readonly clock: Clock;
  readonly list: ReturnType<typeof listExecutions>;
  readonly look: ReturnType<typeof lookAtExecution>;
  readonly watchOne: ReturnType<typeof watchExecution>;
  readonly watchAll: ReturnType<typeof watchExecutions>;
  readonly rebuild: ReturnType<typeof rebuild>;
}

/** TimelineService over the use cases. */
export function timelineHandlers(options: TimelineHandlersOptions): Handlers<typeof TimelineService.method> {
  const { store, clock, list, look, watchOne, watchAll } = options;
  const nowNs = (): bigint => BigInt(clock()) * 1_000_000n;
  return {
    ...answerHandlers({ store, look, clock }),
    async listExecutions(request, { caller }) {
      const { items, nextCursor, revision } = await list(caller.namespace, request);
      const asOfNs = nowNs();
      return { items: items.map((record) => executionMessage(record, spanAt(record, asOfNs))), nextCursor, revision };
    },
    async getExecution({ id }, { caller }) {
      const record = await findExecution(store, { namespace: caller.namespace, id });
      return { execution: executionMessage(record, spanAt(record, nowNs())) };
    },
    async getTimeline({ id, fromNs, toNs }, { caller }) {
      const { record, asOfNs, span, rows, path } = await look({ namespace: caller.namespace, id });
      const critical = new Set(path.map(({ of }) => of?.stepKey));
      const messages = rows.map((row) => rowMessage(row, critical.has(row.step.stepKey)));
      const edges = rows.flatMap(({ bars }) =>
        bars.flatMap((bar) => [bar.readyNs ?? bar.queuedNs ?? bar.startNs ?? bar.endNs, bar.endNs]),
      );
      const known = edges.filter((ns) => ns !== undefined);
      const startNs = known.reduce((a, b) => (b < a ? b : a), span?.startNs ?? known[0] ?? asOfNs);
      const endNs = known.reduce((a, b) => (b > a ? b : a), span?.endNs ?? startNs);
      return {
        execution: executionMessage(record, span),
        asOfNs,
        startNs,
        endNs,
        rows: messages.filter(({ attempts }) => touches(attempts, fromNs, toNs, asOfNs)),
      };
    },
    async getCriticalPath({ id }, { caller }) {
      const { asOfNs, path } = await look({ namespace: caller.namespace, id }, stepsLimit);
      const nsByKind: Record<string, bigint> = {};
      for (const { kind, startNs, endNs } of path) nsByKind[kind] = (nsByKind[kind] ?? 0n) + endNs - startNs;
      const makespanNs = Object.values(nsByKind).reduce((sum, ns) => sum + ns, 0n);
      return { makespanNs, asOfNs, segments: path.map(segmentMessage), nsByKind };
    },
    async getBottlenecks({ id, limit }, { caller }) {
      const { asOfNs, span, rows, path } = await look({ namespace: caller.namespace, id });
      const makespanNs = span === undefined ? 0n : span.endNs - span.startNs;
      return bottlenecksMessage(findBottlenecks(rows, path, span, stepLimit(limit)), makespanNs, asOfNs);
    },
    async getGraph({ id, format }, { caller }) {
      const wanted = graphFormat(format);
      const { rows, path } = await look({ namespace: caller.namespace, id });
      return graphMessage(rows, new Set(path.map(({ of }) => of?.stepKey)), wanted);
    },
    async *watchExecution({ id, sinceRevision }, { caller, signal }) {
      for await (const { record, rows, asOfNs } of watchOne({ namespace: caller.namespace, id }, sinceRevision, signal)) {
        yield {
          execution: executionMessage(record, spanAt(record, asOfNs)),
          rows: rows.map((row) => rowMessage(row, false)),
          asOfNs,
        };
      }
    },
    async *watchExecutions({ sinceRevision }, { caller, signal }) {
      for await (const { records, deletedIds, revision } of watchAll(caller.namespace, sinceRevision, signal)) {
        const asOfNs = nowNs();
        yield { items: records.map((record) => executionMessage(record, spanAt(record, asOfNs))), deletedIds, revision };
      }
    },
    async *rebuild(_request, { signal }) {
      for await (const { done, total, gaps } of options.rebuild(signal)) yield { done, total, gaps: [...gaps] };
    },
  };
}

function touches(
  attempts: readonly { readyNs?: bigint; queuedNs?: bigint; startNs?: bigint; endNs?: bigint }[],
  fromNs: bigint,
  toNs: bigint,
  asOfNs: bigint,
): boolean {
  if (fromNs === 0n && toNs === 0n) return true;
  return attempts.some(({ readyNs, queuedNs, startNs, endNs }) => {
    const begin = readyNs ?? queuedNs ?? startNs ?? endNs;
    return begin !== undefined && (toNs === 0n || begin < toNs) && (endNs ?? asOfNs) >= fromNs;
  });
}
