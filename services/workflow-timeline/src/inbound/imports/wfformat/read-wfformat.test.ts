import { problemOf, readOne } from '../testing/read.ts';
import { legacyWfFile, wfFile } from '../testing/wf-file.ts';
import { parseDate } from './dates.ts';

type Json = Record<string, unknown>;
type File = ReturnType<typeof wfFile>;

const begunNs = BigInt(Date.UTC(2020, 3, 1, 3, 50, 43)) * 1_000_000n;
const secondsAfter = (ns: bigint | undefined): number => Number((ns ?? 0n) - begunNs) / 1e9;

/** A file with one thing changed: its execution tasks, or its specification tasks. */
function changed(change: (file: { ran: Json[]; tasks: Json[]; execution: Json; whole: File }) => void): File {
  const whole = wfFile();
  const { specification, execution } = whole.workflow;
  change({ whole, execution, ran: execution.tasks as Json[], tasks: specification.tasks as Json[] });
  return whole;
}

describe('a recording without start times', () => {
  test('is laid out by its dependencies and says that it is a reconstruction, with the recorded makespan beside', () => {
    const { execution, step } = readOne(wfFile());
    expect(['split_ID1', 'count_ID2', 'count_ID3', 'merge_ID4'].map((id) => secondsAfter(step(id).startNs))).toEqual([
      0, 1.5, 1.5, 5.5,
    ]);
    expect(secondsAfter(step('count_ID3').endNs)).toBe(3.500000001);
    expect(execution).toMatchObject({
      type: 'completed',
      name: 'sum-20200401T035039Z-0',
      workflow: { name: 'sum', version: '' },
    });
    expect(secondsAfter(execution.endNs)).toBe(5.75);
    expect(execution.origin).toEqual({
      format: 'wfformat',
      importId: '',
      reconstructed: true,
      note: 'The recording has no start times, so each task is drawn from where the last task it depends on ended, as if there were machines for all.',
      recordedMakespanNs: '99500000000',
    });
  });

  test('tells edges of data and of control apart, with what was read and written', () => {
    const file = changed(({ tasks }) => {
      tasks[2] = { ...tasks[2], inputFiles: ['elsewhere'] };
    });
    const { step } = readOne(file);
    expect(step('merge_ID4').dependsOn).toEqual([
      { stepId: 'count_ID2', kind: 'data' },
      { stepId: 'count_ID3', kind: 'data' },
    ]);
    expect(step('count_ID3').dependsOn).toEqual([{ stepId: 'split_ID1', kind: 'control' }]);
    expect(step('split_ID1').data).toMatchObject({
      reads: [{ key: 'in', bytes: '100' }],
      writes: [
        { key: 'a', bytes: '101' },
        { key: 'b', bytes: '102' },
      ],
    });
  });

  test('a load above 100 % is several threads: CPU time beyond the run time', () => {
    const { step } = readOne(wfFile());
    expect(step('count_ID2')).toMatchObject({
      usage: { cpuSeconds: 6, memoryBytes: '0' },
      resource: { worker: 'worker-1', cores: 0 },
    });
    expect(step('count_ID2').data).toMatchObject({
      attributes: { avgCPU: 150, priority: 20, program: 'count', arguments: ['-v'] },
    });
  });
});

test('a task that has its start is where it was recorded; a recording in which all have is none that is reconstructed', () => {
  const starts = ['2020-04-01T03:50:44Z', '20200401T035050+0000', '04-01-20T03:50:51Z', '2020-04-01T03:51:00.5+00:00'];
  const all = readOne(
    changed(({ ran }) => {
      ran.forEach((task, i) => (task.executedAt = starts[i]));
    }),
  );
  expect(all.steps.map(({ startNs }) => secondsAfter(startNs))).toEqual([1, 7, 8, 17.5]);
  expect(all.execution.origin).toMatchObject({ reconstructed: false, note: 'Start times are those of the recording.' });
  expect(secondsAfter(all.execution.endNs)).toBe(99.5);

  const some = readOne(
    changed(({ ran }) => {
      if (ran[1] !== undefined) ran[1].executedAt = starts[1];
    }),
  );
  expect(some.steps.map(({ startNs }) => secondsAfter(startNs))).toEqual([0, 7, 1.5, 11]);
  expect(some.execution.origin?.reconstructed).toBe(true);
  expect(some.execution.origin?.note).toContain('start times of 1 of 4 tasks');
});

