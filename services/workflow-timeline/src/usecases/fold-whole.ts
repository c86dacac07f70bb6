import { foldAttempt } from '../domain/attempt.ts';
import { eventKeyOf } from '../domain/event-key.ts';
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
  const facts = numbered(told, namespace, importId);
  const steps = facts.filter((item): item is KeyedFact<StepFact> => item.fact.about === 'step');
  const own = facts.flatMap(({ fact }) => (fact.about === 'execution' ? [fact] : []));
  const attempts: StoredAttempt[] = [];
  const stepsByStatus: Record<string, number> = {};
  let stepCount = 0;
  for (const ofStep of Map.groupBy(steps, ({ fact }) => fact.step.stepKey).values()) {
    const tries = [...Map.groupBy(ofStep, ({ fact }) => fact.attempt).values()].map((some): StoredAttempt => ({
      ...foldAttempt(some.map(({ fact }) => fact)),
      factSeqs: some.map(({ seq }) => seq),
    }));
    const last = tries.reduce((top, one) => (one.attempt > top.attempt ? one : top));
    stepsByStatus[last.status] = (stepsByStatus[last.status] ?? 0) + 1;
    stepCount++;
    attempts.push(...tries);
  }
  const { status: word, ...aboutIt } = foldExecution(own);
  const traced = steps.some(({ fact }) => fact.span !== undefined);
  return {
    id,
    ...aboutIt,
    ...belonging(facts),
    word,
    status: executionStatus(word, stepsByStatus, traced),
    firstStartNs: attempts.reduce<bigint | undefined>((ns, { startNs }) => least(ns, startNs), undefined),
    lastEndNs: attempts.reduce<bigint | undefined>((ns, { endNs }) => greatest(ns, endNs), undefined),
    stepCount,
    stepsByStatus,
    traced,
    factCount: facts.length,
    attemptCount: attempts.length,
    facts,
    attempts,
  };
}

type KeyedFact<F extends Fact = Fact> = NumberedFact<F> & { readonly eventKey: string };

function numbered(told: readonly Fact[], namespace: string, importId: string): KeyedFact[] {
  const seen = new Set<string>();
  const facts: KeyedFact[] = [];
  for (const fact of told) {
    const eventKey = eventKeyOf(namespace, fact.stamp);
    if (seen.has(eventKey)) continue;
    seen.add(eventKey);
    facts.push({ seq: BigInt(facts.length + 1), eventKey, fact: fact.about === 'execution' ? withImport(fact, importId) : fact });
  }
  return facts;
}

function withImport(fact: ExecutionFact, importId: string): ExecutionFact {
  return fact.origin === undefined ? fact : { ...fact, origin: { ...fact.origin, importId } };
}

function belonging(facts: readonly KeyedFact[]): Pick<FoldedExecution, 'workflow' | 'parentId'> {
  let workflow = { name: '', version: '' };
  let parentId = '';
  for (const { fact } of facts) {
    const told = fact.workflow;
    if (told !== undefined && (compareUtf8(told.name, workflow.name) || compareUtf8(told.version, workflow.version)) > 0)
      workflow = { name: told.name, version: told.version };
    if (compareUtf8(fact.parentExecutionId ?? '', parentId) > 0) parentId = fact.parentExecutionId ?? '';
  }
  return { workflow, parentId };
}
