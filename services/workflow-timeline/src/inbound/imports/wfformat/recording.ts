import { Problem } from '@tmws/problems';
import { asId, asObject, fieldOf, type JsonObject, listOf, missing, numberOf, objectOf, textOf, wrong } from '../json.ts';
import { parseDate } from './dates.ts';
import { parseLegacyTask, parseRun, parseTask, type Run, secondsOf, type Task } from './task.ts';

/** A recorded workflow, whichever version tells it. */
export interface Recording {
  readonly tasks: readonly Task[];
  /** By task; undefined if its run was not recorded. */
  readonly runs: readonly (Run | undefined)[];
  readonly executedNs: bigint | undefined;
  readonly makespanNs: bigint | undefined;
}

const workflowAt = '$.workflow';

/** @throws Problem `invalid` that names the place */
export function parseRecording(workflow: JsonObject, version: string): Recording {
  return version === '1.4' ? legacy(workflow) : current(workflow);
}

/** 1.4: a task has its run in itself. */
function legacy(workflow: JsonObject): Recording {
  const list = someOf(workflow, 'tasks', workflowAt);
  const at = (i: number): string => `${workflowAt}.tasks[${i}]`;
  return {
    tasks: withParentsByFiles(list.map((task, i) => parseLegacyTask(task, at(i)))),
    runs: list.map((task, i) => parseRun(task, at(i), '1.4')),
    ...endsOf(workflow, workflowAt),
  };
}

/** 1.4 has tasks that name no parent; such a task comes after those that write its files, as WfCommons takes it. */
function withParentsByFiles(tasks: readonly Task[]): Task[] {
  const writers = new Map<string, string>();
  for (const { id, outputs } of tasks) for (const { name } of outputs) if (!writers.has(name)) writers.set(name, id);
  const named = new Set(tasks.flatMap(({ children }) => children));
  return tasks.map((task) => {
    if (task.parents.some((parent) => parent !== '') || named.has(task.id) || named.has(task.name)) return task;
    const parents = task.inputs.flatMap(({ name }) => writers.get(name) ?? []).filter((id) => id !== task.id);
    return { ...task, parents: [...new Set(parents)] };
  });
}

/** 1.5 and 1.6: what was planned and what ran, joined by the task's id. */
function current(workflow: JsonObject): Recording {
  const specificationAt = `${workflowAt}.specification`;
  const specification = asObject(fieldOf(workflow, 'specification'), specificationAt);
  const sizes = fileSizes(specification, specificationAt);
  const tasks = someOf(specification, 'tasks', specificationAt).map((task, i) =>
    parseTask(task, `${specificationAt}.tasks[${i}]`, sizes),
  );
  const executionAt = `${workflowAt}.execution`;
  const execution = objectOf(workflow, 'execution', workflowAt);
  if (execution === undefined) throw missing(executionAt, 'what was recorded of the run; a specification alone has no times');
  const runs = runsById(execution, executionAt, new Set(tasks.map(({ id }) => id)));
  return { tasks, runs: tasks.map(({ id }) => runs.get(id)), ...endsOf(execution, executionAt) };
}

function fileSizes(specification: JsonObject, at: string): Map<string, bigint> {
  const sizes = new Map<string, bigint>();
  listOf(specification, 'files', at).forEach((value, i) => {
    const place = `${at}.files[${i}]`;
    const file = asObject(value, place);
    sizes.set(textOf(file, 'id', place), BigInt(Math.round(numberOf(file, 'sizeInBytes', place) ?? 0)));
  });
  return sizes;
}

function runsById(execution: JsonObject, at: string, known: ReadonlySet<string>): Map<string, Run> {
  const runs = new Map<string, Run>();
  someOf(execution, 'tasks', at).forEach((value, i) => {
    const place = `${at}.tasks[${i}]`;
    const id = asId(fieldOf(asObject(value, place), 'id'), `${place}.id`);
    if (!known.has(id)) throw wrong(`${place}.id`, 'the id of a task in $.workflow.specification.tasks', id);
    if (runs.has(id)) throw wrong(`${place}.id`, 'another id than that of a task before it', id);
    runs.set(id, parseRun(value, place, '1.5'));
  });
  return runs;
}

function endsOf(of: JsonObject, at: string): Pick<Recording, 'executedNs' | 'makespanNs'> {
  const executedAt = textOf(of, 'executedAt', at);
  return {
    executedNs: executedAt === '' ? undefined : parseDate(executedAt, `${at}.executedAt`),
    makespanNs: secondsOf(of, 'makespanInSeconds', at),
  };
}

function someOf(of: JsonObject, name: string, at: string): readonly unknown[] {
  const list = listOf(of, name, at);
  if (list.length > 0) return list;
  throw new Problem('invalid', `${at}.${name} holds no task; a recorded workflow has at least one`, { field: `${at}.${name}` });
}
