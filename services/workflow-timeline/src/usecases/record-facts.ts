import { type Attempt, foldAttempt } from '../domain/attempt.ts';
import { eventKeyOf } from '../domain/event-key.ts';
import { executionStatus, foldExecution, greatest, least } from '../domain/execution.ts';
import { isFailure } from '../domain/first-failure.ts';
import type { ExecutionFact, Fact, StepFact } from '../domain/fact.ts';
import { compareUtf8 } from '../domain/rank.ts';
import type {
  Clock,
  Deletion,
  ExecutionKey,
  ExecutionRecord,
  ExecutionStore,
  NumberedFact,
  Recording,
  StoredAttempt,
} from '../ports.ts';

/** A fact with where it came from; `refuse` is told when its event id belongs to another execution. */
export interface IncomingFact {
  readonly key: ExecutionKey;
  readonly fact: Fact;
  readonly refuse: (reason: string) => void;
}

export interface Batch {
  /** Applied before the facts. */
  readonly deletions?: readonly Deletion[];
  readonly facts: readonly IncomingFact[];
  readonly moves: readonly { topic: string; partition: number; from: bigint | undefined; next: bigint }[];
  /** Asked after the facts were applied, so that refusals made meanwhile go along. */
  readonly toSend: () => Parameters<Recording['send']>[0];
}

type NewFact<F extends Fact = Fact> = NumberedFact<F> & { execution: ExecutionRecord; eventKey: string };

/**
 * Applies facts and moves offsets, in one transaction: all of it is stored, or nothing.
 *
 * An event that was applied before (same namespace, source and id) changes nothing.
 */
export function recordFacts({ store, clock }: { store: ExecutionStore; clock: Clock }) {
  return (batch: Batch): Promise<void> =>
    store.record(async (recording) => {
      const { deletions = [] } = batch;
      const removed = deletions.length > 0 ? await recording.remove(deletions) : [];
      const fresh = await freshFacts(recording, batch.facts, clock());
      if (fresh.length > 0) {
        await recording.addFacts(fresh);
        await applyToExecutions(recording, fresh, clock());
      }
      if (removed.length > 0) await recording.tellRemoved(removed);
      await recording.send(batch.toSend());
      if (batch.moves.length > 0) await recording.moveOffsets(batch.moves);
    });
}

async function freshFacts(recording: Recording, incoming: readonly IncomingFact[], nowMs: number): Promise<NewFact[]> {
  if (incoming.length === 0) return [];
  const byExecution = Map.groupBy(incoming, ({ key }) => JSON.stringify([key.namespace, key.id]));
  // Locks are taken in one order everywhere, so that two recordings never wait for each other.
  const groups = [...byExecution].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
  const executions = await recording.open(
    groups.flatMap(([first]) => (first === undefined ? [] : [first.key])),
    nowMs,
  );
  // What is stored of an execution was told after its deletion, if there was one.
  const deleted = await recording.deletedNs(executions.filter(({ seq }) => seq === 0n));
  const asked = groups.flatMap((group, i) => {
    const execution = executions[i];
    if (execution === undefined) return [];
    const deletedNs = deleted.get(execution.no) ?? -1n;
    return group
      .filter(({ fact }) => fact.stamp.timeNs > deletedNs)
      .map(({ key, fact, refuse }) => ({
        fact,
        refuse,
        execution,
        bucket: execution.bucket,
        eventKey: eventKeyOf(key.namespace, fact.stamp),
      }));
  });
  const known = await recording.knownEvents(asked);
  const seqs = new Map(executions.map(({ no, seq }) => [no, seq]));
  const fresh: NewFact[] = [];
  for (const { execution, eventKey, fact, refuse } of asked) {
    const owner = known.get(`${execution.bucket}/${eventKey}`);
    if (owner === undefined) {
      known.set(`${execution.bucket}/${eventKey}`, execution.no);
      const seq = (seqs.get(execution.no) ?? 0n) + 1n;
      seqs.set(execution.no, seq);
      fresh.push({ execution, eventKey, fact, seq });
    } else if (owner !== execution.no) {
      refuse(
        `an event with this source and id was accepted for another execution; ids must be unique for their source (got ${JSON.stringify(fact.stamp.id)})`,
      );
    }
  }
  return fresh;
}

