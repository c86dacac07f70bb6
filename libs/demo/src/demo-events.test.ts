import type { ExecutionEventJson, StepEventJson } from '@tmws/contracts';
import { accept, fromHttp } from '@tmws/events';
import { demoEvents, executionIdsOf, shiftEvents, type TimedEvent } from './index.ts';

const startMs = Date.parse('2026-03-01T12:00:00Z');
const events = demoEvents({ seed: 7, startMs });
const batch = { 'content-type': 'application/cloudevents-batch+json' };

const stepsOf = (of: readonly TimedEvent[]): { type: string; data: StepEventJson }[] =>
  of.flatMap(({ event }) => (event.type.startsWith('tmws.step.') ? [{ type: event.type, data: event.data }] : []));
const executionsOf = (of: readonly TimedEvent[], type: string): ExecutionEventJson[] =>
  of.flatMap(({ event }) => (event.type === `tmws.execution.${type}` ? [event.data as ExecutionEventJson] : []));
const ms = (time: string | undefined): number => Date.parse(time ?? '');
const waitKinds = new Set(stepsOf(events).flatMap(({ data }) => (data.waits ?? []).map(({ kind }) => kind)));

test('the same seed and start tell the same story', () => {
  expect(demoEvents({ seed: 7, startMs })).toEqual(events);
  expect(demoEvents({ seed: 8, startMs })).not.toEqual(events);
});

test('a second play makes new executions and new event ids', () => {
  const later = demoEvents({ seed: 7, startMs: startMs + 1000 });
  const ids = [...events, ...later].map(({ event }) => event.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set([...executionIdsOf(events), ...executionIdsOf(later)]).size).toBe(2 * executionIdsOf(events).length);
});

test('every event passes the door, for any seed', () => {
  for (let seed = 0; seed < 20; seed++) {
    const told = demoEvents({ seed, startMs, namespace: 'demo' }).map(({ event }) => event);
    const { events: read } = fromHttp(batch, Buffer.from(JSON.stringify(told)), 0n);
    expect(read).toHaveLength(told.length);
    for (const event of read) {
      if (Error.isError(event)) throw event;
      expect(accept(event).event.namespace).toBe('demo');
    }
  }
});

test('events come in order of time, each at the time it tells of, and the play takes 60 to 90 s', () => {
  for (let seed = 0; seed < 20; seed++) {
    const told = demoEvents({ seed, startMs });
    expect(told.every(({ atMs, event }) => ms(event.time) === atMs)).toBe(true);
    expect(told.every(({ atMs }, i) => atMs >= (told[i - 1]?.atMs ?? startMs))).toBe(true);
    const seconds = ((told.at(-1)?.atMs ?? 0) - startMs) / 1000;
    expect(seconds).toBeGreaterThan(60);
    expect(seconds).toBeLessThan(90);
  }
});

test('no step starts before it was ready, ends before it started, or outlives its execution', () => {
  const ended = new Map(
    ['completed', 'failed', 'cancelled'].flatMap((type) => executionsOf(events, type)).map((e) => [e.executionId, e]),
  );
  expect(ended.size).toBe(executionIdsOf(events).length);
  for (const { data } of stepsOf(events)) {
    const execution = ended.get(data.executionId);
    const times = [execution?.startedAt, data.readyAt, data.queuedAt, data.startedAt, data.finishedAt, execution?.finishedAt];
    const known = times.filter((time) => time !== undefined).map(ms);
    expect(known).toEqual([...known].sort((a, b) => a - b));
    for (const wait of data.waits ?? []) expect(ms(wait.to ?? wait.from)).toBeGreaterThanOrEqual(ms(wait.from));
  }
});

test('a worker does one thing at a time', () => {
  const busy = stepsOf(events).flatMap(({ data }) =>
    data.resource?.worker !== undefined && data.finishedAt !== undefined
      ? [{ on: data.resource.worker, from: ms(data.startedAt), to: ms(data.finishedAt) }]
      : [],
  );
  expect(busy.length).toBeGreaterThan(20);
  for (const a of busy) for (const b of busy) if (a !== b && a.on === b.on) expect(a.to <= b.from || b.to <= a.from).toBe(true);
});

