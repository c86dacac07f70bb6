// WfFormat, recorded workflows of WfCommons (https://github.com/wfcommons/WfFormat): 1.5, 1.6, and 1.4 of older instances.
import { Problem } from '@tmws/problems';
import type { Content } from '../content.ts';
import type { ImportedExecution } from '../imported.ts';
import { asObject, fieldOf, isObject, objectOf, shown, textOf } from '../json.ts';
import type { Reader } from '../reader.ts';
import { recordedFacts } from '../recorded-facts.ts';
import { executionFact, originOf, startOf } from './execution-fact.ts';
import { kindOfTask } from './kind-of-task.ts';
import { parseRecording } from './recording.ts';
import { schedule } from './schedule.ts';
import { taskFact } from './task-fact.ts';
import { taskGraph } from './task-graph.ts';

const versions = ['1.4', '1.5', '1.6'];

export const wfFormat: Reader = {
  format: 'wfformat',
  knownBy: 'an object with workflow.specification or workflow.tasks, WfFormat 1.4 to 1.6',
  recognizes: (value) => {
    const workflow = isObject(value) ? fieldOf(value, 'workflow') : undefined;
    return isObject(workflow) && ['specification', 'tasks', 'jobs'].some((name) => name in workflow);
  },
  read,
};

function read({ value }: Content, executionId: string): ImportedExecution[] {
  const root = asObject(value, '$');
  const recording = parseRecording(asObject(fieldOf(root, 'workflow'), '$.workflow'), versionOf(fieldOf(root, 'schemaVersion')));
  const { tasks, runs } = recording;
  const edges = taskGraph(tasks);
  const startNs = startOf(root, recording);
  const times = schedule(edges, runs, startNs);
  const system = objectOf(root, 'runtimeSystem', '$') ?? objectOf(root, 'wms', '$') ?? {};
  const runtimeSystem = textOf(system, 'name', '$.runtimeSystem');
  const { predecessors, predecessorStart } = edges.graph;
  const asParents = tasks.map(({ id, outputs }) => ({ id, outputs: new Set(outputs.map(({ name }) => name)) }));
  const steps = tasks.map((task, number) => {
    const parents = predecessors.subarray(predecessorStart[number], predecessorStart[number + 1]);
    return taskFact(executionId, {
      task,
      run: runs[number],
      times: times[number] ?? { startNs, endNs: startNs },
      parents: Array.from(parents, (parent) => asParents[parent]).filter((parent) => parent !== undefined),
      kind: kindOfTask(task, runs[number], runtimeSystem),
    });
  });
  const facts = [executionFact(executionId, root, recording, startNs, times), ...steps];
  const origin = originOf(recording);
  return [recordedFacts({ format: 'wfformat', executionId, facts, origin })];
}

function versionOf(version: unknown): string {
  const text = typeof version === 'number' ? String(version) : version;
  if (typeof text === 'string' && versions.includes(text)) return text;
  throw new Problem(
    'invalid',
    `$.schemaVersion must be one of ${versions.join(', ')} (got ${shown(version)}); WfCommons converts older files`,
    { field: '$.schemaVersion' },
  );
}
