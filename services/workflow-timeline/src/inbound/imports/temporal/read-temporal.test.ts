import { base64, type History, history, payloads } from '../testing/history-file.ts';
import { problemOf, type Read, readOne } from '../testing/read.ts';

const begunNs = BigInt(Date.UTC(2026, 0, 1)) * 1_000_000n;
const at = (seconds: number): bigint => begunNs + BigInt(seconds) * 1_000_000_000n;
const read = ({ events }: History): Read => readOne({ events });
const after = (of: Read, stepId: string, iteration = 0): string[] =>
  (of.step(stepId, iteration).dependsOn ?? []).map((edge) => edge.stepId + '/' + String(edge.iteration));

/** One activity, completed. */
function simple(style?: 'api' | 'plain'): History {
  const of = history(style);
  of.activity(of.task(), '5');
  of.add('WorkflowExecutionCompleted', { result: payloads('ok'), workflowTaskCompletedEventId: of.task() });
  return of;
}

test('an execution is its run, its type the workflow, and ends as its last event says', () => {
  const of = simple();
  const { id, execution } = read(of);
  expect(id).toBe('run-1');
  expect(execution).toMatchObject({
    type: 'completed',
    name: 'order',
    workflow: { name: 'order', version: '' },
    startNs: at(0),
    endNs: at(10),
    origin: { format: 'temporal', reconstructed: false },
    data: { output: { inline: 'ok' }, attributes: { workflowId: 'order-1', firstExecutionRunId: 'run-0', taskQueue: 'orders' } },
  });
});

test('an activity has its id, its type, its queue, its worker, and its payloads decoded', () => {
  expect(read(simple()).step('5')).toMatchObject({
    type: 'completed',
    name: 'charge',
    kind: 'activity',
    attempt: 1,
    queuedNs: at(4),
    startNs: at(5),
    endNs: at(6),
    resource: { pool: 'orders', worker: 'worker-2' },
    data: { input: { inline: { order: 1 } }, output: { inline: 'done' } },
  });
});

test('both styles of event names, numbers and texts as ids, a bare list and the list of the API are the same history', () => {
  const expected = read(simple()).facts;
  const numbered = (item: Record<string, unknown>): unknown => ({ ...item, eventId: Number(item.eventId) });
  expect(read(simple('plain')).facts).toEqual(expected);
  expect(readOne(simple().events).facts).toEqual(expected);
  expect(readOne({ events: simple().events.map(numbered) }).facts).toEqual(expected);
  expect(readOne({ history: { events: simple('plain').events } }).facts).toEqual(expected);
  expect(readOne({ events: simple().events.toReversed() }).facts).toEqual(expected);
});

test.each([
  ['2026-01-01T00:00:04Z', at(4)],
  ['2026-01-01T00:00:04.1Z', at(4) + 100_000_000n],
  ['2026-01-01T00:00:04.123456789Z', at(4) + 123_456_789n],
  ['2026-01-01T01:00:04.5+01:00', at(4) + 500_000_000n],
  [{ seconds: String(at(4) / 1_000_000_000n), nanos: 7 }, at(4) + 7n],
  [{ seconds: Number(at(4) / 1_000_000_000n) }, at(4)],
])('the event time %j is read', (eventTime, expected) => {
  const { events } = simple();
  const [scheduled] = events.splice(4, 1);
  events.push({ ...scheduled, eventTime });
  expect(readOne(events).step('5').queuedNs).toBe(expected);
});

test('an activity comes after the workflow task that scheduled it, and that after what woke it and the task before', () => {
  const of = history();
  const first = of.task();
  of.activity(first, 'a');
  of.activity(of.task(), 'b');
  of.add('WorkflowExecutionCompleted', { workflowTaskCompletedEventId: of.task() });
  const told = read(of);
  expect(after(told, 'workflow-task-1')).toEqual([]);
  expect(after(told, 'a')).toEqual(['workflow-task-1/0']);
  expect(after(told, 'workflow-task-2')).toEqual(['workflow-task-1/0', 'a/0']);
  expect(after(told, 'b')).toEqual(['workflow-task-2/0']);
  expect(told.step('workflow-task-2')).toMatchObject({
    kind: 'workflow_task',
    type: 'completed',
    resource: { pool: 'orders', worker: 'worker-1' },
    dependsOn: [{ kind: 'control' }, { kind: 'control' }],
  });
});

