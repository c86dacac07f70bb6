// A Temporal history as long as the server allows: 51,200 events (docs.temporal.io, "Event History limits").
export const historyEvents = 51_200;

const fanOut = 20;
const t0 = Date.parse('2026-03-01T00:00:00Z');
const json = (value: unknown) => ({
  metadata: { encoding: Buffer.from('json/plain').toString('base64') },
  data: Buffer.from(JSON.stringify(value)).toString('base64'),
});

/**
 * Half of it activities one after the other, half of it twenty at a time, as `temporal workflow show --output json` writes them.
 *
 * @param payloadBytes  more in each input and result
 */
export function temporalHistory(runId: string, count = historyEvents, payloadBytes = 0): { text: string; activities: number } {
  const events: object[] = [];
  const text = payloadBytes === 0 ? {} : { text: 'lorem ipsum '.repeat(Math.ceil(payloadBytes / 12)).slice(0, payloadBytes) };
  let ms = 0;
  let activities = 0;
  const add = (type: string, attributes: Record<string, unknown>, laterMs: number): string => {
    ms += laterMs;
    const eventId = String(events.length + 1);
    const name = type.toLowerCase().replaceAll(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
    events.push({
      eventId,
      eventTime: `${new Date(t0 + ms).toISOString().slice(0, -1)}${String(events.length % 1000).padStart(3, '0')}Z`,
      eventType: `EVENT_TYPE_${type}`,
      taskId: String(1_048_576 + events.length),
      [`${name}EventAttributes`]: attributes,
    });
    return eventId;
  };
  const workflowTask = (): string => {
    const scheduledEventId = add(
      'WORKFLOW_TASK_SCHEDULED',
      { taskQueue: { name: 'bench' }, startToCloseTimeout: '10s', attempt: 1 },
      1,
    );
    const startedEventId = add(
      'WORKFLOW_TASK_STARTED',
      { scheduledEventId, identity: 'worker-1', requestId: `r${events.length}` },
      2,
    );
    return add('WORKFLOW_TASK_COMPLETED', { scheduledEventId, startedEventId, identity: 'worker-1' }, 3);
  };
  const activitiesOf = (width: number): void => {
    const workflowTaskCompletedEventId = workflowTask();
    const scheduled = Array.from({ length: width }, () =>
      add(
        'ACTIVITY_TASK_SCHEDULED',
        {
          activityId: String(++activities),
          activityType: { name: width === 1 ? 'summarize' : 'fetchPage' },
          taskQueue: { name: 'bench', kind: 'TASK_QUEUE_KIND_NORMAL' },
          input: { payloads: [json({ url: `https://example.org/pages/${activities}`, depth: activities % 7, ...text })] },
          scheduleToCloseTimeout: '0s',
          startToCloseTimeout: '60s',
          workflowTaskCompletedEventId,
          retryPolicy: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '100s' },
        },
        0,
      ),
    );
    const started = scheduled.map((scheduledEventId, i) =>
      add(
        'ACTIVITY_TASK_STARTED',
        { scheduledEventId, identity: `worker-${i % 8}`, requestId: `a${events.length}`, attempt: 1 },
        5,
      ),
    );
    scheduled.forEach((scheduledEventId, i) => {
      const result = { payloads: [json({ words: 120 + i, language: 'en', ...text })] };
      add('ACTIVITY_TASK_COMPLETED', { scheduledEventId, startedEventId: started[i], identity: `worker-${i % 8}`, result }, 40);
    });
  };

  add(
    'WORKFLOW_EXECUTION_STARTED',
    {
      workflowType: { name: 'benchCrawl' },
      taskQueue: { name: 'bench' },
      originalExecutionRunId: runId,
      firstExecutionRunId: runId,
      attempt: 1,
    },
    0,
  );
  const last = 4;
  while (events.length + 6 + last <= count / 2) activitiesOf(1);
  while (events.length + 3 + 3 * fanOut + last <= count) activitiesOf(fanOut);
  while (events.length + 6 + last <= count) activitiesOf(1);
  while (events.length + last < count) add('MARKER_RECORDED', { markerName: 'Version' }, 0);
  add('WORKFLOW_EXECUTION_COMPLETED', { workflowTaskCompletedEventId: workflowTask() }, 1);
  return { text: JSON.stringify({ events }), activities };
}
