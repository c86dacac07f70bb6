import { isObject } from '../json.ts';
import { errorOf, plain } from './failure.ts';
import { nameIn, textIn } from './fields.ts';
import { closeStep, type Handle, nextNumber, openStep, type Outcome, stepOf } from './run.ts';

const kind = 'child_workflow';

/** Numbered in their order: the workflow ids of children are often random, their order is the definition's. */
const initiated: Handle = (run, event) => {
  const stepId = `child-workflow-${nextNumber(run, kind)}`;
  const step = openStep(run, event, { stepId, name: nameIn(event, 'workflowType'), kind });
  step.queuedNs = event.timeNs;
  step.pool = nameIn(event, 'taskQueue');
  step.input = event.attributes.input;
  step.attributes.workflowId = textIn(event, 'workflowId');
};

const started: Handle = (run, event) => {
  const step = stepOf(run, event, 'initiatedEventId', kind);
  step.startNs = event.timeNs;
  const { workflowExecution } = event.attributes;
  if (isObject(workflowExecution) && typeof workflowExecution.runId === 'string')
    step.attributes.executionId = workflowExecution.runId;
};

const ends =
  (outcome: Outcome, otherwise: string = outcome): Handle =>
  (run, event) => {
    const step = stepOf(run, event, 'initiatedEventId', kind);
    closeStep(run, step, event, outcome);
    if (outcome === 'completed') step.output = event.attributes.result;
    else {
      const cause = plain(event.attributes.cause, 'START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE_');
      step.error = errorOf(event.attributes.failure, { type: otherwise, message: cause });
    }
  };

/** Child workflows: a step here, an execution of its own there. */
export const childWorkflows: Readonly<Record<string, Handle>> = {
  StartChildWorkflowExecutionInitiated: initiated,
  StartChildWorkflowExecutionFailed: ends('failed', 'not started'),
  ChildWorkflowExecutionStarted: started,
  ChildWorkflowExecutionCompleted: ends('completed'),
  ChildWorkflowExecutionFailed: ends('failed'),
  ChildWorkflowExecutionTimedOut: ends('timed_out'),
  ChildWorkflowExecutionCanceled: ends('cancelled'),
  ChildWorkflowExecutionTerminated: ends('cancelled', 'terminated'),
};