test('an attempt beyond the first keeps its number, and its wait says how many attempts are hidden in it', () => {
  const of = history();
  of.activity(of.task(), '1', { attempt: 3, lastFailure: { message: 'card declined' } });
  expect(read(of).step('1')).toMatchObject({
    attempt: 3,
    waits: [{ kind: 'retry_backoff', fromNs: at(4), toNs: at(5), reason: 'wait incl. 2 hidden attempts' }],
    data: { attributes: { lastFailure: 'card declined' } },
  });
});

test('a history that was cut off is an execution that goes on, its steps as far as they came', () => {
  const of = simple();
  of.events.splice(6);
  const { execution, step } = read(of);
  expect(execution).toMatchObject({ type: 'started', startNs: at(0) });
  expect(execution.endNs).toBeUndefined();
  expect(step('5')).toMatchObject({ type: 'started', startNs: at(5) });
  expect(step('5').endNs).toBeUndefined();
});

test('the whole history, imported after a part of it, tells the rest as new facts', () => {
  const part = simple();
  part.events.splice(6);
  const ids = (of: Read): string[] => of.facts.map(({ stamp }) => stamp.id);
  const known = new Set(ids(read(part)));
  const news = ids(read(simple())).filter((id) => !known.has(id));
  expect(news).toEqual(['run-1#execution-11', 'run-1#5-7', 'run-1#8-10']);
});

test('an activity ends as it did, with the failure and its causes', () => {
  const of = history();
  const task = of.task();
  const open = (activityId: string): string => {
    const given = { activityId, activityType: { name: 'charge' }, workflowTaskCompletedEventId: task };
    return of.add('ActivityTaskScheduled', given);
  };
  const failure = {
    message: 'declined',
    stackTrace: 'at charge',
    applicationFailureInfo: { type: 'CardError' },
    cause: { message: 'no money', applicationFailureInfo: { type: 'BankError' } },
  };
  of.add('ActivityTaskFailed', { scheduledEventId: open('failed'), failure });
  const timeout = { message: 'too slow', timeoutFailureInfo: { timeoutType: 'TIMEOUT_TYPE_START_TO_CLOSE' } };
  of.add('ActivityTaskTimedOut', { scheduledEventId: open('late'), failure: timeout });
  const cancelled = open('cancelled');
  of.add('ActivityTaskCancelRequested', { scheduledEventId: cancelled });
  of.add('ActivityTaskCanceled', { scheduledEventId: cancelled });
  const { step } = read(of);
  expect(step('failed')).toMatchObject({
    type: 'failed',
    error: { type: 'CardError', message: 'declined', detail: 'at charge\nCaused by BankError: no money' },
  });
  expect(step('late')).toMatchObject({ type: 'timed_out', error: { type: 'Timeout START_TO_CLOSE', message: 'too slow' } });
  expect(step('cancelled')).toMatchObject({ type: 'cancelled', data: { attributes: { cancelRequested: true } } });
  expect(step('cancelled').error).toBeUndefined();
});

test('a timer is a wait from start to end; one that is still open when its workflow ends, ends with it', () => {
  const of = history();
  const workflowTaskCompletedEventId = of.task();
  const timer = (timerId: string): string =>
    of.add('TimerStarted', { timerId, startToFireTimeout: '5s', workflowTaskCompletedEventId });
  const [fired, cancelled] = [timer('1'), timer('2')];
  timer('3');
  of.add('TimerFired', { timerId: '1', startedEventId: fired });
  of.add('TimerCanceled', { timerId: '2', startedEventId: cancelled });
  of.add('WorkflowExecutionTerminated', { reason: 'enough' });
  const { step, execution } = read(of);
  expect(step('timer-1')).toMatchObject({
    type: 'completed',
    kind: 'timer',
    name: 'timer 5s',
    waits: [{ kind: 'timer', fromNs: at(4), toNs: at(7), reason: 'timer 5s' }],
  });
  expect(step('timer-2')).toMatchObject({ type: 'cancelled' });
  expect(step('timer-3')).toMatchObject({ type: 'cancelled', endNs: at(9), data: { attributes: { endedWithWorkflow: true } } });
  expect(execution).toMatchObject({ type: 'cancelled', error: { type: 'Terminated', message: 'enough' } });
});

