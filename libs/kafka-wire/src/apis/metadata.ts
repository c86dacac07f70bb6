import { errorCodes, type ErrorCode, faultOf } from '../wire/error-codes.ts';
import { array, boolean, int16, int32, nullableArray, nullableString, since, string, struct } from '../wire/schema.ts';
import { type Broker, defineApi, nodeId } from './api.ts';

/** "Not asked for" in the fields of authorized operations. */
export const noOperations = -(2 ** 31);

const partition = struct({
  errorCode: int16,
  index: int32,
  leader: int32,
  leaderEpoch: since(7, int32, 0),
  replicas: array(int32),
  inSyncReplicas: array(int32),
  offlineReplicas: since(5, array(int32), []),
});
const topic = struct({
  errorCode: int16,
  name: string,
  isInternal: since(1, boolean, false),
  partitions: array(partition),
  authorizedOperations: since(8, int32, noOperations),
});

export const metadata = defineApi({
  key: 3,
  name: 'Metadata',
  versions: [0, 8],
  // What topics there are is no secret to whoever came in.
  needs: () => [],
  request: struct({
    topics: nullableArray(string),
    allowAutoTopicCreation: since(4, boolean, true),
    includeClusterOperations: since(8, boolean, false),
    includeTopicOperations: since(8, boolean, false),
  }),
  response: struct({
    throttleTimeMs: since(3, int32, 0),
    brokers: array(struct({ nodeId: int32, host: string, port: int32, rack: since(1, nullableString, null) })),
    clusterId: since(2, nullableString, null),
    controllerId: since(1, int32, nodeId),
    topics: array(topic),
    authorizedOperations: since(8, int32, noOperations),
  }),
  async handle(broker, request, call) {
    // In version 0 an empty list means all topics, later it means none and null means all.
    const all = request.topics === null || (call.version === 0 && request.topics.length === 0);
    const names = all ? broker.log.topics().map((info) => info.name) : [...new Set(request.topics)];
    const topics = [];
    for (const name of names) topics.push(await describe(broker, name, request.allowAutoTopicCreation));
    return {
      throttleTimeMs: 0,
      brokers: [{ nodeId, ...broker.advertised(call), rack: null }],
      clusterId: broker.clusterId,
      controllerId: nodeId,
      topics,
      authorizedOperations: noOperations,
    };
  },
});

async function describe(broker: Broker, name: string, mayCreate: boolean): Promise<ReturnType<typeof topic.read>> {
  let errorCode: ErrorCode = errorCodes.none;
  if (broker.log.topic(name) === undefined) {
    errorCode = broker.autoCreateTopics && mayCreate ? await create(broker, name) : errorCodes.unknownTopicOrPartition;
  }
  const partitions = Array.from({ length: broker.log.topic(name)?.partitions ?? 0 }, (_, index) => ({
    errorCode: errorCodes.none,
    index,
    leader: nodeId,
    leaderEpoch: 0,
    replicas: [nodeId],
    inSyncReplicas: [nodeId],
    offlineReplicas: [],
  }));
  return { errorCode, name, isInternal: false, partitions, authorizedOperations: noOperations };
}

/** Two clients that ask at once both get the topic. */
async function create(broker: Broker, name: string): Promise<ErrorCode> {
  try {
    await broker.log.createTopic(name, { partitions: broker.defaultPartitions });
    return errorCodes.none;
  } catch (error) {
    const { errorCode } = faultOf(error);
    return errorCode === errorCodes.topicAlreadyExists ? errorCodes.none : errorCode;
  }
}
