import { fieldOf, isObject } from '../json.ts';
import { errorOf } from './failure.ts';
import { nameIn, summaryOf, textIn } from './fields.ts';
import { closeStep, type Handle, openStep, type Outcome, stepOf } from './run.ts';

const kind = 'activity';
const maxAttempt = 1_000_000;

const scheduled: Handle = (run, event) => {
  const stepId = textIn(event, 'activityId') || String(event.id);
  const step = openStep(run, event, { stepId, name: nameIn(event, 'activityType'), kind });
  step.queuedNs = event.timeNs;
  step.pool = nameIn(event, 'taskQueue');
  step.input = event.attributes.input;
  const summary = summaryOf(event);
  if (summary !== '') step.attributes.summary = summary;
};

/** Only the last attempt is in the history: it is written when it ends, the ones before it never. */
const started: Handle = (run, event) => {
  const step = stepOf(run, event, 'scheduledEventId', kind);
  step.startNs = event.timeNs;
  step.worker = textIn(event, 'identity');
  const attempt = Number(fieldOf(event.attributes, 'attempt') ?? 1);
  step.attempt = Number.isInteger(attempt) && attempt >= 1 && attempt <= maxAttempt ? attempt : 1;
  const { lastFailure } = event.attributes;
  if (isObject(lastFailure) && typeof lastFailure.message === 'string') step.attributes.lastFailure = lastFailure.message;
  if (step.attempt > 1 && step.queuedNs !== undefined) {
    const reason = `wait incl. ${step.attempt - 1} hidden attempt${step.attempt === 2 ? '' : 's'}`;
    step.wait = { kind: 'retry_backoff', fromNs: step.queuedNs, toNs: event.timeNs, reason };
  }
};

const ends =
  (outcome: Outcome): Handle =>
  (run, event) => {
    const step = stepOf(run, event, 'scheduledEventId', kind);
    closeStep(run, step, event, outcome);
    if (outcome === 'completed') step.output = event.attributes.result;
    else if (outcome !== 'cancelled') step.error = errorOf(event.attributes.failure, { type: outcome, message: '' });
  };

const cancelRequested: Handle = (run, event) => {
  stepOf(run, event, 'scheduledEventId', kind).attributes.cancelRequested = true;
};

export const activities: Readonly<Record<string, Handle>> = {
  ActivityTaskScheduled: scheduled,
  ActivityTaskStarted: started,
  ActivityTaskCompleted: ends('completed'),
  ActivityTaskFailed: ends('failed'),
  ActivityTaskTimedOut: ends('timed_out'),
  ActivityTaskCanceled: ends('cancelled'),
  ActivityTaskCancelRequested: cancelRequested,
};
