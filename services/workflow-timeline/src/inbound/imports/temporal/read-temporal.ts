// Temporal histories, as `temporal workflow show --output json` and the download of its UI write them.
import type { Fact } from '@tmws/contracts';
import type { Content } from '../content.ts';
import type { GrowingExecution } from '../imported.ts';
import { isObject } from '../json.ts';
import type { Reader } from '../reader.ts';
import { tellFacts } from '../recorded-facts.ts';
import { activities } from './activities.ts';
import { childWorkflows } from './child-workflows.ts';
import { closingOf, executionFact, runIdOf } from './execution.ts';
import { eventListOf, type HistoryEvent, parseHistory } from './history.ts';
import { localActivities } from './local-activities.ts';
import { messages } from './messages.ts';
import { nexusOperations } from './nexus.ts';
import { emptyRun, type Handle, type Run } from './run.ts';
import { stepFact } from './step-fact.ts';
import { timers } from './timers.ts';
import { workflowTasks } from './workflow-tasks.ts';

const handlers: ReadonlyMap<string, Handle> = new Map(
  Object.entries({
    ...workflowTasks,
    ...activities,
    ...timers,
    ...childWorkflows,
    ...messages,
    ...localActivities,
    ...nexusOperations,
  }),
);

export const temporal: Reader = {
  format: 'temporal',
  knownBy: 'an object with events, or a list, each with eventId and eventType',
  recognizes: (value) => {
    const list = eventListOf(value)?.list;
    if (list === undefined) return false;
    const [first] = list;
    // An empty list of events is a history without its beginning, an empty list is nothing known.
    return list.length === 0 ? isObject(value) : isObject(first) && ('eventType' in first || 'eventId' in first);
  },
  read,
};

function read({ value }: Content, ownId: string): GrowingExecution[] {
  const events = parseHistory(value);
  const [started] = events;
  if (started === undefined) return [];
  const run = emptyRun();
  for (const event of events) handlers.get(event.type)?.(run, event);
  const closing = closingOf(events);
  if (closing !== undefined) closeOpenSteps(run, closing);
  const executionId = runIdOf(events, ownId);
  const note = 'One attempt of an activity is in a history, its last; waits say how many came before it.';
  const origin = { reconstructed: false, note };
  const facts = () => factsOf(executionId, run, executionFact(executionId, started, closing));
  const tell = () => tellFacts({ format: 'temporal', executionId, facts: facts(), origin });
  return [{ id: executionId, factCount: run.steps.length + 1, tell }];
}

function* factsOf(executionId: string, { steps }: Run, execution: Fact): Iterable<Fact> {
  yield execution;
  for (const step of steps) yield stepFact(executionId, step);
}

/** With a workflow end its timers, its tasks, and Temporal's interest in its activities. Children may go on. */
function closeOpenSteps({ steps }: Run, { timeNs, id }: HistoryEvent): void {
  for (const step of steps) {
    if (step.outcome !== undefined || step.kind === 'child_workflow') continue;
    step.outcome = 'cancelled';
    step.endNs = timeNs;
    step.lastEventId = id;
    step.attributes.endedWithWorkflow = true;
    if (step.wait?.kind === 'timer') step.wait.toNs = timeNs;
  }
}
