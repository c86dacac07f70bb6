import fc from 'fast-check';
import { Problem } from '@tmws/problems';
import type { ImportedFile } from './imported.ts';
import { readImport } from './read-import.ts';
import { history, payloads } from './testing/history-file.ts';
import { mutated } from '@tmws/testkit';
import { legacyWfFile, wfFile } from './testing/wf-file.ts';

/** A history with a step of each kind. */
function everyKind(): unknown {
  const of = history();
  const workflowTaskCompletedEventId = of.task();
  of.activity(workflowTaskCompletedEventId, '1', { attempt: 2, lastFailure: { message: 'no' } });
  const startedEventId = of.add('TimerStarted', { timerId: '1', startToFireTimeout: '1s', workflowTaskCompletedEventId });
  const initiatedEventId = of.add('StartChildWorkflowExecutionInitiated', { workflowId: 'c', workflowTaskCompletedEventId });
  of.add('TimerFired', { timerId: '1', startedEventId });
  of.add('ChildWorkflowExecutionStarted', { initiatedEventId, workflowExecution: { runId: 'r' } });
  of.add('ChildWorkflowExecutionFailed', { initiatedEventId, failure: { message: 'no', cause: { message: 'why' } } });
  of.add('MarkerRecorded', { markerName: 'LocalActivity', details: { data: payloads({ ActivityID: 'a', ReplayTime: 'now' }) } });
  of.add('WorkflowExecutionSignaled', { signalName: 's', input: payloads([1, { a: null }]) });
  const acceptedEventId = of.add('WorkflowExecutionUpdateAccepted', {
    acceptedRequest: { input: { name: 'u', args: payloads(1) } },
  });
  of.add('WorkflowExecutionUpdateCompleted', { acceptedEventId, outcome: { success: payloads(1) } });
  const scheduledEventId = of.add('NexusOperationScheduled', { service: 's', operation: 'o', workflowTaskCompletedEventId });
  of.add('NexusOperationCompleted', { scheduledEventId });
  of.add('WorkflowExecutionFailed', { failure: { message: 'no' }, workflowTaskCompletedEventId: of.task() });
  return { events: of.events };
}

const event = (id: string, type: string, data: Record<string, unknown>): Record<string, unknown> => ({
  specversion: '1.0',
  id,
  source: '/engine',
  type,
  time: '2026-03-01T12:00:00Z',
  data: { executionId: 'run-7', ...data },
});
const step = {
  stepId: 'a',
  attempt: 1,
  startedAt: '2026-03-01T12:00:00Z',
  dependsOn: [{ stepId: 'b' }],
  input: { inline: { a: [1] } },
};
const events = [
  event('1', 'tmws.execution.planned', { steps: [{ stepId: 'a', dependsOn: [{ stepId: 'b' }] }] }),
  event('2', 'tmws.step.completed', step),
  event('3', 'tmws.steps.reported', { facts: [{ type: 'tmws.step.failed', step: { ...step, error: { message: 'no' } } }] }),
];

/** How often what came of it; any error but a Problem, or one of our own making, fails. */
function readOrNamed(bytes: Uint8Array, came: Record<string, number>): void {
  let read: ImportedFile;
  try {
    read = readImport(bytes, 'ab'.repeat(32));
  } catch (error) {
    if (!(error instanceof Problem) || error.kind === 'internal') throw error;
    expect(error.message.length).toBeLessThan(1500);
    came[error.kind] = (came[error.kind] ?? 0) + 1;
    return;
  }
  for (const { id, facts } of read.executions) {
    expect(id).not.toBe('');
    expect(facts.length).toBeGreaterThan(0);
  }
  came.read = (came.read ?? 0) + 1;
}

test.each<[string, unknown]>([
  ['a WfFormat file', wfFile()],
  ['a WfFormat file of version 1.4', legacyWfFile()],
  ['a Temporal history', everyKind()],
  ['a list of CloudEvents', events],
])('%s with anything wrong in it is read, or refused with a reason: 2,500 of them', (_, file) => {
  const came: Record<string, number> = {};
  fc.assert(
    fc.property(mutated(file), (bytes) => {
      readOrNamed(bytes, came);
    }),
    { numRuns: 2500 },
  );
  expect(came.read).toBeGreaterThan(50);
  expect(came.invalid).toBeGreaterThan(250);
});
