import { join } from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { loadSync, type MessageTypeDefinition } from '@grpc/proto-loader';
import { StepEventSchema } from '@tmws/contracts';

interface Codec {
  serialize(value: object): Buffer;
  deserialize(bytes: Buffer): object;
}

const definition = loadSync('tmws/events/v1/workflow.proto', {
  includeDirs: [join(import.meta.dirname, '../../../protos')],
  longs: String,
});
const stepEvent = definition['tmws.events.v1.StepEvent'] as MessageTypeDefinition<object, object> & Codec;

const init = {
  executionId: 'run-42',
  workflow: { name: 'research-agent', version: '7' },
  stepId: 'such-Straße',
  kind: 'tool',
  path: ['plan', 'fan-out[3]'],
  iteration: 2,
  attempt: 3,
  dependsOn: [{ stepId: 'plan', kind: 'data', iteration: 0 }, { stepId: 'x' }],
  waits: [{ kind: 'rate_limit', reason: '429' }],
  resource: { pool: 'browser', worker: 'w-3', cores: 0.5 },
};

test('protobuf-es and proto-loader write the same bytes for a step event', () => {
  const time = { seconds: 1_772_366_400n, nanos: 123_456_789 };
  const usage = { cpuSeconds: 1.25, memoryBytes: 73_400_320n, tokens: 9_007_199_254_740_993n, costUsd: 0.004 };
  const ours = toBinary(StepEventSchema, create(StepEventSchema, { ...init, startedAt: time, usage }));
  const theirs = stepEvent.serialize({
    ...init,
    startedAt: { seconds: '1772366400', nanos: 123_456_789 },
    usage: { cpuSeconds: 1.25, memoryBytes: '73400320', tokens: '9007199254740993', costUsd: 0.004 },
  });
  expect(Buffer.from(ours).toString('hex')).toBe(theirs.toString('hex'));
  expect(fromBinary(StepEventSchema, theirs)).toEqual(fromBinary(StepEventSchema, ours));
  expect(stepEvent.deserialize(Buffer.from(ours))).toMatchObject({
    stepId: 'such-Straße',
    usage: { tokens: '9007199254740993' },
  });
});
