import { create, type JsonObject, toBinary } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import { PayloadSchema, StepEventSchema, UsageSchema } from '@tmws/contracts';
import fc from 'fast-check';
import { accept } from './accept.ts';
import { eventTypes } from './catalog.ts';
import type { CloudEvent } from './cloud-event.ts';

function event(type: string, data: unknown, more: Partial<CloudEvent> = {}): CloudEvent {
  return {
    id: 'e1',
    source: '/engine',
    type,
    subject: undefined,
    timeNs: 5n,
    dataContentType: 'application/json',
    namespace: undefined,
    traceparent: undefined,
    data: Buffer.isBuffer(data) ? data : Buffer.from(typeof data === 'string' ? data : JSON.stringify(data)),
    ...more,
  };
}

const execution = (data: object = {}) => event('tmws.execution.started', { executionId: 'run', ...data });
const step = (data: object = {}) => event('tmws.step.completed', { executionId: 'run', stepId: 's', ...data });
const reported = (data: object = {}) =>
  event('tmws.steps.reported', { executionId: 'run', facts: [{ type: 'tmws.step.started', step: { stepId: 's' } }], ...data });
const fact = (data: object) => reported({ facts: [{ type: 'tmws.step.started', step: { stepId: 's' } }, data] });
const many = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);