test('a child workflow is a step that names the execution it is, and goes on if its parent ends', () => {
  const of = history();
  const workflowTaskCompletedEventId = of.task();
  const child = (): string => {
    const given = { workflowId: 'c', workflowType: { name: 'ship' }, workflowTaskCompletedEventId };
    return of.add('StartChildWorkflowExecutionInitiated', given);
  };
  const [first, second] = [child(), child()];
  of.add('ChildWorkflowExecutionStarted', { initiatedEventId: first, workflowExecution: { workflowId: 'c', runId: 'run-c' } });
  of.add('ChildWorkflowExecutionStarted', { initiatedEventId: second });
  of.add('ChildWorkflowExecutionCompleted', { initiatedEventId: first, result: payloads(1, 2) });
  of.add('WorkflowExecutionContinuedAsNew', { newExecutionRunId: 'run-2' });
  const { step, execution } = read(of);
  expect(step('child-workflow-1')).toMatchObject({
    type: 'completed',
    name: 'ship',
    kind: 'child_workflow',
    queuedNs: at(4),
    startNs: at(6),
    endNs: at(8),
    data: { output: { inline: [1, 2] }, attributes: { workflowId: 'c', executionId: 'run-c' } },
  });
  expect(step('child-workflow-2')).toMatchObject({ type: 'started' });
  expect(execution).toMatchObject({ type: 'completed', data: { attributes: { newExecutionRunId: 'run-2' } } });
});

test('a signal is a moment, the time since the last workflow task a wait for it, and it wakes the next one', () => {
  const of = history();
  of.task();
  of.add('WorkflowExecutionSignaled', { signalName: 'approve', input: payloads({ by: 'kim' }), identity: 'kim' });
  of.task();
  of.add('WorkflowExecutionSignaled', { signalName: 'approve' });
  const told = read(of);
  expect(told.step('signal-approve')).toMatchObject({
    kind: 'signal',
    startNs: at(4),
    endNs: at(4),
    waits: [{ kind: 'external', fromNs: at(3), toNs: at(4), reason: 'until approve' }],
    data: { input: { inline: { by: 'kim' } } },
  });
  expect(after(told, 'workflow-task-2')).toEqual(['workflow-task-1/0', 'signal-approve/0']);
  expect(told.step('signal-approve', 1).startNs).toBe(at(8));
});

test('an update is there from when it was accepted to when it completed', () => {
  const of = history();
  of.task();
  const acceptedEventId = of.add('WorkflowExecutionUpdateAccepted', {
    acceptedRequest: { meta: { updateId: 'u' }, input: { name: 'setPrice', args: payloads(7) } },
  });
  of.add('WorkflowExecutionUpdateCompleted', { acceptedEventId, outcome: { success: payloads('set') } });
  expect(read(of).step('update-setPrice')).toMatchObject({
    type: 'completed',
    kind: 'update',
    startNs: at(4),
    endNs: at(5),
    data: { input: { inline: 7 }, output: { inline: 'set' } },
  });
});

test.each([
  [
    'Core',
    'core_local_activity',
    {
      data: payloads({
        seq: 1,
        attempt: 2,
        activity_id: 'a',
        activity_type: 'hash',
        complete_time: '2026-01-01T00:00:03.5Z',
        original_schedule_time: '2026-01-01T00:00:03Z',
      }),
    },
    2,
    at(3),
    at(3) + 500_000_000n,
  ],
  [
    'Go',
    'LocalActivity',
    { data: payloads({ ActivityID: 'a', ActivityType: 'hash', ReplayTime: '2026-01-01T00:00:03.5Z', Attempt: 1 }) },
    1,
    at(3) + 500_000_000n,
    at(3) + 500_000_000n,
  ],
  ['Java', 'LocalActivity', { activityId: payloads('a'), type: payloads('hash'), time: payloads(12) }, 1, at(4), at(4)],
])('a local activity of the %s SDKs is a step, known by its marker', (_, markerName, details, attempt, startNs, endNs) => {
  const of = history();
  const workflowTaskCompletedEventId = of.task();
  of.add('MarkerRecorded', { markerName, details: { ...details, result: payloads('x') }, workflowTaskCompletedEventId });
  of.add('MarkerRecorded', { markerName: 'core_patch', details: {}, workflowTaskCompletedEventId });
  const told = read(of);
  expect(told.step('local-activity-a')).toMatchObject({
    name: 'hash',
    kind: 'local_activity',
    attempt,
    startNs,
    endNs,
    type: 'completed',
  });
  expect(told.steps).toHaveLength(2);
});