async function applyToExecutions(recording: Recording, fresh: readonly NewFact[], heardMs: number): Promise<void> {
  const steps = fresh.filter((item): item is NewFact<StepFact> => item.fact.about === 'step');
  const changes = await applyToAttempts(recording, steps);
  const own = fresh.filter((item): item is NewFact<ExecutionFact> => item.fact.about === 'execution');
  const words = await recording.executionFacts([...new Set(own.map(({ execution }) => execution))]);

  const updated: ExecutionRecord[] = [];
  const lookedAt: ExecutionRecord[] = [];
  for (const [execution, items] of Map.groupBy(fresh, (item) => item.execution)) {
    const told = words.get(execution.no)?.map(({ fact }) => fact);
    let next = belonging(execution, items);
    if (told !== undefined) next = withWord(next, told);
    const change = changes.get(execution.no);
    if (change !== undefined) next = await withSteps(recording, next, change);
    const seq = items.reduce((max, item) => (item.seq > max ? item.seq : max), execution.seq);
    const traced = execution.traced || items.some(({ fact }) => fact.about === 'step' && fact.span !== undefined);
    const status = executionStatus(next.word, next.stepsByStatus, traced);
    const record = { ...next, seq, traced, heardMs, status, firstFailure: isFailure(status) ? next.firstFailure : undefined };
    updated.push(record);
    if (isFailure(status) && (!isFailure(execution.status) || change?.failed === true)) lookedAt.push(record);
  }
  await recording.putExecutions(await withFirstFailures(recording, updated, lookedAt));
}

/** What failed first is looked up when an execution failed, or was told of failed steps since: what steps of a running one say may pass. */
async function withFirstFailures(
  recording: Recording,
  executions: readonly ExecutionRecord[],
  lookedAt: readonly ExecutionRecord[],
): Promise<readonly ExecutionRecord[]> {
  if (lookedAt.length === 0) return executions;
  const among = new Set(lookedAt);
  const found = await recording.firstFailures(lookedAt.filter(({ stepsByStatus }) => Object.keys(stepsByStatus).some(isFailure)));
  return executions.map((each) => (among.has(each) ? { ...each, firstFailure: found.get(each.no) } : each));
}

/** What is said in passing. Facts that contradict each other have no right answer; the greatest text is the same in whatever order they come. */
function belonging(execution: ExecutionRecord, items: readonly NewFact[]): ExecutionRecord {
  let { workflow, parentId } = execution;
  for (const { fact } of items) {
    const told = fact.workflow;
    if (told !== undefined && (compareUtf8(told.name, workflow.name) || compareUtf8(told.version, workflow.version)) > 0)
      workflow = told;
    if (compareUtf8(fact.parentExecutionId ?? '', parentId) > 0) parentId = fact.parentExecutionId ?? '';
  }
  return { ...execution, workflow, parentId };
}

function withWord(execution: ExecutionRecord, facts: readonly ExecutionFact[]): ExecutionRecord {
  const { status: word, ...told } = foldExecution(facts);
  return { ...execution, ...told, word };
}

interface StepChange {
  /** Steps by status: what is added and what is taken away. */
  readonly counts: Map<string, number>;
  readonly newSteps: number;
  readonly firstStartNs: bigint | undefined;
  readonly lastEndNs: bigint | undefined;
  /** A bound moved inwards, so it must be found anew. */
  readonly shrunk: boolean;
  /** A step failed, or one that had failed changed. */
  readonly failed: boolean;
}

async function withSteps(recording: Recording, execution: ExecutionRecord, change: StepChange): Promise<ExecutionRecord> {
  const stepsByStatus: Record<string, number> = { ...execution.stepsByStatus };
  for (const [status, delta] of change.counts) stepsByStatus[status] = (stepsByStatus[status] ?? 0) + delta;
  const extent = change.shrunk
    ? await recording.extentOf(execution)
    : {
        firstStartNs: least(execution.firstStartNs, change.firstStartNs),
        lastEndNs: greatest(execution.lastEndNs, change.lastEndNs),
      };
  return {
    ...execution,
    ...extent,
    stepCount: execution.stepCount + change.newSteps,
    stepsByStatus: Object.fromEntries(Object.entries(stepsByStatus).filter(([, count]) => count > 0)),
  };
}