describe('what is accepted', () => {
  test('every type of the catalog, with the least it needs, gets its topic, subject and namespace', () => {
    const imported = event('tmws.execution.imported', { executionId: 'run', importId: 'imp-1' });
    const security = event('tmws.security.observed', { principal: 'run' });
    const traffic = event('tmws.traffic.violated', { rule: 'run' });
    const alert = event('tmws.alert.raised', { fingerprint: '0123456789abcdef' });
    const least = { execution: execution(), step: step(), reported: reported(), imported, security, traffic, alert };
    for (const [type, shape] of eventTypes) {
      const accepted = accept({ ...least[shape.case], type });
      expect(accepted).toMatchObject({
        topic: ['security', 'traffic', 'alert'].includes(shape.case) ? `tmws.${shape.case}` : 'tmws.workflow',
        payload: { case: shape.case },
        event: { subject: shape.case === 'alert' ? '0123456789abcdef' : 'run', namespace: 'default' },
      });
    }
    expect(eventTypes.size).toBe(32);
  });

  test('a call beyond a limit is about its rule, and its key where it has one', () => {
    const violated = (data: object, more = {}) => event('tmws.traffic.violated', { rule: 'checkout', ...data }, more);
    expect(accept(violated({ key: 'user=ann', window: '60s', hits: '7' })).event.subject).toBe('checkout/user=ann');
    const refused = [
      [violated({ rule: '' }), 'data.rule is missing'],
      [violated({ key: 'a\0' }), 'data.key must be Unicode text without NUL'],
      [violated({ window: '-5s' }), 'data.window must be a length of time from 0s (got -5s)'],
      [violated({}, { subject: 'other' }), 'subject is "other" but data.rule is "checkout"; they must be the same'],
    ] as const;
    for (const [given, reason] of refused) expect(() => accept(given)).toThrow(reason);
    const secret = violated({ reason: 'password=hunter2', descriptor: { auth: 'Bearer abcdef0123456789' } });
    expect(
      JSON.stringify(accept(secret).payload.value, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toMatch(/hunter2|abcdef0123456789/);
  });

  test('the namespace the event says beats the one of the door', () => {
    expect(accept(step(), 'door').event.namespace).toBe('door');
    expect(accept({ ...step(), namespace: 'own' }, 'door').event.namespace).toBe('own');
  });

  test('fields nobody knows are ignored, and ids may hold any characters', () => {
    const executionId = 'a/b c?%00#"\\🦊';
    expect(accept(step({ executionId, unknown: { deep: [1] } })).event.subject).toBe(executionId);
  });

  test('protobuf says the same as JSON', () => {
    const data = Buffer.from(toBinary(StepEventSchema, create(StepEventSchema, { executionId: 'run', stepId: 's', attempt: 2 })));
    for (const dataContentType of ['application/protobuf', 'application/x-protobuf; proto=x', 'Application/Protobuf'])
      expect(accept({ ...step(), data, dataContentType }).payload).toEqual(accept(step({ attempt: 2 })).payload);
    expect(accept({ ...step(), dataContentType: 'application/vnd.engine+json; charset=utf-8' }).event.subject).toBe('run');
  });

  test('facts of a report belong to its execution', () => {
    const { payload } = accept(fact({ type: 'tmws.execution.completed', execution: {} }));
    expect(payload.case === 'reported' && payload.value.facts.map(({ data }) => data.value?.executionId)).toEqual(['run', 'run']);
  });

  test('a source keeps no credential', () => {
    expect(accept({ ...step(), source: 'https://u:hunter2@engine/x' }).event.source).toBe('https://u:[redacted]@engine/x');
  });

  test('what an accepted event holds is accepted again, and nothing of it changes', () => {
    const data = {
      input: { inline: { text: 'x'.repeat(200_000), password: 'p' } },
      output: { inline: 'ü'.repeat(100_000) },
      error: { type: 'T', message: 'Bearer abcdef1234567890', detail: 'd'.repeat(70_000) },
      attributes: { big: 'b'.repeat(70_000), nested: { list: many(70_000, 1) } },
    };
    const once = accept(step(data));
    const again = Buffer.from(toBinary(StepEventSchema, once.payload.value as never));
    expect(accept({ ...once.event, data: again, dataContentType: 'application/protobuf' }).payload).toEqual(once.payload);
  });
});

describe('what is refused', () => {
  test.each([
    [
      'an unknown type',
      event('tmws.step.exploded', {}),
      'unsupported',
      'type',
      'the event type "tmws.step.exploded" is not known here; known are tmws.execution.planned, ',
    ],
    ['no JSON', event('tmws.step.started', '{'), 'invalid', 'data', 'data is not JSON: '],
    [
      'no data',
      event('tmws.step.started', ''),
      'invalid',
      'data',
      'data is empty; it must be the JSON of tmws.events.v1.StepEvent',
    ],
    ['no object', event('tmws.step.started', '5'), 'invalid', 'data', 'data is no tmws.events.v1.StepEvent: '],
    [
      'no UTF-8',
      event('tmws.step.started', Buffer.from([0x22, 0xff, 0x22])),
      'invalid',
      'data',
      'data is not JSON: it is not UTF-8',
    ],
    [
      'deep data',
      event('tmws.step.started', `${'['.repeat(1000)}${']'.repeat(1000)}`),
      'invalid',
      'data',
      'data is nested more than 256 deep',
    ],
    [
      'data of another type',
      { ...step(), dataContentType: 'text/plain' },
      'unsupported',
      'datacontenttype',
      'data must be application/json or application/protobuf (got "text/plain")',
    ],
    [
      'broken protobuf',
      event('tmws.step.started', Buffer.from([0xff, 0xff]), { dataContentType: 'application/protobuf' }),
      'invalid',
      'data',
      'data is no tmws.events.v1.StepEvent: ',
    ],
    [
      'another subject',
      { ...step(), subject: 'other' },
      'invalid',
      'subject',
      'subject is "other" but data.executionId is "run"; they must be the same',
    ],
    ['a wrong kind of value', step({ attempt: 'many' }), 'invalid', 'data', 'data is no tmws.events.v1.StepEvent: '],
    ['a negative attempt', step({ attempt: -1 }), 'invalid', 'data', 'data is no tmws.events.v1.StepEvent: '],
    ['a time that is none', step({ startedAt: 'noon' }), 'invalid', 'data', 'data is no tmws.events.v1.StepEvent: '],
    ['no execution', event('tmws.execution.started', {}), 'invalid', 'data.executionId', 'data.executionId is missing'],
    ['no step', event('tmws.step.started', { executionId: 'run' }), 'invalid', 'data.stepId', 'data.stepId is missing'],
    [
      'a long id',
      execution({ executionId: 'é'.repeat(257) }),
      'invalid',
      'data.executionId',
      'data.executionId must be at most 512 bytes',
    ],
    ['an id with NUL', step({ stepId: 'a\0' }), 'invalid', 'data.stepId', 'data.stepId must be Unicode text without NUL'],
    [
      'a long parent',
      execution({ parentExecutionId: 'x'.repeat(513) }),
      'invalid',
      'data.parentExecutionId',
      'data.parentExecutionId must be at most 512 bytes',
    ],
    ['a deep path', step({ path: many(65, 'p') }), 'invalid', 'data.path', 'data.path must be at most 64 deep'],
    ['an empty part of a path', step({ path: ['a', ''] }), 'invalid', 'data.path[1]', 'data.path[1] is missing'],
    [
      'a great iteration',
      step({ iteration: 1_000_001 }),
      'invalid',
      'data.iteration',
      'data.iteration must be at most 1000000 (got 1000001)',
    ],
    [
      'a great attempt',
      step({ attempt: 1_000_001 }),
      'invalid',
      'data.attempt',
      'data.attempt must be at most 1000000 (got 1000001)',
    ],
    [
      'an old time',
      step({ queuedAt: '1969-12-31T00:00:00Z' }),
      'invalid',
      'data.queuedAt',
      'data.queuedAt must lie between 1970 and 2200',
    ],
    [
      'a far time',
      execution({ finishedAt: '2500-01-01T00:00:00Z' }),
      'invalid',
      'data.finishedAt',
      'data.finishedAt must lie between 1970 and 2200',
    ],
    [
      'too many dependencies',
      step({ dependsOn: many(10_001, { stepId: 'a' }) }),
      'invalid',
      'data.dependsOn',
      'data.dependsOn must hold at most 10000 steps',
    ],
    [
      'a nameless dependency',
      step({ dependsOn: [{ kind: 'data' }] }),
      'invalid',
      'data.dependsOn[0].stepId',
      'data.dependsOn[0].stepId is missing',
    ],
    [
      'a dependency on a deep path',
      step({ dependsOn: [{ stepId: 'a', path: many(65, 'p') }] }),
      'invalid',
      'data.dependsOn[0].path',
      'must be at most 64 deep',
    ],
    [
      'too many waits',
      step({ waits: many(1001, { from: '2026-01-01T00:00:00Z' }) }),
      'invalid',
      'data.waits',
      'data.waits must hold at most 1000 waits',
    ],
    [
      'a wait without a beginning',
      step({ waits: [{ kind: 'queue' }] }),
      'invalid',
      'data.waits[0].from',
      'data.waits[0].from is missing',
    ],
    [
      'a wait with an absurd end',
      step({ waits: [{ from: '2026-01-01T00:00:00Z', to: '9000-01-01T00:00:00Z' }] }),
      'invalid',
      'data.waits[0].to',
      'must lie between 1970 and 2200',
    ],
    [
      'negative usage',
      step({ usage: { tokens: '-5' } }),
      'invalid',
      'data.usage.tokens',
      'data.usage.tokens must be a number from 0',
    ],
    [
      'endless usage',
      step({ usage: { cpuSeconds: 'Infinity' } }),
      'invalid',
      'data.usage.cpuSeconds',
      'data.usage.cpuSeconds must be a number from 0',
    ],
    [
      'no number of cores',
      step({ resource: { cores: 'NaN' } }),
      'invalid',
      'data.resource.cores',
      'data.resource.cores must be a number from 0',
    ],
    [
      'negative bytes read',
      step({ reads: [{ key: 'k', bytes: '-1' }] }),
      'invalid',
      'data.reads[0].bytes',
      'data.reads[0].bytes must be a number from 0',
    ],
    [
      'negative bytes of output',
      step({ output: { ref: 'r', bytes: '-1' } }),
      'invalid',
      'data.output.bytes',
      'data.output.bytes must be a number from 0',
    ],
    [
      'a planned step without id',
      event('tmws.execution.planned', { executionId: 'run', steps: [{}] }),
      'invalid',
      'data.steps[0].stepId',
      'data.steps[0].stepId is missing',
    ],
    [
      'too many planned steps',
      event('tmws.execution.planned', { executionId: 'run', steps: many(100_001, { stepId: 's' }) }),
      'invalid',
      'data.steps',
      'data.steps must hold at most 100000 steps',
    ],
    ['a report without facts', reported({ facts: [] }), 'invalid', 'data.facts', 'data.facts must hold 1 to 10000 facts (got 0)'],
    [
      'a report with too many facts',
      reported({ facts: many(10_001, {}) }),
      'invalid',
      'data.facts',
      'data.facts must hold 1 to 10000 facts (got 10001)',
    ],
    [
      'a report of a report',
      fact({ type: 'tmws.steps.reported' }),
      'unsupported',
      'data.facts[1].type',
      'data.facts[1].type "tmws.steps.reported" is not a type of a step or an execution',
    ],
    [
      'a fact without data',
      fact({ type: 'tmws.step.started' }),
      'invalid',
      'data.facts[1].step',
      'data.facts[1].step is missing; a tmws.step.started has it',
    ],
    [
      'a fact with the wrong data',
      fact({ type: 'tmws.step.started', execution: {} }),
      'invalid',
      'data.facts[1].step',
      'data.facts[1].step is missing; a tmws.step.started has it',
    ],
    [
      'a fact of another execution',
      fact({ type: 'tmws.step.started', step: { executionId: 'other', stepId: 's' } }),
      'invalid',
      'data.facts[1]',
      'data.facts[1] names the execution "other", the event "run"',
    ],
    [
      'a fact with an absurd time',
      fact({ type: 'tmws.step.started', time: '3000-01-01T00:00:00Z', step: { stepId: 's' } }),
      'invalid',
      'data.facts[1].time',
      'data.facts[1].time must lie between 1970 and 2200',
    ],
    [
      'a fact whose step is wrong',
      fact({ type: 'tmws.step.started', step: { stepId: '' } }),
      'invalid',
      'data.facts[1].step.stepId',
      'data.facts[1].step.stepId is missing',
    ],
  ])('%s, by its name', (_what, wrong, kind, field, message) => {
    expect(() => accept(wrong)).toThrow(
      expect.objectContaining({ kind, field, message: expect.stringContaining(message) as string }) as Error,
    );
  });

  test.each([
    [
      'a number that is none in a value',
      create(StepEventSchema, {
        executionId: 'run',
        stepId: 's',
        input: create(PayloadSchema, { inline: create(ValueSchema, { kind: { case: 'numberValue', value: NaN } }) }),
      }),
    ],
    [
      'a value of no kind',
      create(StepEventSchema, { executionId: 'run', stepId: 's', input: create(PayloadSchema, { inline: create(ValueSchema) }) }),
    ],
    [
      'endless usage',
      create(StepEventSchema, { executionId: 'run', stepId: 's', usage: create(UsageSchema, { cpuSeconds: Infinity }) }),
    ],
  ])('what protobuf can say and JSON cannot: %s', (_what, message) => {
    const data = Buffer.from(toBinary(StepEventSchema, message));
    expect(() => accept({ ...step(), data, dataContentType: 'application/protobuf' })).toThrow(
      expect.objectContaining({ kind: 'invalid' }) as Error,
    );
  });

  test('nothing a producer writes makes the refusal long or shows its secrets', () => {
    const wrong = event('tmws.step.started', {
      executionId: 'run',
      stepId: 's',
      attempt: `password=hunter2 ${'x'.repeat(100_000)}`,
    });
    const message = ((): string => {
      try {
        return accept(wrong).topic;
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(message).toContain('data is no tmws.events.v1.StepEvent');
    expect(message).not.toContain('hunter2');
    expect(message.length).toBeLessThan(700);
  });
});

test('any bytes as data are accepted or refused, and nothing else happens', () => {
  const json = fc.jsonValue({ maxDepth: 4 }).map((value) => Buffer.from(JSON.stringify(value)));
  const likely = fc
    .dictionary(
      fc.constantFrom('executionId', 'stepId', 'attributes', 'input', 'path', 'usage', 'facts', 'steps', 'waits'),
      fc.jsonValue({ maxDepth: 3 }),
    )
    .map((value) => Buffer.from(JSON.stringify({ executionId: 'run', stepId: 's', ...value } satisfies JsonObject)));
  const bytes = fc.uint8Array({ maxLength: 60 }).map((some) => Buffer.from(some));
  const some = fc.record({
    type: fc.constantFrom('tmws.step.started', 'tmws.execution.planned', 'tmws.steps.reported'),
    data: fc.oneof(json, likely, bytes),
    dataContentType: fc.constantFrom('application/json', 'application/protobuf'),
  });
  fc.assert(
    fc.property(some, ({ type, data, dataContentType }) => {
      try {
        accept(event(type, data, { dataContentType }));
      } catch (error) {
        expect(error).toMatchObject({ name: 'Problem', kind: expect.stringMatching(/^(invalid|unsupported)$/) as string });
      }
    }),
    { numRuns: 2000 },
  );
});
