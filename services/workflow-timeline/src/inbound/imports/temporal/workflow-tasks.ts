import { errorOf, plain } from './failure.ts';
import { type Handle, nextNumber, openStep, type Outcome, stepOf } from './run.ts';
import { nameIn, textIn } from './fields.ts';

const kind = 'workflow_task';

const scheduled: Handle = (run, event) => {
  const step = openStep(run, event, { stepId: `workflow-task-${nextNumber(run, kind)}`, name: 'workflow task', kind });
  step.queuedNs = event.timeNs;
  step.pool = nameIn(event, 'taskQueue');
  // Temporal runs the workflow tasks of an execution one after the other, so each knows what those before it have seen.
  if (run.lastTask !== undefined) step.after.push(run.lastTask);
  run.lastTask = step;
};

/** What ended since the last one began is what woke it, or came while it waited for a worker. */
const started: Handle = (run, event) => {
  const step = stepOf(run, event, 'scheduledEventId', kind);
  step.startNs = event.timeNs;
  step.worker = textIn(event, 'identity');
  for (const seen of run.unseen) step.after.push(seen);
  run.unseen = [];
};

const ends =
  (outcome: Outcome): Handle =>
  (run, event) => {
    const step = stepOf(run, event, 'scheduledEventId', kind);
    step.endNs = event.timeNs;
    step.outcome = outcome;
    if (outcome === 'completed') {
      run.tasks.set(event.id, step);
      return;
    }
    const cause = plain(event.attributes.cause ?? event.attributes.timeoutType, 'WORKFLOW_TASK_FAILED_CAUSE_');
    step.error = errorOf(event.attributes.failure, { type: cause || outcome, message: cause });
  };

/** Workflow tasks: the workflow's own code runs in them, woken by what happened. */
export const workflowTasks: Readonly<Record<string, Handle>> = {
  WorkflowTaskScheduled: scheduled,
  WorkflowTaskStarted: started,
  WorkflowTaskCompleted: ends('completed'),
  WorkflowTaskFailed: ends('failed'),
  WorkflowTaskTimedOut: ends('timed_out'),
};
