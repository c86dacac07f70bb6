import { type ErrorCode, errorCodes, type Fault } from '../wire/error-codes.ts';
import {
  array,
  boolean,
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
import { attempt, deniedTopic } from './attempt.ts';
import { isFault, parseConfigs } from './topic-configs.ts';

const named = struct({ name: string, errorCode: int16, errorMessage: nullableString });
const newTopic = struct({
  name: string,
  partitions: int32,
  replicationFactor: int16,
  assignments: array(struct({ partition: int32, brokers: array(int32) })),
  configs: array(struct({ name: string, value: nullableString })),
});

export const createTopics = defineApi({
  key: 19,
  name: 'CreateTopics',
  versions: [0, 4],
  needs: ({ topics }) => topics.map(({ name }) => ({ operation: 'admin', topic: name })),
  request: struct({ topics: array(newTopic), timeoutMs: int32, validateOnly: since(1, boolean, false) }),
  response: struct({
    throttleTimeMs: since(2, int32, 0),
    topics: array(struct({ name: string, errorCode: int16, errorMessage: since(1, nullableString, null) })),
  }),
  async handle(broker, { topics, validateOnly }, { denial }) {
    const results: Of<typeof named>[] = [];
    for (const topic of topics) {
      const fault = deniedTopic(denial(topic.name)) ?? (await create(broker, topic, validateOnly));
      results.push({ name: topic.name, ...fault });
    }
    return { throttleTimeMs: 0, topics: results };
  },
});

async function create(broker: Broker, topic: Of<typeof newTopic>, validateOnly: boolean): Promise<Fault> {
  const settings = parseConfigs(topic.configs);
  if (isFault(settings)) return settings;
  if (
    topic.assignments.some(({ brokers }) => brokers.length !== 1) ||
    topic.replicationFactor > 1 ||
    topic.replicationFactor === 0
  ) {
    return {
      errorCode: errorCodes.invalidReplicationFactor,
      errorMessage: 'There is one broker, so the replication factor is 1 (or -1).',
    };
  }
  const asked = topic.assignments.length > 0 ? topic.assignments.length : topic.partitions;
  const partitions = asked === -1 ? broker.defaultPartitions : asked;
  return attempt(broker, 'create a topic', () => broker.log.createTopic(topic.name, { partitions, settings, validateOnly }));
}

export const deleteTopics = defineApi({
  key: 20,
  name: 'DeleteTopics',
  versions: [0, 3],
  needs: ({ names }) => names.map((topic) => ({ operation: 'admin', topic })),
  request: struct({ names: array(string), timeoutMs: int32 }),
  response: struct({ throttleTimeMs: since(1, int32, 0), topics: array(struct({ name: string, errorCode: int16 })) }),
  async handle(broker, { names }, { denial }) {
    const topics: { name: string; errorCode: ErrorCode }[] = [];
    for (const name of names) {
      const remove = async (): Promise<void> => {
        await broker.log.deleteTopic(name);
        await broker.groups.offsets.deleteTopic(name);
      };
      const { errorCode } = deniedTopic(denial(name)) ?? (await attempt(broker, 'delete a topic', remove));
      topics.push({ name, errorCode });
    }
    return { throttleTimeMs: 0, topics };
  },
});

const growth = struct({ name: string, total: int32, assignments: nullableArray(array(int32)) });

export const createPartitions = defineApi({
  key: 37,
  name: 'CreatePartitions',
  versions: [0, 1],
  needs: ({ topics }) => topics.map(({ name }) => ({ operation: 'admin', topic: name })),
  request: struct({ topics: array(growth), timeoutMs: int32, validateOnly: boolean }),
  response: struct({ throttleTimeMs: int32, topics: array(named) }),
  async handle(broker, { topics, validateOnly }, { denial }) {
    const results: Of<typeof named>[] = [];
    for (const { name, total } of topics) {
      const grow = (): Promise<unknown> => broker.log.addPartitions(name, total, { validateOnly });
      const fault = deniedTopic(denial(name)) ?? (await attempt(broker, 'add partitions', grow));
      results.push({ name, ...fault });
    }
    return { throttleTimeMs: 0, topics: results };
  },
});

export const deleteRecords = defineApi({
  key: 21,
  name: 'DeleteRecords',
  versions: [0, 1],
  needs: ({ topics }) => topics.map(({ name }) => ({ operation: 'admin', topic: name })),
  request: struct({
    topics: array(struct({ name: string, partitions: array(struct({ index: int32, offset: int64 })) })),
    timeoutMs: int32,
  }),
  response: struct({
    throttleTimeMs: int32,
    topics: array(struct({ name: string, partitions: array(struct({ index: int32, lowWatermark: int64, errorCode: int16 })) })),
  }),
  async handle(broker, request, { denial }) {
    const topics = [];
    for (const { name, partitions } of request.topics) {
      const results = [];
      for (const { index, offset } of partitions) {
        let lowWatermark = -1;
        const remove = async (): Promise<void> => {
          lowWatermark = await broker.log.deleteRecords(name, index, offset);
        };
        const { errorCode } = deniedTopic(denial(name)) ?? (await attempt(broker, 'delete records', remove));
        results.push({ index, lowWatermark, errorCode });
      }
      topics.push({ name, partitions: results });
    }
    return { throttleTimeMs: 0, topics };
  },
});
