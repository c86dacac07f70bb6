import type { JsonValue } from '@bufbuild/protobuf';
import { conventions } from './attribute-map.ts';
import { type Span, noAttributes } from './span.ts';
import { stepOfSpan } from './step-of-span.ts';
import { tell } from './told.ts';

const span = (attributes: Record<string, JsonValue>, more: Partial<Span> = {}): Span => ({
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  parentSpanId: 'c'.repeat(16),
  traceState: '',
  name: 'the span',
  kind: 'internal',
  startNs: 1n,
  endNs: 2n,
  attributes: new Map(Object.entries(attributes)),
  events: [],
  links: [],
  failed: false,
  statusMessage: '',
  dropped: { attributes: 0, events: 0, links: 0 },
  ...more,
});
const told = (attributes: Record<string, JsonValue>) => tell(new Map(Object.entries(attributes)));
const step = (attributes: Record<string, JsonValue>, more: Partial<Span> = {}) => {
  const one = span(attributes, more);
  return stepOfSpan(one, tell(one.attributes), tell(noAttributes)).step;
};

describe('each version of each convention is read', () => {
  test.each<[string, Record<string, JsonValue>, Record<string, unknown>]>([
    [
      'tmws 1',
      {
        'tmws.step.id': 'search',
        'tmws.step.path': ['plan', 'fan-out[3]'],
        'tmws.step.iteration': 2,
        'tmws.step.attempt': 3,
        'tmws.step.kind': 'approval',
        'tmws.usage.tokens': 9,
      },
      {
        stepId: 'search',
        name: 'the span',
        keyedBySpan: false,
        path: ['plan', 'fan-out[3]'],
        iteration: 2,
        attempt: 3,
        kind: 'approval',
        usage: { tokens: 9n },
      },
    ],
    ['tmws 1, a path as JSON', { 'tmws.step.id': 's', 'tmws.step.path': '["a","b"]' }, { path: ['a', 'b'] }],
    [
      'hatchet 1',
      { 'hatchet.step_run_id': 'run-1', 'hatchet.retry_count': 2 },
      { stepId: 'run-1', attempt: 3, keyedBySpan: true, kind: 'task' },
    ],
    ['temporal 1 (TypeScript)', { temporalActivityId: 'act-7' }, { stepId: 'act-7', kind: 'activity' }],
    ['temporal 1 (Go, Java, Python)', { temporalActivityID: '7' }, { stepId: '7', kind: 'activity' }],
    [
      'gen_ai 1.38',
      {
        'gen_ai.operation.name': 'chat',
        'gen_ai.usage.input_tokens': 10,
        'gen_ai.usage.output_tokens': 5,
        'gen_ai.usage.cache_read.input_tokens': 8,
        'gen_ai.input.messages': '[{"role":"user"}]',
        'gen_ai.output.messages': [{ role: 'assistant' }],
      },
      { kind: 'llm', usage: { tokens: 15n }, stepId: 'the span' },
    ],
    [
      'gen_ai 1.38, a tool',
      { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search' },
      { kind: 'tool', stepId: 'search', name: 'the span', keyedBySpan: true },
    ],
    [
      'gen_ai 1.27',
      { 'gen_ai.system': 'openai' },
      { attributes: { 'gen_ai.system': 'openai', 'gen_ai.provider.name': 'openai' } },
    ],
    ['gen_ai 1.26', { 'gen_ai.usage.prompt_tokens': 3, 'gen_ai.usage.completion_tokens': '4' }, { usage: { tokens: 7n } }],
    [
      'openinference 0.1',
      { 'openinference.span.kind': 'RETRIEVER', 'llm.token_count.prompt': 3, 'llm.token_count.total': 11, 'llm.cost.total': 0.5 },
      { kind: 'retrieval', usage: { tokens: 11n, costUsd: 0.5 } },
    ],
    ['traceloop 0.1', { 'traceloop.span.kind': 'agent', 'traceloop.entity.name': 'e' }, { kind: 'agent', stepId: 'e' }],
    ['opentelemetry 1.30', { 'db.system.name': 'postgresql' }, { kind: 'db' }],
    ['opentelemetry 1.20', { 'http.method': 'GET' }, { kind: 'http' }],
  ])('%s', (_, attributes, expected) => {
    expect(step(attributes)).toMatchObject(expected);
  });

  test('and each has a line here', () => {
    const versions = new Set(conventions.map(({ name, version }) => `${name} ${version}`));
    expect([...versions]).toEqual([
      'tmws 1',
      'hatchet 1',
      'temporal 1',
      'temporal 1 in TypeScript',
      'gen_ai 1.38',
      'gen_ai 1.27',
      'gen_ai 1.26',
      'openinference 0.1',
      'traceloop 0.1',
      'opentelemetry 1.30',
      'opentelemetry 1.20',
    ]);
  });
});

test('run_id is an execution only where Temporal wrote it', () => {
  expect(told({ run_id: 'r', temporalWorkflowId: 'w' }).text.executionId).toBe('r');
  expect(told({ run_id: 'r' }).text.executionId).toBeUndefined();
  expect(told({ temporalRunID: 'r' }).text.executionId).toBe('r');
  expect(told({ 'hatchet.workflow_run_id': 'h' }).text.executionId).toBe('h');
});

test('of two that say the same, the first of the table counts, in whatever order they come', () => {
  const newer = { 'gen_ai.usage.input_tokens': 10, 'gen_ai.usage.output_tokens': 1 };
  const older = { 'gen_ai.usage.prompt_tokens': 99, 'llm.usage.completion_tokens': 99 };
  expect(step({ ...newer, ...older }).usage?.tokens).toBe(11n);
  expect(step({ ...older, ...newer }).usage?.tokens).toBe(11n);
  expect(step({ 'tmws.execution.id': 'x', 'hatchet.workflow_run_id': 'h' })).toBeDefined();
  expect(told({ 'hatchet.workflow_run_id': 'h', 'tmws.execution.id': 'x' }).text.executionId).toBe('x');
});

test('a conversation is no execution: it has many traces, and only some spans name it', () => {
  expect(told({ 'gen_ai.conversation.id': 'c' }).text).toEqual({});
});

test('an operation nobody knows is a task; without any word the span kind is the kind', () => {
  expect(step({ 'gen_ai.operation.name': 'dream' }).kind).toBe('task');
  expect(step({}).kind).toBe('task');
  expect(step({}, { kind: 'producer' }).kind).toBe('producer');
});

test('payloads leave the attributes, what was said in an older way beside them stays', () => {
  const { input, attributes } = step({ 'gen_ai.input.messages': '{"a":1}', 'gen_ai.prompt': 'old', model: 'm' });
  expect(input?.inline?.kind.case).toBe('structValue');
  expect(attributes).toEqual({ 'gen_ai.prompt': 'old', model: 'm' });
});

test('attributes of the wrong type, and absurd ones, tell nothing and break nothing', () => {
  const wrong: JsonValue[] = [
    null,
    true,
    -1,
    1.5,
    Number.MAX_VALUE,
    '',
    'x'.repeat(100_000),
    [],
    [1],
    [''],
    {},
    '[',
    '["a",1]',
    [[[]]],
  ];
  const keys = conventions.flatMap(({ reads, kinds = {} }) => [...Object.values(reads).flat(), ...Object.keys(kinds)]);
  for (const value of wrong) {
    const { stepId, path, iteration, attempt, usage } = step(Object.fromEntries(keys.map((key) => [key, value])));
    expect(Buffer.byteLength(stepId)).toBeLessThanOrEqual(512);
    expect(stepId).not.toBe('');
    expect(path.every((part) => part !== '')).toBe(true);
    expect(iteration >= 0 && iteration <= 1_000_000 && attempt >= 1 && attempt <= 1_000_000).toBe(true);
    expect(usage === undefined || usage.tokens >= 0n).toBe(true);
  }
});

test('the exception that ended a span is its error; else its status, else what HTTP said', () => {
  const exception = (message: string) => ({
    timeNs: 1n,
    name: 'exception',
    attributes: new Map<string, JsonValue>([
      ['exception.type', 'TypeError'],
      ['exception.message', message],
      ['exception.stacktrace', 'at x'],
    ]),
  });
  const failed = { failed: true, statusMessage: 'it failed' };
  expect(step({}, { ...failed, events: [exception('first'), exception('last')] }).error).toMatchObject({
    type: 'TypeError',
    message: 'last',
    detail: 'at x',
  });
  expect(step({ 'error.type': 'timeout' }, failed).error).toMatchObject({ type: 'timeout', message: 'it failed' });
  expect(step({ 'http.response.status_code': 503 }, failed).error).toMatchObject({ type: 'HTTP 503' });
  expect(step({}, { events: [exception('handled')] }).error).toBeUndefined();
});