test('a Nexus operation that is answered at once ran since it was scheduled', () => {
  const of = history();
  const given = { endpoint: 'bank', service: 'accounts', operation: 'open', workflowTaskCompletedEventId: of.task() };
  const scheduledEventId = of.add('NexusOperationScheduled', given);
  of.add('NexusOperationCompleted', { scheduledEventId });
  expect(read(of).step('nexus-1')).toMatchObject({
    name: 'accounts.open',
    kind: 'nexus',
    resource: { pool: 'bank' },
    startNs: at(4),
    endNs: at(5),
  });
});

test('a step id that is used again is another round, and never another kind of step', () => {
  const of = history();
  of.activity(of.task(), 'timer-1');
  of.activity(of.task(), 'timer-1');
  of.add('TimerStarted', { timerId: '1', workflowTaskCompletedEventId: of.task() });
  const told = read(of);
  expect([0, 1, 2].map((round) => told.step('timer-1', round).kind)).toEqual(['activity', 'activity', 'timer']);
  expect(after(told, 'workflow-task-3')).toEqual(['workflow-task-2/0', 'timer-1/1']);
});

test('a history that was reset is the new run, and its failed task says why', () => {
  const of = history();
  const scheduledEventId = of.add('WorkflowTaskScheduled');
  of.add('WorkflowTaskStarted', { scheduledEventId });
  const cause = 'WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW';
  of.add('WorkflowTaskFailed', {
    scheduledEventId,
    cause,
    baseRunId: 'run-1',
    newRunId: 'run-9',
    failure: { message: 'try again' },
  });
  of.task();
  const told = read(of);
  expect(told.id).toBe('run-9');
  expect(told.step('workflow-task-1')).toMatchObject({ type: 'failed', error: { type: 'RESET_WORKFLOW', message: 'try again' } });
  expect(after(told, 'workflow-task-2')).toEqual(['workflow-task-1/0']);
});

test('a child execution names its parent; a history without run ids is known by its content', () => {
  const of = history();
  of.events[0] = {
    ...of.events[0],
    workflowExecutionStartedEventAttributes: {
      workflowType: { name: 'ship' },
      parentWorkflowExecution: { workflowId: 'order-1', runId: 'run-p' },
    },
  };
  const { id, execution } = read(of);
  expect(id).toBe('temporal-0123456789abcdef');
  expect(execution).toMatchObject({ parentExecutionId: 'run-p', type: 'started' });
});

test('payloads: JSON is decoded, what only its converter reads is told by encoding and length, decoded ones are taken as they are', () => {
  const of = history();
  const task = of.task();
  const activity = (activityId: string, input: unknown): void => {
    of.add('ActivityTaskScheduled', { activityId, input, workflowTaskCompletedEventId: task });
  };
  const payload = (encoding: string, data: string) => ({ metadata: { encoding: base64(encoding) }, data: base64(data) });
  activity('null', { payloads: [payload('binary/null', '')] });
  activity('none', {});
  activity('secret', { payloads: [payload('binary/encrypted', 'abc'), payload('json/plain', '{"a":1}')] });
  activity('broken', { payloads: [payload('json/plain', '{"a":')] });
  activity('endless', { payloads: [payload('json/plain', '[1e999,-1e999,1]')] });
  activity('shown', { payloads: [{ order: 4 }] });
  activity('proto', { payloads: [payload('json/plain', '{"__proto__":{"a":1}}')] });
  activity('deep', { payloads: [payload('json/plain', '['.repeat(100_000))] });
  const { step } = read(of);
  expect(step('null').data).toBeUndefined();
  expect(step('none').data).toBeUndefined();
  expect(step('secret').data).toEqual({ input: { inline: [{ encoding: 'binary/encrypted', bytes: 3 }, { a: 1 }] } });
  expect(step('broken').data).toEqual({ input: { inline: { encoding: 'json/plain', bytes: 5 } } });
  expect(step('endless').data).toEqual({ input: { inline: ['Infinity', '-Infinity', 1] } });
  expect(step('shown').data).toEqual({ input: { inline: { order: 4 } } });
  expect(JSON.stringify(step('proto').data)).toBe('{"input":{"inline":{"__proto__":{"a":1}}}}');
  expect(step('deep').data).toEqual({ input: { inline: { encoding: 'json/plain', bytes: 100_000 } } });
});

