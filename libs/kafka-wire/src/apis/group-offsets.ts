import { type CommittedOffset } from '../groups/committed-offsets.ts';
import { type ErrorCode, errorCodes, faultOf } from '../wire/error-codes.ts';
import {
  array,
  between,
  int16,
  int32,
  int64,
  nullableArray,
  nullableString,
  type Of,
  since,
  string,
  struct,
} from '../wire/schema.ts';
import { type Broker, defineApi } from './api.ts';

const maxMetadataBytes = 4096; // Kafka's offset.metadata.max.bytes

const committed = struct({
  index: int32,
  offset: int64,
  leaderEpoch: since(6, int32, -1),
  timestampMs: between(1, 1, int64, -1),
  metadata: nullableString,
});

export const offsetCommit = defineApi({
  key: 8,
  name: 'OffsetCommit',
  versions: [0, 7],
  needs: ({ groupId }) => [{ operation: 'read', group: groupId }],
  request: struct({
    groupId: string,
    generation: since(1, int32, -1),
    memberId: since(1, string, ''),
    instanceId: since(7, nullableString, null),
    retentionMs: between(2, 4, int64, -1),
    topics: array(struct({ name: string, partitions: array(committed) })),
  }),
  response: struct({
    throttleTimeMs: since(3, int32, 0),
    topics: array(struct({ name: string, partitions: array(struct({ index: int32, errorCode: int16 })) })),
  }),
  async handle(broker, { groupId, memberId, generation, topics }, { denial }) {
    const groupFault =
      denial(groupId) !== undefined
        ? errorCodes.groupAuthorizationFailed
        : groupId === ''
          ? errorCodes.invalidGroupId
          : broker.groups.commitFault(groupId, memberId, generation);
    const checked = topics.flatMap(({ name, partitions }) =>
      partitions.map((partition) => ({ name, partition, errorCode: groupFault || partitionFault(broker, name, partition) })),
    );
    const accepted = checked.flatMap(({ name, partition, errorCode }): CommittedOffset[] =>
      errorCode === errorCodes.none
        ? [{ topic: name, partition: partition.index, offset: partition.offset, metadata: partition.metadata ?? '' }]
        : [],
    );
    const storeFault = await store(broker, groupId, accepted);
    return {
      throttleTimeMs: 0,
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map((partition) => {
          const errorCode = checked.find((one) => one.partition === partition)?.errorCode ?? errorCodes.none;
          return { index: partition.index, errorCode: errorCode || storeFault };
        }),
      })),
    };
  },
});

function partitionFault(broker: Broker, topic: string, { index, metadata }: Of<typeof committed>): ErrorCode {
  if (broker.log.partition(topic, index) === undefined) return errorCodes.unknownTopicOrPartition;
  return Buffer.byteLength(metadata ?? '') > maxMetadataBytes ? errorCodes.offsetMetadataTooLarge : errorCodes.none;
}

async function store(broker: Broker, groupId: string, offsets: readonly CommittedOffset[]): Promise<ErrorCode> {
  try {
    await broker.groups.commit(groupId, offsets);
    return errorCodes.none;
  } catch (error) {
    broker.complain('commit offsets', error);
    const { errorCode } = faultOf(error);
    return errorCode === errorCodes.kafkaStorageError ? errorCodes.coordinatorNotAvailable : errorCode;
  }
}

const fetched = struct({
  index: int32,
  offset: int64,
  leaderEpoch: since(5, int32, -1),
  metadata: nullableString,
  errorCode: int16,
});

export const offsetFetch = defineApi({
  key: 9,
  name: 'OffsetFetch',
  versions: [0, 5],
  needs: ({ groupId }) => [{ operation: 'read', group: groupId }],
  request: struct({ groupId: string, topics: nullableArray(struct({ name: string, partitions: array(int32) })) }),
  response: struct({
    throttleTimeMs: since(3, int32, 0),
    topics: array(struct({ name: string, partitions: array(fetched) })),
    errorCode: since(2, int16, 0),
  }),
  handle(broker, { groupId, topics }, { denial }) {
    if (denial(groupId) !== undefined) return refusedTopics(topics);
    const asked = topics ?? allTopics(broker.groups.offsets.of(groupId));
    return {
      throttleTimeMs: 0,
      topics: asked.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map((index) => {
          const found = broker.groups.offsets.get(groupId, name, index);
          return {
            index,
            offset: found?.offset ?? -1,
            leaderEpoch: -1,
            metadata: found?.metadata ?? '',
            errorCode: errorCodes.none,
          };
        }),
      })),
      errorCode: errorCodes.none,
    };
  },
});

/** Before version 2 there is no error of the whole, so each partition bears it. */
function refusedTopics(topics: readonly { name: string; partitions: readonly number[] }[] | null) {
  const errorCode = errorCodes.groupAuthorizationFailed;
  const none = { offset: -1, leaderEpoch: -1, metadata: '', errorCode };
  return {
    throttleTimeMs: 0,
    topics: (topics ?? []).map(({ name, partitions }) => ({ name, partitions: partitions.map((index) => ({ index, ...none })) })),
    errorCode,
  };
}

function allTopics(offsets: readonly CommittedOffset[]): { name: string; partitions: number[] }[] {
  return [...Map.groupBy(offsets, (offset) => offset.topic)].map(([name, of]) => ({
    name,
    partitions: of.map((offset) => offset.partition),
  }));
}
