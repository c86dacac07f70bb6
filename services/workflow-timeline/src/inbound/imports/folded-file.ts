import type { FoldedExecution, KeptFile, Rows } from '../../import-ports.ts';
import { foldWhole } from '../../usecases/fold-whole.ts';
import { readImport } from './read-import.ts';

/** A recorded file, read and folded, in memory. */
export interface FoldedFile {
  readonly format: string;
  readonly executions: readonly FoldedExecution[];
  rows(execution: number, from: number, count: number): Rows;
}

/** @throws Problem as readImport */
export function foldFile(
  content: Uint8Array,
  { namespace, id, sha256 }: Pick<KeptFile, 'namespace' | 'id' | 'sha256'>,
): FoldedFile {
  const { format, executions } = readImport(content, sha256);
  const folded = executions.map((execution) => foldWhole(execution.id, execution.facts, namespace, id));
  return {
    format,
    executions: folded.map(({ facts: _facts, attempts: _attempts, ...about }) => about),
    rows(execution, from, count) {
      const { facts = [], attempts = [] } = folded[execution] ?? {};
      return { facts: facts.slice(from, from + count), attempts: attempts.slice(from, from + count) };
    },
  };
}
