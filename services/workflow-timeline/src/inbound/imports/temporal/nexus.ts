import { errorOf } from './failure.ts';
import { textIn } from './fields.ts';
import { closeStep, type Handle, nextNumber, openStep, type Outcome, stepOf } from './run.ts';

const kind = 'nexus';

const scheduled: Handle = (run, event) => {
  const name = [textIn(event, 'service'), textIn(event, 'operation')].filter((part) => part !== '').join('.');
  const step = openStep(run, event, { stepId: `nexus-${nextNumber(run, kind)}`, name, kind });
  step.queuedNs = event.timeNs;
  step.pool = textIn(event, 'endpoint');
  step.input = [event.attributes.input ?? null];
};

const started: Handle = (run, event) => {
  stepOf(run, event, 'scheduledEventId', kind).startNs = event.timeNs;
};

/** One that ended at once has no start of its own: it ran since it was scheduled. */
const ends =
  (outcome: Outcome): Handle =>
  (run, event) => {
    const step = stepOf(run, event, 'scheduledEventId', kind);
    step.startNs ??= step.queuedNs;
    closeStep(run, step, event, outcome);
    if (outcome === 'completed') step.output = [event.attributes.result ?? null];
    else step.error = errorOf(event.attributes.failure, { type: outcome, message: '' });
  };

export const nexusOperations: Readonly<Record<string, Handle>> = {
  NexusOperationScheduled: scheduled,
  NexusOperationStarted: started,
  NexusOperationCompleted: ends('completed'),
  NexusOperationFailed: ends('failed'),
  NexusOperationTimedOut: ends('timed_out'),
  NexusOperationCanceled: ends('cancelled'),
};
