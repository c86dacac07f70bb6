import type { KeptFile, ReadFile, ReadPortion, Rows } from '../../import-ports.ts';
import { foldWhole, openFold } from '../../usecases/fold-whole.ts';
import type { Fact } from '../../domain/fact.ts';
import type { GrowingExecution } from './imported.ts';
import { beginImport } from './read-import.ts';

/** A recorded file, read and folded, in memory. */
export interface FoldedFile extends Pick<ReadFile, 'format' | 'executions'> {
  /** As ReadFile has it. */
  next(execution: number, anew: boolean): ReadPortion<Rows>;
}

/** Facts, and attempts, in a portion. */
const portion = 1000;

/** @throws Problem as readImport, here or by `next` */
export function foldFile(
  content: Uint8Array,
  { namespace, id: importId, sha256 }: Pick<KeptFile, 'namespace' | 'id' | 'sha256'>,
): FoldedFile {
  const { format, executions } = beginImport(content, sha256);
  const begun = executions.map((execution) => {
    if ('tell' in execution) {
      const begin = () => portionsTold(execution, namespace, importId);
      return { id: execution.id, factCount: execution.factCount, begin };
    }
    const folded = foldWhole(execution.id, execution.facts, namespace, importId);
    return { id: execution.id, factCount: folded.factCount, begin: () => portionsOf(folded) };
  });
  const under: { place: number; portions: Iterator<ReadPortion<Rows>, undefined> }[] = [];
  return {
    format,
    executions: begun.map(({ id, factCount }) => ({ id, factCount })),
    next(place, anew) {
      const execution = begun[place];
      if (execution === undefined) throw new RangeError(`the file has no execution ${place}`);
      if (anew || under[0]?.place !== place) under[0] = { place, portions: execution.begin() };
      const next = under[0].portions.next();
      if (next.done === true) throw new RangeError(`all of execution ${place} was given`);
      return next.value;
    },
  };
}

function* portionsOf(folded: ReturnType<typeof foldWhole>): Iterator<ReadPortion<Rows>, undefined> {
  const { facts, attempts, ...about } = folded;
  const count = Math.max(1, facts.length, attempts.length);
  for (let from = 0; from < count; from += portion) {
    const rows = { facts: facts.slice(from, from + portion), attempts: attempts.slice(from, from + portion) };
    yield { rows, end: from + portion < count ? undefined : about };
  }
}

/** Folds what is told as it comes. */
function* portionsTold(
  { id, tell }: GrowingExecution,
  namespace: string,
  importId: string,
): Iterator<ReadPortion<Rows>, undefined> {
  const fold = openFold(id, namespace, importId);
  let some: Fact[] = [];
  for (const fact of tell()) {
    some.push(fact);
    if (some.length < portion) continue;
    yield { rows: fold.take(some), end: undefined };
    some = [];
  }
  yield { rows: fold.take(some), end: fold.end() };
}
