// What reaches a workflow from outside: signals, requests to cancel it, updates.
import { isObject } from '../json.ts';
import { errorOf } from './failure.ts';
import type { HistoryEvent } from './history.ts';
import { textIn } from './fields.ts';
import { closeStep, type Handle, openStep, type Run, type Step, stepOf } from './run.ts';

/** A moment; the time since the last workflow task ended was spent waiting for something from outside, and this is what came. */
function signalled(run: Run, event: HistoryEvent, stepId: string, name: string): Step {
  const step = openStep(run, event, { stepId, name, kind: 'signal' });
  step.startNs = event.timeNs;
  step.worker = textIn(event, 'identity');
  const idleSinceNs = run.lastTask?.endNs;
  if (idleSinceNs !== undefined && idleSinceNs < event.timeNs)
    step.wait = { kind: 'external', fromNs: idleSinceNs, toNs: event.timeNs, reason: `until ${name}` };
  closeStep(run, step, event, 'completed');
  return step;
}

const signal: Handle = (run, event) => {
  const name = textIn(event, 'signalName');
  signalled(run, event, `signal-${name}`, name).input = event.attributes.input;
};

const cancelRequest: Handle = (run, event) => {
  signalled(run, event, 'cancel-request', 'cancel requested');
};

/** An update is in the history from when the workflow took it; the workflow task that did is the last one. */
const updateAccepted: Handle = (run, event) => {
  const request = event.attributes.acceptedRequest;
  const input = isObject(request) && isObject(request.input) ? request.input : {};
  const name = typeof input.name === 'string' ? input.name : '';
  const step = openStep(run, event, { stepId: `update-${name}`, name, kind: 'update' });
  step.startNs = event.timeNs;
  step.input = input.args;
  if (step.after.length === 0 && run.lastTask !== undefined) step.after.push(run.lastTask);
};

const updateCompleted: Handle = (run, event) => {
  const step = stepOf(run, event, 'acceptedEventId', 'update');
  const outcome = isObject(event.attributes.outcome) ? event.attributes.outcome : {};
  step.endNs = event.timeNs;
  step.outcome = outcome.failure === undefined ? 'completed' : 'failed';
  if (step.outcome === 'completed') step.output = outcome.success;
  else step.error = errorOf(outcome.failure, { type: 'failed', message: '' });
};

export const messages: Readonly<Record<string, Handle>> = {
  WorkflowExecutionSignaled: signal,
  WorkflowExecutionCancelRequested: cancelRequest,
  WorkflowExecutionUpdateAccepted: updateAccepted,
  WorkflowExecutionUpdateCompleted: updateCompleted,
};