test('a payload beyond 64 KiB is capped and credentials in it are not kept, as at every door', () => {
  const of = history();
  const big = payloads({ password: 'hunter2', text: 'x'.repeat(100_000) });
  of.add('ActivityTaskScheduled', { activityId: 'a', input: big, workflowTaskCompletedEventId: of.task() });
  const kept = JSON.stringify(read(of).step('a').data);
  expect(kept).toContain('"truncated":true');
  expect(kept).not.toContain('hunter2');
});

test('types of events that are not known are passed over', () => {
  const of = simple();
  of.add('WorkflowPropertiesModified', { anything: [1] });
  expect(read(of).facts).toHaveLength(4);
});

test('a task that a great many events woke tells the last ten thousand, and how many it does not', () => {
  const of = history();
  for (let i = 0; i < 10_002; i++) of.add('WorkflowExecutionSignaled', { signalName: 's' });
  of.task();
  const { step } = read(of);
  expect(step('workflow-task-1').dependsOn).toHaveLength(10_000);
  expect(step('workflow-task-1').dependsOn?.at(-1)).toMatchObject({ stepId: 'signal-s', iteration: 10_001 });
  expect(step('workflow-task-1').data).toEqual({ attributes: { dependenciesNotTold: 2 } });
});

test.each<[string, (events: Record<string, unknown>[]) => void, string]>([
  [
    'a missing beginning',
    (events) => events.shift(),
    '$.events must begin with WorkflowExecutionStarted (got "WorkflowTaskScheduled"); export the whole history, as `temporal workflow show --output json` does',
  ],
  [
    'a missing event',
    (events) => events.splice(4, 1),
    '$.events[4]: scheduledEventId must be the id of an event before it that began a step of kind activity; export the whole history (got 5)',
  ],
  [
    'an event that refers to another kind',
    (events) => (events[5] = { ...events[5], activityTaskStartedEventAttributes: { scheduledEventId: '2' } }),
    '$.events[5]: scheduledEventId must be the id of an event before it that began a step of kind activity; export the whole history (got 2)',
  ],
  [
    'two events of one id',
    (events) => (events[3] = { ...events[3], eventId: '3' }),
    '$.events[3].eventId must be another number than that of $.events[2] (got 3)',
  ],
  [
    'an id that is no number',
    (events) => (events[3] = { ...events[3], eventId: 'x' }),
    '$.events[3].eventId must be the number of an event, from 1 (got "x")',
  ],
  ['no id', (events) => delete events[3]?.eventId, '$.events[3].eventId is missing; it must be a number from 1'],
  [
    'no type',
    (events) => delete events[3]?.eventType,
    '$.events[3].eventType must be a text like "EVENT_TYPE_TIMER_FIRED" (got undefined)',
  ],
  [
    'no time',
    (events) => delete events[3]?.eventTime,
    '$.events[3].eventTime is missing; it must be an RFC 3339 time like "2026-03-01T12:00:00.5Z"',
  ],
  [
    'a time of no shape',
    (events) => (events[3] = { ...events[3], eventTime: 'noon' }),
    '$.events[3].eventTime must be an RFC 3339 time like "2026-03-01T12:00:00.5Z" (got "noon")',
  ],
  [
    'a time before 1970',
    (events) => (events[3] = { ...events[3], eventTime: { seconds: -1 } }),
    '$.events[3].eventTime.seconds must be a whole number of seconds from 1970 to 2200 (got -1)',
  ],
  ['an event that is none', (events) => events.splice(3, 1, 7 as never), '$.events[3] must be an object (got 7)'],
  [
    'attributes of a wrong type',
    (events) => (events[4] = { ...events[4], activityTaskScheduledEventAttributes: { activityId: 5 } }),
    '$.events[4].activityId must be a text (got 5)',
  ],
])('%s is refused with its place', (_, change, expected) => {
  const { events } = simple();
  change(events);
  expect(problemOf(() => readOne({ events }))).toBe(`invalid: ${expected}`);
});
