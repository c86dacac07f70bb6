import { errorCodes, faultOf } from '../wire/error-codes.ts';
import { array, between, int16, int32, int64, int8, type Of, since, string, struct } from '../wire/schema.ts';
import { type Broker, defineApi } from './api.ts';

const latest = -1;
const earliest = -2;

const wanted = struct({
  index: int32,
  leaderEpoch: since(4, int32, -1),
  timestampMs: int64,
  maxOffsets: between(0, 0, int32, 1),
});
const found = struct({
  index: int32,
  errorCode: int16,
  offsets: between(0, 0, array(int64), []),
  timestampMs: since(1, int64, -1),
  offset: since(1, int64, -1),
  leaderEpoch: since(4, int32, -1),
});

export const listOffsets = defineApi({
  key: 2,
  name: 'ListOffsets',
  versions: [0, 5],
  needs: ({ topics }) => topics.map(({ name }) => ({ operation: 'read', topic: name })),
  request: struct({
    replica: int32,
    isolationLevel: since(2, int8, 0),
    topics: array(struct({ name: string, partitions: array(wanted) })),
  }),
  response: struct({
    throttleTimeMs: since(2, int32, 0),
    topics: array(struct({ name: string, partitions: array(found) })),
  }),
  async handle(broker, request, { denial }) {
    const topics = request.topics.map(async ({ name, partitions }) => ({
      name,
      partitions: await Promise.all(partitions.map((want) => find(broker, name, want, denial(name) !== undefined))),
    }));
    return { throttleTimeMs: 0, topics: await Promise.all(topics) };
  },
});

async function find(
  broker: Broker,
  topic: string,
  { index, timestampMs }: Of<typeof wanted>,
  denied: boolean,
): Promise<Of<typeof found>> {
  const none = { index, errorCode: errorCodes.none, offsets: [], timestampMs: -1, offset: -1, leaderEpoch: -1 };
  if (denied) return { ...none, errorCode: errorCodes.topicAuthorizationFailed };
  const partition = broker.log.partition(topic, index);
  if (partition === undefined) return { ...none, errorCode: errorCodes.unknownTopicOrPartition };
  const at = (offset: number, timestampMs: number) => ({ ...none, offset, offsets: [offset], timestampMs, leaderEpoch: 0 });
  if (timestampMs === latest) return at(partition.endOffset, -1);
  if (timestampMs === earliest) return at(partition.startOffset, -1);
  if (timestampMs < 0) return { ...none, errorCode: errorCodes.invalidRequest };
  try {
    const first = await partition.offsetForTimestamp(timestampMs);
    return first === undefined ? none : at(first.offset, first.timestampMs);
  } catch (error) {
    broker.complain('list offsets', error);
    return { ...none, errorCode: faultOf(error).errorCode };
  }
}