async function applyToAttempts(recording: Recording, fresh: readonly NewFact<StepFact>[]): Promise<Map<bigint, StepChange>> {
  const byStep = Map.groupBy(fresh, ({ execution, fact }) => placeOf(execution.no, fact.step.stepKey));
  const touched = [...byStep.values()].flatMap(([first]) =>
    first === undefined ? [] : [{ execution: first.execution, stepKey: first.fact.step.stepKey }],
  );
  // An execution that holds nothing yet has no attempts to be read.
  const before = attemptsByStep(await recording.attemptsOf(touched.filter(({ execution }) => execution.seq > 0n)));
  const earlier = await earlierFacts(recording, fresh, before);

  const written: { execution: ExecutionRecord; attempt: StoredAttempt }[] = [];
  const changes = new Map<bigint, StepChange>();
  for (const [place, items] of byStep) {
    const [first] = items;
    if (first === undefined) continue;
    const { execution } = first;
    const old = before.get(place) ?? [];
    const renewed = [...Map.groupBy(items, ({ fact }) => fact.attempt)].map(([attempt, news]): StoredAttempt => {
      const seqs = old.find((one) => one.attempt === attempt)?.factSeqs ?? [];
      const known = seqs.map((seq) => earlier.get(`${execution.no}/${seq}`)).filter((fact) => fact !== undefined);
      return { ...foldAttempt([...known, ...news.map(({ fact }) => fact)]), factSeqs: [...seqs, ...news.map(({ seq }) => seq)] };
    });
    written.push(...renewed.map((attempt) => ({ execution, attempt })));
    changes.set(execution.no, added(changes.get(execution.no), old, renewed));
  }
  await recording.putAttempts(written);
  return changes;
}

const placeOf = (executionNo: bigint, stepKey: string): string => `${executionNo}/${stepKey}`;

/** By execution and step. */
function attemptsByStep(found: ReadonlyMap<bigint, readonly StoredAttempt[]>): Map<string, StoredAttempt[]> {
  const byStep = new Map<string, StoredAttempt[]>();
  for (const [no, attempts] of found) {
    for (const attempt of attempts) {
      const place = placeOf(no, attempt.step.stepKey);
      const same = byStep.get(place);
      if (same === undefined) byStep.set(place, [attempt]);
      else same.push(attempt);
    }
  }
  return byStep;
}

/** The facts already folded into the attempts that get new ones. */
async function earlierFacts(
  recording: Recording,
  fresh: readonly NewFact<StepFact>[],
  before: Map<string, StoredAttempt[]>,
): Promise<Map<string, StepFact>> {
  const asked = new Map<ExecutionRecord, Set<bigint>>();
  for (const { execution, fact } of fresh) {
    const stored = before.get(placeOf(execution.no, fact.step.stepKey))?.find(({ attempt }) => attempt === fact.attempt);
    if (stored === undefined) continue;
    const seqs = asked.get(execution) ?? new Set();
    for (const seq of stored.factSeqs) seqs.add(seq);
    asked.set(execution, seqs);
  }
  const found = await recording.factsOf([...asked].map(([execution, seqs]) => ({ execution, seqs: [...seqs] })));
  const facts = new Map<string, StepFact>();
  for (const [no, numbered] of found) {
    for (const { seq, fact } of numbered) if (fact.about === 'step') facts.set(`${no}/${seq}`, fact);
  }
  return facts;
}

function added(change: StepChange | undefined, old: readonly Attempt[], renewed: readonly Attempt[]): StepChange {
  const counts = change?.counts ?? new Map<string, number>();
  const count = (status: string | undefined, delta: number): void => {
    if (status !== undefined) counts.set(status, (counts.get(status) ?? 0) + delta);
  };
  const now = [...old.filter(({ attempt }) => !renewed.some((one) => one.attempt === attempt)), ...renewed];
  count(highest(old)?.status, -1);
  count(highest(now)?.status, 1);
  const shrunk = renewed.some((attempt) => {
    const was = old.find((one) => one.attempt === attempt.attempt);
    return (
      was !== undefined &&
      (moved(was.startNs, attempt.startNs, (a, b) => b > a) || moved(was.endNs, attempt.endNs, (a, b) => b < a))
    );
  });
  return {
    counts,
    newSteps: (change?.newSteps ?? 0) + (old.length === 0 ? 1 : 0),
    firstStartNs: renewed.reduce((ns, { startNs }) => least(ns, startNs), change?.firstStartNs),
    lastEndNs: renewed.reduce((ns, { endNs }) => greatest(ns, endNs), change?.lastEndNs),
    shrunk: shrunk || change?.shrunk === true,
    failed: change?.failed === true || [highest(old), highest(now)].some((top) => top !== undefined && isFailure(top.status)),
  };
}

function moved(was: bigint | undefined, is: bigint | undefined, inwards: (was: bigint, is: bigint) => boolean): boolean {
  return was !== undefined && (is === undefined || inwards(was, is));
}

function highest(attempts: readonly Attempt[]): Attempt | undefined {
  return attempts.reduce<Attempt | undefined>(
    (top, one) => (top === undefined || one.attempt > top.attempt ? one : top),
    undefined,
  );
}