test.each([
  ['20200401T035043+0000', begunNs],
  ['20200401T055043+0200', begunNs],
  ['04-01-20T03:50:43Z', begunNs],
  ['2020-04-01T03:50:43+00:00', begunNs],
  ['2020-03-31T17:50:43-10:00', begunNs],
  ['2020-04-01T03:50:43.250000', begunNs + 250_000_000n],
  ['2020-04-01 03:50:43Z', begunNs],
])('the date %s is read', (text, expected) => {
  expect(parseDate(text, '$.x')).toBe(expected);
});

test.each(['2020-02-30T00:00:00Z', '13-01-20T03:50:43Z', '20200401', 'yesterday', '1969-01-01T00:00:00Z', ''])(
  'the date %j is refused with the shapes there are',
  (text) => {
    expect(problemOf(() => parseDate(text, '$.at'))).toBe(
      `invalid: $.at must be a time from 1970 to 2200 like "2020-04-01T03:50:43+00:00", "20200401T035043+0000" or "04-01-20T03:50:43Z" (got ${JSON.stringify(text)})`,
    );
  },
);

test('a Nextflow task has an id beside its name, no machine, and a script for a program', () => {
  const file = changed(({ whole, tasks, ran }) => {
    whole.runtimeSystem.name = 'Nextflow';
    tasks.forEach((task) => (task.name = 'NFCORE_RNASEQ.RNASEQ.SALMON_QUANT'));
    ran.forEach((task) => {
      delete task.machines;
      task.command = { program: 'mkdir output\n  tar -xzvf salmon.tar.gz' };
    });
    if (ran[0] !== undefined) ran[0].command = { program: '-' };
  });
  const { step } = readOne(file);
  expect(step('split_ID1')).toMatchObject({ name: 'NFCORE_RNASEQ.RNASEQ.SALMON_QUANT', kind: 'SALMON_QUANT' });
  expect(step('count_ID2')).toMatchObject({ kind: 'SALMON_QUANT' });
  expect(step('count_ID2').resource).toBeUndefined();
});

test('the type of a task is its category, its program without the folder, or its name without the number', () => {
  const file = changed(({ tasks, ran }) => {
    if (tasks[0] !== undefined) tasks[0].category = 'splitting';
    if (ran[1] !== undefined) ran[1].command = { program: './bin/wc' };
    if (ran[2] !== undefined) delete ran[2].command;
  });
  const { step } = readOne(file);
  expect(['split_ID1', 'count_ID2', 'count_ID3'].map((id) => step(id).kind)).toEqual(['splitting', 'wc', 'count']);
});

test('a task that took no time is there, without length', () => {
  const { step } = readOne(changed(({ ran }) => Object.assign(ran[3] ?? {}, { runtimeInSeconds: 0 })));
  expect(step('merge_ID4').startNs).toBe(step('merge_ID4').endNs);
});

test('1.6, where the metrics of a task may be missing, and tasks without load or priority are read', () => {
  const file = changed(({ whole, ran }) => {
    whole.schemaVersion = '1.6';
    ran.forEach((task) => {
      delete task.avgCPU;
      delete task.priority;
    });
  });
  const { step } = readOne(file);
  expect(step('count_ID2').usage).toBeUndefined();
  expect(step('count_ID2')).toMatchObject({ type: 'completed', kind: 'count' });
});

