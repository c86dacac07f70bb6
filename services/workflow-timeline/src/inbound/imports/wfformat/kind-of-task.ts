import type { Run, Task } from './task.ts';

/**
 * The type of a task: its category; else the program it ran, as Pegasus and Makeflow tell it; else the last part of its
 * name. Nextflow's program is the whole script, so there it is always the name: `NFCORE_RNASEQ.RNASEQ.SALMON_QUANT`.
 */
export function kindOfTask({ category, name }: Task, run: Run | undefined, runtimeSystem: string): string {
  if (category !== '') return category;
  const program = run?.program ?? '';
  if (!/nextflow/i.test(runtimeSystem) && /^[^\s]{1,100}$/.test(program)) return afterLast(program, '/');
  const own = afterLast(afterLast(name, '.'), ':');
  return own.replace(/_(?:ID)?\d+$/, '') || own;
}

function afterLast(text: string, mark: string): string {
  return text.slice(text.lastIndexOf(mark) + 1) || text;
}
