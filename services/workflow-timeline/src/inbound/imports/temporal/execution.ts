import { create, type JsonObject as Attributes } from '@bufbuild/protobuf';
import { ExecutionEventSchema, type Fact, FactSchema, type StepError } from '@tmws/contracts';
import { fieldOf, isId, isObject, wrong } from '../json.ts';
import { timestampOf } from '../recorded-facts.ts';
import { errorOf } from './failure.ts';
import { nameIn, textIn } from './fields.ts';
import type { HistoryEvent } from './history.ts';
import { payloadOf } from './payloads.ts';
import type { Outcome } from './run.ts';

const closings = new Map<string, Outcome>([
  ['WorkflowExecutionCompleted', 'completed'],
  ['WorkflowExecutionFailed', 'failed'],
  ['WorkflowExecutionTimedOut', 'timed_out'],
  ['WorkflowExecutionCanceled', 'cancelled'],
  ['WorkflowExecutionTerminated', 'cancelled'],
  ['WorkflowExecutionContinuedAsNew', 'completed'],
]);

/** The event that closed the execution; undefined of one that is open, or whose history was cut off. */
export function closingOf(events: readonly HistoryEvent[]): HistoryEvent | undefined {
  return events.findLast(({ type }) => closings.has(type));
}

/**
 * The run id. A reset copies the history, start and all, into a new run: there the id is the one that the last reset gave.
 *
 * @param ownId  if the history tells none, as it may not when it was written by hand
 */
export function runIdOf(events: readonly HistoryEvent[], ownId: string): string {
  const reset = events.findLast(({ type, attributes }) => type === 'WorkflowTaskFailed' && isReset(attributes.cause));
  const [started] = events;
  if (started === undefined) return ownId;
  const id =
    (reset === undefined ? '' : textIn(reset, 'newRunId')) ||
    textIn(started, 'originalExecutionRunId') ||
    textIn(started, 'firstExecutionRunId') ||
    ownId;
  if (!isId(id)) throw wrong(`${started.at}: originalExecutionRunId`, 'a run id of at most 512 bytes', id);
  return id;
}

function isReset(cause: unknown): boolean {
  return cause === 'WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW' || cause === 'ResetWorkflow';
}

/** The one fact of the execution: how it ended, or that it began. */
export function executionFact(executionId: string, started: HistoryEvent, closing: HistoryEvent | undefined): Fact {
  const { attributes } = started;
  const parent = fieldOf(attributes, 'parentWorkflowExecution');
  const parentExecutionId = isObject(parent) ? fieldOf(parent, 'runId') : undefined;
  const name = nameIn(started, 'workflowType');
  const value = create(ExecutionEventSchema, {
    executionId,
    name,
    workflow: { name },
    parentExecutionId: typeof parentExecutionId === 'string' && isId(parentExecutionId) ? parentExecutionId : '',
    startedAt: timestampOf(started.timeNs),
    attributes: attributesOf(started, closing),
  });
  value.input = payloadOf(attributes.input);
  if (closing !== undefined) {
    value.finishedAt = create(ExecutionEventSchema, { finishedAt: timestampOf(closing.timeNs) }).finishedAt;
    value.output = payloadOf(closing.attributes.result);
    value.error = errorOfClosing(closing);
  }
  const type = closing === undefined ? 'started' : (closings.get(closing.type) ?? 'completed');
  return create(FactSchema, {
    id: `execution-${closing?.id ?? started.id}`,
    type: `tmws.execution.${type}`,
    time: timestampOf((closing ?? started).timeNs),
    data: { case: 'execution', value },
  });
}

function errorOfClosing(closing: HistoryEvent): StepError | undefined {
  switch (closing.type) {
    case 'WorkflowExecutionFailed':
      return errorOf(closing.attributes.failure, { type: 'failed', message: '' });
    case 'WorkflowExecutionTimedOut':
      return errorOf(undefined, { type: 'Timeout', message: 'the execution ran into its timeout' });
    case 'WorkflowExecutionTerminated':
      return errorOf(undefined, { type: 'Terminated', message: textIn(closing, 'reason') });
    default:
      return undefined;
  }
}

function attributesOf(started: HistoryEvent, closing: HistoryEvent | undefined): Attributes {
  const attributes: Attributes = {};
  const tell = (name: string, value: string): void => {
    if (value !== '') attributes[name] = value;
  };
  for (const name of ['workflowId', 'firstExecutionRunId', 'continuedExecutionRunId', 'cronSchedule'] as const)
    tell(name, textIn(started, name));
  tell('taskQueue', nameIn(started, 'taskQueue'));
  if (closing !== undefined) tell('newExecutionRunId', textIn(closing, 'newExecutionRunId'));
  return attributes;
}