test('cores, memory, bytes and power are kept, the power also under the name that WfCommons writes', () => {
  const file = changed(({ ran }) => {
    Object.assign(ran[0] ?? {}, { coreCount: 2, memoryInBytes: 1_141_000_000, readBytes: 7236, avgPowerInW: 12.5 });
    Object.assign(ran[1] ?? {}, { avgPowerInKWh: 13.5 });
  });
  const { step } = readOne(file);
  expect(step('split_ID1')).toMatchObject({ resource: { cores: 2 }, usage: { memoryBytes: '1141000000' } });
  expect(step('split_ID1').data).toMatchObject({ attributes: { readBytes: 7236, avgPowerInW: 12.5 } });
  expect(step('count_ID2').data).toMatchObject({ attributes: { avgPowerInW: 13.5 } });
});

test('1.4 has its tasks in one list, files with their direction, and parents by name', () => {
  const { step, execution } = readOne(legacyWfFile());
  expect(step('ID1')).toMatchObject({
    name: 'count_ID1',
    kind: 'counting',
    resource: { worker: 'node-1' },
    usage: { cpuSeconds: 1.95 },
  });
  expect(step('ID2')).toMatchObject({ kind: 'merge', dependsOn: [{ stepId: 'ID1', kind: 'data' }] });
  expect(step('ID2').data).toMatchObject({ reads: [{ key: 'a', bytes: '7' }], writes: [{ key: 'out' }] });
  expect(execution.origin).toMatchObject({ reconstructed: true, recordedMakespanNs: '12000000000' });
  expect((step('ID2').startNs ?? 0n) - (execution.startNs ?? 0n)).toBe(2_000_000_000n);
});

test('1.4 has tasks without id, run time, or parents; cores and power have other names there', () => {
  const file = legacyWfFile();
  (file.workflow as { tasks: Json[] }).tasks.push({ name: 'stage_out', type: 'transfer', cores: 2, avgPower: 9, parents: [''] });
  const stage = readOne(file).step('stage_out');
  expect(stage).toMatchObject({ type: 'completed', resource: { cores: 2 }, data: { attributes: { avgPowerInW: 9 } } });
  expect(stage.endNs).toBe(stage.startNs);
  expect(stage.dependsOn).toBeUndefined();
});

test('a task of 1.4 that names no parent comes after those that write its files', () => {
  const file = legacyWfFile();
  const { tasks } = file.workflow as { tasks: Json[] };
  delete tasks[1]?.parents;
  expect(readOne(file).step('ID2').dependsOn).toEqual([{ stepId: 'ID1', kind: 'data' }]);
});

test('an edge told by only one of both lists counts', () => {
  const file = changed(({ tasks }) => {
    Object.assign(tasks[0] ?? {}, { children: [] });
    Object.assign(tasks[3] ?? {}, { parents: [] });
  });
  const { step } = readOne(file);
  expect(step('count_ID3').dependsOn).toEqual([{ stepId: 'split_ID1', kind: 'data' }]);
  expect(step('merge_ID4').dependsOn?.map(({ stepId }) => stepId)).toEqual(['count_ID2', 'count_ID3']);
});

test('a task of which no run was recorded is skipped', () => {
  const { step } = readOne(changed(({ ran }) => ran.pop()));
  expect(step('merge_ID4')).toMatchObject({ type: 'skipped', dependsOn: [{ stepId: 'count_ID2' }, { stepId: 'count_ID3' }] });
  expect(step('merge_ID4').startNs).toBeUndefined();
});

test('a secret in a command line is not kept', () => {
  const file = changed(({ ran }) =>
    Object.assign(ran[0] ?? {}, { command: { program: 'x', arguments: ['--password=hunter2'] } }),
  );
  expect(JSON.stringify(readOne(file).step('split_ID1').data)).not.toContain('hunter2');
});

