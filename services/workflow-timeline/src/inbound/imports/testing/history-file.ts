// Temporal histories for tests, an event at a time.
type Json = Record<string, unknown>;

const begun = Date.UTC(2026, 0, 1);

/** Events come a second apart; `add` tells the id. Names are in the style of the API unless said otherwise. */
export interface History {
  readonly events: Json[];
  add(type: string, attributes?: Json): string;
  /** A workflow task, scheduled, started and completed; tells the id of its completion. */
  task(): string;
  /** An activity that was scheduled by a task and completed. */
  activity(taskId: string, activityId: string, started?: Json): void;
}

export function history(style: 'api' | 'plain' = 'api'): History {
  const events: Json[] = [];
  const add = (type: string, attributes: Json = {}): string => {
    const eventId = String(events.length + 1);
    const eventType = style === 'plain' ? type : `EVENT_TYPE${type.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
    const eventTime = new Date(begun + events.length * 1000).toISOString();
    const field = `${type.charAt(0).toLowerCase()}${type.slice(1)}EventAttributes`;
    events.push({ eventId, eventTime, eventType, taskId: '1', [field]: attributes });
    return eventId;
  };
  const task = (): string => {
    const scheduledEventId = add('WorkflowTaskScheduled', { taskQueue: { name: 'orders' } });
    const startedEventId = add('WorkflowTaskStarted', { scheduledEventId, identity: 'worker-1' });
    return add('WorkflowTaskCompleted', { scheduledEventId, startedEventId });
  };
  const activity = (taskId: string, activityId: string, started: Json = { attempt: 1 }): void => {
    const scheduledEventId = add('ActivityTaskScheduled', {
      activityId,
      activityType: { name: 'charge' },
      taskQueue: { name: 'orders' },
      input: payloads({ order: 1 }),
      workflowTaskCompletedEventId: taskId,
    });
    const startedEventId = add('ActivityTaskStarted', { scheduledEventId, identity: 'worker-2', ...started });
    add('ActivityTaskCompleted', { scheduledEventId, startedEventId, result: payloads('done') });
  };
  add('WorkflowExecutionStarted', {
    workflowType: { name: 'order' },
    taskQueue: { name: 'orders' },
    originalExecutionRunId: 'run-1',
    firstExecutionRunId: 'run-0',
    workflowId: 'order-1',
  });
  return { events, add, task, activity };
}

export function payloads(...values: unknown[]): Json {
  const payload = (value: unknown): Json => ({
    metadata: { encoding: base64('json/plain') },
    data: base64(JSON.stringify(value)),
  });
  return { payloads: values.map(payload) };
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
