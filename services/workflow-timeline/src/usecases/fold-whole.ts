import { foldAttempt } from '../domain/attempt.ts';
import { eventKeyOf } from '../domain/event-key.ts';
import { earlierFailure, firstFailureOf, isFailure } from '../domain/first-failure.ts';
import { executionStatus, foldExecution, greatest, least } from '../domain/execution.ts';
import type { ExecutionFact, Fact, StepFact } from '../domain/fact.ts';
import { compareUtf8 } from '../domain/rank.ts';
import type { FoldedExecution, Rows } from '../import-ports.ts';
import type { NumberedFact, StoredAttempt } from '../ports.ts';

/**
 * What facts amount to in a store that knows nothing of the execution yet: the same as record-facts.ts makes of them, without
 * looking for what they may contradict. A fact that is told twice (same source and id) counts once.
 *
 * @param importId  entered where a fact says that it comes from a recording
 */
export function foldWhole(id: string, told: readonly Fact[], namespace: string, importId: string): FoldedExecution & Rows {
  const fold = openFold(id, namespace, importId);
  const rows = fold.take(told);
  return { ...fold.end(), ...rows };
}

/** The same, some facts after the others; all facts of a step are among those that are taken at once. */
export interface Fold {
  take(told: readonly Fact[]): Rows;
  /** What all that were taken amount to. */
  end(): FoldedExecution;
}

export function openFold(id: string, namespace: string, importId: string): Fold {
  const seen = new Set<string>();
  const own: ExecutionFact[] = [];
  const stepsByStatus: Record<string, number> = {};
  let belonging: Belongs = { workflow: { name: '', version: '' }, parentId: '' };
  let [stepCount, attemptCount, traced] = [0, 0, false];
  let firstStartNs: bigint | undefined;
  let lastEndNs: bigint | undefined;
  let firstFailed: StoredAttempt | undefined;

  const foldStep = (ofStep: readonly KeyedFact<StepFact>[]): StoredAttempt[] => {
    const tries = [...Map.groupBy(ofStep, ({ fact }) => fact.attempt).values()].map((some): StoredAttempt => ({
      ...foldAttempt(some.map(({ fact }) => fact)),
      factSeqs: some.map(({ seq }) => seq),
    }));
    const last = tries.reduce((top, one) => (one.attempt > top.attempt ? one : top));
    stepsByStatus[last.status] = (stepsByStatus[last.status] ?? 0) + 1;
    stepCount++;
    if (isFailure(last.status)) firstFailed = earlierFailure(firstFailed, last);
    for (const { startNs, endNs } of tries) {
      firstStartNs = least(firstStartNs, startNs);
      lastEndNs = greatest(lastEndNs, endNs);
    }
    return tries;
  };

  return {
    take(told) {
      const facts = numbered(told, seen, namespace, importId);
      const steps = facts.filter((item): item is KeyedFact<StepFact> => item.fact.about === 'step');
      for (const { fact } of facts) {
        if (fact.about === 'execution') own.push(fact);
        else traced ||= fact.span !== undefined;
        belonging = withBelonging(belonging, fact);
      }
      const attempts = [...Map.groupBy(steps, ({ fact }) => fact.step.stepKey).values()].flatMap(foldStep);
      attemptCount += attempts.length;
      return { facts, attempts };
    },
    end() {
      const { status: word, ...aboutIt } = foldExecution(own);
      const status = executionStatus(word, stepsByStatus, traced);
      return {
        id,
        ...aboutIt,
        ...belonging,
        word,
        status,
        firstFailure: firstFailed !== undefined && isFailure(status) ? firstFailureOf(firstFailed) : undefined,
        firstStartNs,
        lastEndNs,
        stepCount,
        stepsByStatus,
        traced,
        factCount: seen.size,
        attemptCount,
      };
    },
  };
}

type KeyedFact<F extends Fact = Fact> = NumberedFact<F> & { readonly eventKey: string };

/** Those that were not seen yet, with the next numbers. */
function numbered(told: readonly Fact[], seen: Set<string>, namespace: string, importId: string): KeyedFact[] {
  const facts: KeyedFact[] = [];
  for (const fact of told) {
    const eventKey = eventKeyOf(namespace, fact.stamp);
    if (seen.has(eventKey)) continue;
    seen.add(eventKey);
    facts.push({ seq: BigInt(seen.size), eventKey, fact: fact.about === 'execution' ? withImport(fact, importId) : fact });
  }
  return facts;
}

function withImport(fact: ExecutionFact, importId: string): ExecutionFact {
  return fact.origin === undefined ? fact : { ...fact, origin: { ...fact.origin, importId } };
}

type Belongs = Pick<FoldedExecution, 'workflow' | 'parentId'>;

function withBelonging(known: Belongs, { workflow: told, parentExecutionId = '' }: Fact): Belongs {
  const { workflow, parentId } = known;
  const later = told !== undefined && (compareUtf8(told.name, workflow.name) || compareUtf8(told.version, workflow.version)) > 0;
  const laterParent = compareUtf8(parentExecutionId, parentId) > 0;
  if (!later && !laterParent) return known;
  return {
    workflow: later ? { name: told.name, version: told.version } : workflow,
    parentId: laterParent ? parentExecutionId : parentId,
  };
}