test.each<[string, (file: Parameters<Parameters<typeof changed>[0]>[0]) => void, RegExp]>([
  [
    'a cycle',
    ({ tasks }) => Object.assign(tasks[0] ?? {}, { parents: ['merge_ID4'] }),
    /^\$\.workflow\.specification\.tasks\[\d\] is part of a cycle: "\w+" → "\w+" → "\w+" → "\w+"; a task cannot wait for itself$/,
  ],
  [
    'a task that waits for itself',
    ({ tasks }) => Object.assign(tasks[1] ?? {}, { parents: ['count_ID2'] }),
    /^\$\.workflow\.specification\.tasks\[1\]\.parents\[0\] names the task itself/,
  ],
  [
    'an unknown parent',
    ({ tasks }) => Object.assign(tasks[1] ?? {}, { parents: ['nobody'] }),
    /^\$\.workflow\.specification\.tasks\[1\]\.parents\[0\] must be the id of a task of this file \(got "nobody"\)$/,
  ],
  [
    'two tasks of one id',
    ({ tasks, ran }) => {
      Object.assign(tasks[1] ?? {}, { id: 'split_ID1' });
      ran.splice(1, 1);
    },
    /tasks\[1\]\.id must be another id than that of \$\.workflow\.specification\.tasks\[0\] \(got "split_ID1"\)$/,
  ],
  [
    'a run of no task',
    ({ ran }) => Object.assign(ran[2] ?? {}, { id: 'nobody' }),
    /^\$\.workflow\.execution\.tasks\[2\]\.id must be the id of a task in \$\.workflow\.specification\.tasks/,
  ],
  [
    'a negative run time',
    ({ ran }) => Object.assign(ran[2] ?? {}, { runtimeInSeconds: -1 }),
    /^\$\.workflow\.execution\.tasks\[2\]\.runtimeInSeconds must be a number from 0 to 7258118400 \(got -1\)$/,
  ],
  [
    'no run time',
    ({ ran }) => delete ran[2]?.runtimeInSeconds,
    /tasks\[2\]\.runtimeInSeconds is missing; it must be a number of seconds/,
  ],
  ['no execution', ({ whole }) => Object.assign(whole.workflow, { execution: null }), /^\$\.workflow\.execution is missing/],
  ['no tasks', ({ tasks }) => tasks.splice(0), /^\$\.workflow\.specification\.tasks holds no task/],
  [
    'an old version',
    ({ whole }) => (whole.schemaVersion = '1.0'),
    /^\$\.schemaVersion must be one of 1\.4, 1\.5, 1\.6 \(got "1\.0"\)/,
  ],
  [
    'a time of no shape',
    ({ execution }) => (execution.executedAt = 'noon'),
    /^\$\.workflow\.execution\.executedAt must be a time/,
  ],
  ['no time', ({ execution }) => delete execution.executedAt, /^\$\.workflow\.execution\.executedAt is missing/],
  [
    'an id of a kilobyte',
    ({ tasks }) => Object.assign(tasks[0] ?? {}, { id: 'x'.repeat(1000) }),
    /tasks\[0\]\.id must be a text of 1 to 512 bytes/,
  ],
])('%s is refused with its place', (_, change, expected) => {
  const told = problemOf(() => readOne(changed(change)));
  expect(told).toMatch(/^invalid: /);
  expect(told.replace('invalid: ', '')).toMatch(expected);
});

test('a task that would end after 2200 is refused with its place', () => {
  const expected =
    'invalid: $.workflow.execution.tasks[1] ends after 2200; its start and runtimeInSeconds, with those before it, are too large';
  const told = problemOf(() => readOne(changed(({ ran }) => Object.assign(ran[1] ?? {}, { runtimeInSeconds: 7_000_000_000 }))));
  expect(told).toBe(expected);
  const late = changed(({ ran }) => Object.assign(ran[1] ?? {}, { executedAt: '2199-12-31T23:59:59Z' }));
  expect(problemOf(() => readOne(late))).toBe(expected);
});

test('ten thousand tasks in one chain are laid out without recursion', () => {
  const count = 10_000;
  const ids = Array.from({ length: count }, (_, i) => `t${i}`);
  const file = wfFile();
  file.workflow.specification.tasks = ids.map((id, i) => ({ id, name: id, parents: i === 0 ? [] : [`t${i - 1}`], children: [] }));
  file.workflow.execution.tasks = ids.map((id) => ({ id, runtimeInSeconds: 1 }));
  const { steps, facts } = readOne(file);
  expect(facts).toHaveLength(count + 1);
  expect(secondsAfter(steps.at(-1)?.endNs)).toBe(count);
});
