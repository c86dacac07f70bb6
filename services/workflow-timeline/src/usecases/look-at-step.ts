import { Problem } from '@tmws/problems';
import { findBottlenecks, type StepDrag, type StragglerDrag } from '../domain/bottlenecks/bottlenecks.ts';
import type { Span } from '../domain/execution.ts';
import type { StepFact } from '../domain/fact.ts';
import { type KeptValue, type StepData, stepDataOf, valueByHash } from '../domain/step-data.ts';
import { type TimelineRow, timelineRows } from '../domain/timeline.ts';
import { findWaits, type StepWaits } from '../domain/waits/waits.ts';
import type { Clock, ExecutionKey, ExecutionStore, NumberedFact } from '../ports.ts';
import { type ExecutionView, findExecution, type lookAtExecution, rowsLimit, spanAt } from './look-at-execution.ts';

/** One step in its execution. Of one above 200,000 steps `critical` is false, and dependencies, waits, drag and stragglers are not known. */
export interface StepView {
  readonly row: TimelineRow;
  readonly critical: boolean;
  readonly span: Span | undefined;
  readonly asOfNs: bigint;
  /** By attempt, lowest first; 0 is the plan. */
  readonly attempts: readonly {
    readonly attempt: number;
    readonly status: string;
    readonly facts: readonly NumberedFact<StepFact>[];
    readonly data: StepData;
  }[];
  readonly dependsOn: readonly TimelineRow[];
  readonly dependents: readonly TimelineRow[];
  readonly waits: StepWaits | undefined;
  readonly drag: StepDrag | undefined;
  readonly straggler: StragglerDrag | undefined;
  readonly factsLeftOut: number;
}

const maxFacts = 2_000;
const maxDependents = 1_000;

interface Needs {
  readonly store: ExecutionStore;
  readonly look: ReturnType<typeof lookAtExecution>;
  readonly clock: Clock;
}

/** Steps of executions. Each throws Problem `not_found` for an execution or step that is not there, `invalid` for no step key. */
export function lookAtStep({ store, look, clock }: Needs) {
  /** Of an execution that is too large to be looked at as a whole the step alone, without what hangs on other steps. */
  const viewFor = async (key: ExecutionKey, stepKey: string): Promise<ExecutionView & { whole: boolean }> => {
    const record = await findExecution(store, key);
    if (record.stepCount <= rowsLimit) return { ...(await look(key)), whole: true };
    const asOfNs = BigInt(clock()) * 1_000_000n;
    const rows = timelineRows(await store.attemptsOfStep(record, stepKey));
    return { record, asOfNs, span: spanAt(record, asOfNs), rows, path: [], whole: false };
  };
  return {
    async step(key: ExecutionKey, stepKey: string): Promise<StepView> {
      checkStepKey(stepKey);
      const { record, asOfNs, span, rows, path, whole } = await viewFor(key, stepKey);
      const row = rows.find(({ step }) => step.stepKey === stepKey);
      if (row === undefined) throw noStep(key, stepKey);
      const { facts, total } = await store.factsOfStep(record, stepKey, maxFacts);
      const found = whole ? findBottlenecks(rows, path, span, rows.length) : undefined;
      const told = Map.groupBy(facts, ({ fact }) => fact.attempt);
      const tries = [...new Set([...told.keys(), ...row.bars.map(({ attempt }) => attempt)])].sort((a, b) => a - b);
      const upstream = new Set(row.dependsOn);
      return {
        row,
        critical: path.some(({ of }) => of?.stepKey === stepKey),
        span,
        asOfNs,
        attempts: tries.map((attempt) => {
          const own = (told.get(attempt) ?? []).toSorted(byTime);
          const status = row.bars.find((bar) => bar.attempt === attempt)?.status ?? 'planned';
          return { attempt, status, facts: own, data: stepDataOf(own.map(({ fact }) => fact)) };
        }),
        dependsOn: rows.filter(({ step }) => upstream.has(step.stepKey)),
        dependents: rows.filter(({ dependsOn }) => dependsOn.includes(stepKey)).slice(0, maxDependents),
        waits: span === undefined || !whole ? undefined : findWaits(rows, span).steps.find((one) => one.row === row),
        drag: found?.steps.find((one) => one.row === row),
        straggler: found?.stragglers.find((one) => one.row === row),
        factsLeftOut: total - facts.length,
      };
    },

    /** A value that a fact of the step tells, by the hash of its JSON. */
    async value(key: ExecutionKey, stepKey: string, sha256: string): Promise<KeptValue> {
      checkStepKey(stepKey);
      if (!/^[0-9a-f]{64}$/.test(sha256)) {
        throw new Problem('invalid', `sha256 must be 64 lower-case hex digits (got ${JSON.stringify(sha256.slice(0, 80))})`, {
          field: 'sha256',
        });
      }
      const { facts, total } = await store.factsOfStep(await findExecution(store, key), stepKey, maxFacts);
      if (total === 0) throw noStep(key, stepKey);
      const found = valueByHash(
        facts.map(({ fact }) => fact),
        sha256,
      );
      if (found !== undefined) return found;
      throw new Problem(
        'not_found',
        `step ${stepKey} of execution ${JSON.stringify(key.id)} has no value with the hash ${sha256}`,
      );
    },
  };
}

function byTime(a: NumberedFact, b: NumberedFact): number {
  const [x, y] = [a.fact.stamp.timeNs, b.fact.stamp.timeNs];
  return x === y ? Number(a.seq - b.seq) : x < y ? -1 : 1;
}

function checkStepKey(stepKey: string): void {
  if (/^(?:[0-9a-f]{16}|[0-9a-f]{32})$/.test(stepKey)) return;
  throw new Problem(
    'invalid',
    `stepKey must be 32 or 16 lower-case hex digits, as the timeline gives it (got ${JSON.stringify(stepKey.slice(0, 80))})`,
    { field: 'stepKey' },
  );
}

function noStep({ id, namespace }: ExecutionKey, stepKey: string): Problem {
  return new Problem(
    'not_found',
    `execution ${JSON.stringify(id)} in namespace ${namespace} has no step with the key ${stepKey}; its timeline lists those it has`,
  );
}
