// A small WfFormat file for tests: split, two workers, merge.
type Json = Record<string, unknown>;

/** 1.5: times of tasks in seconds, the two workers beside each other. */
export function wfFile(): {
  name: string;
  schemaVersion: string;
  runtimeSystem: Json;
  workflow: { specification: Json; execution: Json };
} {
  const task = (id: string, parents: string[], children: string[], inputFiles: string[], outputFiles: string[]): Json => ({
    name: id,
    id,
    parents,
    children,
    inputFiles,
    outputFiles,
  });
  const ran = (id: string, runtimeInSeconds: number): Json => ({
    id,
    runtimeInSeconds,
    command: { program: id.replace(/_ID\d+$/, ''), arguments: ['-v'] },
    avgCPU: 150,
    priority: 20,
    machines: ['worker-1'],
  });
  return {
    name: 'sum-20200401T035039Z-0',
    schemaVersion: '1.5',
    runtimeSystem: { name: 'Pegasus', version: '5.0' },
    workflow: {
      specification: {
        tasks: [
          task('split_ID1', [], ['count_ID2', 'count_ID3'], ['in'], ['a', 'b']),
          task('count_ID2', ['split_ID1'], ['merge_ID4'], ['a'], ['c']),
          task('count_ID3', ['split_ID1'], ['merge_ID4'], ['b'], ['d']),
          task('merge_ID4', ['count_ID2', 'count_ID3'], [], ['c', 'd'], ['out']),
        ],
        files: ['in', 'a', 'b', 'c', 'd', 'out'].map((id, i) => ({ id, sizeInBytes: 100 + i })),
      },
      execution: {
        makespanInSeconds: 99.5,
        executedAt: '2020-04-01T03:50:43+00:00',
        tasks: [ran('split_ID1', 1.5), ran('count_ID2', 4), ran('count_ID3', 2.000000001), ran('merge_ID4', 0.25)],
        machines: [{ nodeName: 'worker-1', cpu: { coreCount: 24 } }],
      },
    },
  };
}

/** 1.4: parents by name where ids differ, no children, files with their direction. */
export function legacyWfFile(): Json {
  const file = (link: string, name: string): Json => ({ link, name, sizeInBytes: 7 });
  return {
    name: 'sum-0',
    schemaVersion: '1.4',
    wms: { name: 'Pegasus', version: '4.9.3' },
    workflow: {
      executedAt: '20200415T191457+0000',
      makespanInSeconds: 12,
      machines: [{ nodeName: 'node-1', cpu: { count: 48, speed: 1200 } }],
      tasks: [
        {
          name: 'count_ID1',
          id: 'ID1',
          type: 'compute',
          category: 'counting',
          parents: [],
          files: [file('input', 'in'), file('output', 'a')],
          machine: 'node-1',
          avgCPU: 97.5,
          runtimeInSeconds: 2,
        },
        {
          name: 'merge_ID2',
          id: 'ID2',
          type: 'compute',
          parents: ['count_ID1'],
          files: [file('input', 'a'), file('output', 'out')],
          machine: 'node-1',
          command: { program: '/usr/bin/merge' },
          runtimeInSeconds: 3,
        },
      ],
    },
  };
}
