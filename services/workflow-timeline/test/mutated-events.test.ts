// What was a valid event, changed by accident or on purpose, at the Kafka door: taken, or in the DLQ with its reason.
import { create, fromJson, type JsonObject, toBinary } from '@bufbuild/protobuf';
import { StepEventSchema, StepsReportedSchema } from '@tmws/contracts';
import type { IncomingRecord } from '@tmws/events';
import { openLogger, openMetrics } from '@tmws/telemetry';
import fc from 'fast-check';
import { mutated } from '@tmws/testkit';
import { workflowEvents } from '../src/inbound/workflow-events.ts';
import type { Batch } from '../src/usecases/record-facts.ts';

const t = '2026-03-01T12:00:00.000000001Z';
const step: JsonObject = {
  executionId: 'run-1',
  workflow: { name: 'agent', version: '7' },
  stepId: 'search',
  path: ['plan'],
  attempt: 2,
  dependsOn: [{ stepId: 'plan', kind: 'data' }, { spanId: '00f067aa0ba902b7' }],
  startedAt: t,
  finishedAt: t,
  waits: [{ kind: 'rate_limit', from: t, to: t, reason: '429' }],
  resource: { pool: 'browser', worker: 'w-3', cores: 1 },
  usage: { cpuSeconds: 1.2, memoryBytes: '73400320', tokens: '1834', costUsd: 0.004 },
  reads: [{ key: 's3://b/q', bytes: '12' }],
  input: { inline: { q: ['x', 1, null] } },
  output: { ref: 's3://b/out', sha256: 'ab', bytes: '9' },
  error: { type: 'Timeout', message: 'late' },
  attributes: { model: 'm', deep: { er: [1] } },
  spanId: '00f067aa0ba902b7',
};
const plan = { executionId: 'run-1', steps: [{ stepId: 'a' }, { stepId: 'b', dependsOn: [{ stepId: 'a' }] }] };
const report: JsonObject = {
  executionId: 'run-1',
  facts: [
    { id: '1', type: 'tmws.step.completed', time: t, step },
    { type: 'tmws.execution.completed', execution: { executionId: 'run-1', finishedAt: t } },
  ],
};
const datas: readonly (readonly [type: string, data: object])[] = [
  ['tmws.step.completed', step],
  ['tmws.execution.planned', plan],
  ['tmws.steps.reported', report],
  ['tmws.execution.deleted', { executionId: 'run-1' }],
];
const attributes = { specversion: '1.0', id: 'e1', source: '/engine', time: t, subject: 'run-1', tmwsnamespace: 'default' };

const record = (headers: Record<string, string>, value: Uint8Array): IncomingRecord => ({
  topic: 'tmws.workflow',
  partition: 0,
  offset: 1n,
  timestampMs: 1_772_366_400_000,
  key: Buffer.from('run-1'),
  value: Buffer.from(value),
  headers,
});
const binaryMode = (type: string, contentType: string): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(attributes).map(([name, text]) => [`ce_${name}`, text])),
  ce_type: type,
  'content-type': contentType,
});

const json = fc
  .constantFrom(...datas)
  .chain(([type, data]) => mutated(data).map((bytes) => record(binaryMode(type, 'application/json'), bytes)));
const structured = fc
  .constantFrom(...datas)
  .chain(([type, data]) => mutated({ ...attributes, type, data }))
  .map((bytes) => record({ 'content-type': 'application/cloudevents+json' }, bytes));
const headers = fc
  .constantFrom(...datas)
  .chain(([type, data]) =>
    fc
      .dictionary(fc.constantFrom(...Object.keys(binaryMode('', '')), 'ce_x', 'tmws-unreadable'), fc.string({ unit: 'grapheme' }))
      .map((odd) => record({ ...binaryMode(type, 'application/json'), ...odd }, Buffer.from(JSON.stringify(data)))),
  );
const wire = [
  ['tmws.step.completed', toBinary(StepEventSchema, fromJson(StepEventSchema, step))],
  ['tmws.steps.reported', toBinary(StepsReportedSchema, create(StepsReportedSchema, fromJson(StepsReportedSchema, report)))],
] as const;
const protobuf = fc.constantFrom(...wire).chain(([type, bytes]) =>
  fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }).map((flips) => {
    const changed = Buffer.from(bytes);
    for (const [at, byte] of flips) changed[at] = byte;
    return record(binaryMode(type, 'application/protobuf'), changed);
  }),
);

const batches: Batch[] = [];
const { handle } = workflowEvents({
  record: (batch) => {
    batches.push(batch);
    return Promise.resolve();
  },
  recorded: () => undefined,
  clock: () => 1_772_366_400_000,
  logger: openLogger('test', 'silent'),
  metrics: openMetrics(),
});

async function take(one: IncomingRecord): Promise<Batch> {
  await handle([{ topic: one.topic, partition: 0, from: 1n, next: 2n, records: [one] }]);
  const [batch] = batches.splice(0);
  if (batch === undefined) throw new Error('nothing was recorded');
  return batch;
}

test.each([
  ['JSON data', json],
  ['structured mode', structured],
  ['odd headers', headers],
  ['protobuf data', protobuf],
])('of 2,500 records with %s each is taken or in the DLQ with a reason', async (_, records) => {
  const came = { taken: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(records, async (one) => {
      const { facts, deletions = [], moves, toSend } = await take(one);
      const dead = toSend();
      expect(moves).toEqual([{ topic: 'tmws.workflow', partition: 0, from: 1n, next: 2n }]);
      expect(facts.length + deletions.length > 0).toBe(dead.length === 0);
      came[dead.length === 0 ? 'taken' : 'refused'] += 1;
      for (const { headers: told } of dead) {
        expect(['invalid', 'unsupported', 'too_large']).toContain(told['tmws-dlq-kind']);
        expect(told['tmws-dlq-reason']).toMatch(/\S/);
      }
    }),
    { numRuns: 2500 },
  );
  expect(Math.min(came.taken, came.refused)).toBeGreaterThan(50);
});
