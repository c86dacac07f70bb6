import { create } from '@bufbuild/protobuf';
import { ExecutionEventSchema, type Fact, FactSchema } from '@tmws/contracts';
import type { Origin } from '../../../domain/fact.ts';
import { fieldOf, type JsonObject, missing, textOf } from '../json.ts';
import { timestampOf } from '../recorded-facts.ts';
import { parseDate } from './dates.ts';
import type { Recording } from './recording.ts';
import type { Times } from './schedule.ts';

/** When it was executed; else the first start of a task; else, in a file that says neither, when the file was made. */
export function startOf(root: JsonObject, { executedNs, runs }: Recording): bigint {
  const starts = runs.map((run) => run?.startNs);
  const first = [executedNs, ...starts].reduce((a, b) => (a === undefined || (b !== undefined && b < a) ? b : a), undefined);
  if (first !== undefined) return first;
  const createdAt = textOf(root, 'createdAt', '$');
  if (createdAt === '') throw missing('$.workflow.execution.executedAt', 'the time the workflow began');
  return parseDate(createdAt, '$.createdAt');
}

/** The execution: completed when its last task ended, or later if its own record says so. */
export function executionFact(
  executionId: string,
  root: JsonObject,
  recording: Recording,
  startNs: bigint,
  ends: readonly Times[],
): Fact {
  const lastNs = ends.reduce((last, { endNs }) => (endNs > last ? endNs : last), startNs);
  const toldNs = isReconstructed(recording) ? lastNs : startNs + (recording.makespanNs ?? 0n);
  const finishedAt = timestampOf(toldNs > lastNs ? toldNs : lastNs);
  const name = textOf(root, 'name', '$');
  const value = create(ExecutionEventSchema, {
    executionId,
    name,
    workflow: { name: workflowName(name) },
    startedAt: timestampOf(startNs),
    finishedAt,
    attributes: attributesOf(root),
  });
  return create(FactSchema, {
    id: 'execution',
    type: 'tmws.execution.completed',
    time: finishedAt,
    data: { case: 'execution', value },
  });
}

/** Whether a task ran of which no start was recorded. */
function isReconstructed({ runs }: Recording): boolean {
  return runs.some((run) => run !== undefined && run.startNs === undefined);
}

/** What the page says of a recording without start times. */
export function originOf(recording: Recording): Omit<Origin, 'format' | 'importId'> {
  const { makespanNs, runs } = recording;
  const reconstructed = isReconstructed(recording);
  const told = runs.filter((run) => run?.startNs !== undefined).length;
  const which = told === 0 ? 'no start times' : `start times of ${told} of ${runs.length} tasks`;
  const note = reconstructed
    ? `The recording has ${which}, so each task is drawn from where the last task it depends on ended, as if there were machines for all.`
    : 'Start times are those of the recording.';
  return { reconstructed, note, ...(makespanNs !== undefined && { recordedMakespanNs: String(makespanNs) }) };
}

/** Without the time of one run that Pegasus 4 puts behind it: "1000genome-20200401T035039Z-0". */
function workflowName(name: string): string {
  return name.replace(/-\d{8}T\d{6}Z-\d+$/, '');
}

function attributesOf(root: JsonObject): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const name of ['description', 'schemaVersion', 'createdAt']) {
    const value = fieldOf(root, name);
    if (typeof value === 'string' && value !== '') attributes[name] = value;
  }
  return attributes;
}
