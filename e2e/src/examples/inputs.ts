// What the examples of the API are recorded of: two executions of the demo at a fixed time, a recorded workflow, a bad record.
import { demoEvents } from '@tmws/demo';

const startMs = Date.parse('2026-03-01T12:00:00Z');

const events = demoEvents({ seed: 7, startMs }).map(({ event }) => event);
const idOf = (workflow: string): string => {
  const found = events.find(({ subject }) => subject.startsWith(workflow))?.subject;
  if (found === undefined) throw new Error(`the demo has no ${workflow}`);
  return found;
};

export const factCheck = idOf('fact-check');
const triage = idOf('support-triage');

/** All that the demo tells of the two. */
export const told = events.filter(({ subject }) => subject === factCheck || subject === triage);

/** One event alone, in structured mode. */
export const oneEvent = {
  specversion: '1.0',
  id: '0001',
  source: '/shop/checkout',
  type: 'tmws.step.completed',
  time: '2026-03-01T12:03:02.5Z',
  data: {
    executionId: 'order-4711',
    workflow: { name: 'checkout', version: '3' },
    stepId: 'charge-card',
    kind: 'http',
    queuedAt: '2026-03-01T12:03:00Z',
    startedAt: '2026-03-01T12:03:01Z',
    finishedAt: '2026-03-01T12:03:02.5Z',
    waits: [{ kind: 'rate_limit', from: '2026-03-01T12:03:01.2Z', to: '2026-03-01T12:03:02Z', reason: '429 from the bank' }],
    resource: { pool: 'payments', worker: 'p-1' },
  },
};

const task = (id: string, parents: string[], children: string[]) => ({
  name: id,
  id,
  parents,
  children,
  inputFiles: parents.map((parent) => `${parent}.out`),
  outputFiles: [`${id}.out`],
});

/** A recorded workflow of three tasks, without start times. */
export const recordedWorkflow = {
  name: 'thumbnails',
  schemaVersion: '1.5',
  workflow: {
    specification: {
      tasks: [task('split', [], ['left', 'right']), task('left', ['split'], []), task('right', ['split'], [])],
      files: ['split', 'left', 'right'].map((id) => ({ id: `${id}.out`, sizeInBytes: 4096 })),
    },
    execution: {
      makespanInSeconds: 14,
      executedAt: '2026-02-28T09:00:00+00:00',
      tasks: [
        { id: 'split', runtimeInSeconds: 2.5 },
        { id: 'left', runtimeInSeconds: 6 },
        { id: 'right', runtimeInSeconds: 4.25 },
      ],
    },
  },
};

/** What no event is: it goes to the dead letters. */
export const badRecord = {
  headers: ['ce_specversion=1.0', 'ce_id=9', 'ce_source=/shop', 'ce_type=tmws.step.finished'],
  value: '{}',
};

/** Alerts as Prometheus pushes them. */
export const pushed = [
  {
    labels: { alertname: 'HighErrorRate', severity: 'critical', job: 'checkout' },
    annotations: { summary: '12 % of payments fail' },
    generatorURL: 'http://prometheus.example/graph',
    startsAt: '2026-03-01T12:00:00Z',
  },
  {
    labels: { alertname: 'DiskFull', severity: 'warning', job: 'node' },
    annotations: { summary: 'Full in four hours' },
    startsAt: '2026-03-01T12:01:00Z',
  },
];