test('a step that has run is never left open, and only planned steps occur', () => {
  for (const id of executionIdsOf(events)) {
    const own = events.filter(({ event }) => event.subject === id);
    const key = (step: StepEventJson) => JSON.stringify([step.path ?? [], step.stepId, step.iteration ?? 0]);
    const last = new Map(stepsOf(own).map(({ type, data }) => [key(data), type]));
    expect([...last.keys()].sort()).toEqual((executionsOf(own, 'planned')[0]?.steps ?? []).map(key).sort());
    for (const type of last.values()) expect(type).toMatch(/\.(completed|failed|cancelled|skipped)$/);
  }
});

test('there are model and tool calls with tokens and costs, retries up to the third try, and every kind of wait an agent meets', () => {
  const kinds = new Set(stepsOf(events).map(({ data }) => data.kind));
  expect([...kinds]).toEqual(expect.arrayContaining(['llm', 'tool', 'agent', 'approval', 'workflow', 'http', 'sql', 'timer']));
  expect(
    stepsOf(events).filter(({ data }) => data.kind === 'llm' && Number(data.usage?.tokens) > 0 && Number(data.usage?.costUsd) > 0)
      .length,
  ).toBeGreaterThan(10);
  expect(Math.max(...stepsOf(events).map(({ data }) => data.attempt ?? 1))).toBe(3);
  expect([...waitKinds].sort()).toEqual(['approval', 'external', 'rate_limit', 'retry_backoff', 'timer']);
  expect(stepsOf(events).some(({ type, data }) => type === 'tmws.step.queued' && data.resource?.pool === 'browser')).toBe(true);
});

test('one execution fails with an error and skipped steps, one is cancelled, one has a child it waits for', () => {
  expect(executionsOf(events, 'failed')).toMatchObject([
    { workflow: { name: 'research-agent' }, error: { type: 'RetriesExhausted' } },
  ]);
  const failed = executionsOf(events, 'failed')[0]?.executionId;
  expect(
    stepsOf(events).filter(({ type, data }) => data.executionId === failed && type === 'tmws.step.skipped').length,
  ).toBeGreaterThan(3);
  expect(executionsOf(events, 'cancelled')).toHaveLength(1);
  const child = executionsOf(events, 'started').find(({ parentExecutionId }) => parentExecutionId !== undefined);
  const waiting = stepsOf(events).find(
    ({ data }) => data.executionId === child?.parentExecutionId && data.finishedAt !== undefined && data.stepId === 'fact-check',
  );
  expect(waiting?.data.waits).toMatchObject([{ kind: 'external', reason: `waits for ${child?.executionId ?? ''}` }]);
});

test('steps of a branch lie under the step of the branch', () => {
  const nested = stepsOf(events).filter(({ data }) => data.path !== undefined);
  const top = new Set(
    stepsOf(events)
      .filter(({ data }) => data.path === undefined)
      .map(({ data }) => `${data.executionId ?? ''}/${data.stepId ?? ''}`),
  );
  expect(nested.length).toBeGreaterThan(20);
  for (const { data } of nested) expect(top).toContain(`${data.executionId ?? ''}/${data.path?.[0] ?? ''}`);
});

test('shifted events tell of the same things at another time', () => {
  const shifted = shiftEvents(events, -5000);
  expect(shifted.map(({ event }) => event.id)).toEqual(events.map(({ event }) => event.id));
  expect(shiftEvents(shifted, 5000)).toEqual(events);
  const [before, after] = [events, shifted].map((of) => stepsOf(of).find(({ data }) => data.waits?.[0]?.to !== undefined)?.data);
  expect(ms(after?.finishedAt)).toBe(ms(before?.finishedAt) - 5000);
  expect(ms(after?.waits?.[0]?.to)).toBe(ms(before?.waits?.[0]?.to) - 5000);
});
