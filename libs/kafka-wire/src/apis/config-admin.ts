import { type TopicSettings } from '@tmws/log';
import { errorCodes, type Fault, noFault } from '../wire/error-codes.ts';
import {
  array,
  between,
  boolean,
  int16,
  int32,
  int8,
  nullableArray,
  nullableString,
  type Of,
  since,
  string,
  struct,
} from '../wire/schema.ts';
import { type Broker, defineApi, nodeId } from './api.ts';
import { attempt } from './attempt.ts';
import { type ConfigFact, describeSettings, isFault, ownEntries, parseConfigs } from './topic-configs.ts';

const topicResource = 2;
const brokerResource = 4;
const source = { topic: 1, broker: 4, default: 5 } as const;

const resource = { type: int8, name: string };
const entry = struct({ name: string, value: nullableString });
const described = struct({
  name: string,
  value: nullableString,
  isReadOnly: boolean,
  isDefault: between(0, 0, boolean, false),
  source: since(1, int8, -1),
  isSensitive: boolean,
  synonyms: since(1, array(struct({ name: string, value: nullableString, source: int8 })), []),
});

const unknownTopic: Fault = { errorCode: errorCodes.unknownTopicOrPartition, errorMessage: 'There is no such topic.' };
const onlyTopics: Fault = { errorCode: errorCodes.invalidRequest, errorMessage: 'Only the settings of topics can be changed.' };

export const describeConfigs = defineApi({
  key: 32,
  name: 'DescribeConfigs',
  versions: [0, 2],
  needs: () => [{ operation: 'read' }],
  request: struct({
    resources: array(struct({ ...resource, names: nullableArray(string) })),
    includeSynonyms: since(1, boolean, false),
  }),
  response: struct({
    throttleTimeMs: int32,
    results: array(struct({ errorCode: int16, errorMessage: nullableString, ...resource, configs: array(described) })),
  }),
  handle: (broker, { resources }, { denial }) => ({
    throttleTimeMs: 0,
    results: resources.map(({ type, name, names }) => {
      const denied = deniedCluster(denial());
      if (denied !== undefined) return { ...denied, type, name, configs: [] };
      const facts = factsOf(broker, type, name);
      const wanted = (facts ?? []).filter((fact) => names === null || names.includes(fact.name));
      return {
        ...(facts === undefined ? unknownTopic : noFault),
        type,
        name,
        configs: wanted.map((fact) => describe(fact, type)),
      };
    }),
  }),
});

function deniedCluster(errorMessage: string | undefined): Fault | undefined {
  return errorMessage === undefined ? undefined : { errorCode: errorCodes.clusterAuthorizationFailed, errorMessage };
}

function factsOf(broker: Broker, type: number, name: string): ConfigFact[] | undefined {
  const topic = broker.log.topic(name);
  if (type === topicResource) return topic && describeSettings(topic.settings, topic.own);
  if (type !== brokerResource || name !== String(nodeId)) return undefined;
  const constant = { isReadOnly: true, isDefault: false };
  return [
    { name: 'num.partitions', value: String(broker.defaultPartitions), ...constant },
    { name: 'auto.create.topics.enable', value: String(broker.autoCreateTopics), ...constant },
  ];
}

function describe({ name, value, isReadOnly, isDefault }: ConfigFact, type: number): Of<typeof described> {
  const own = type === topicResource ? source.topic : source.broker;
  return { name, value, isReadOnly, isDefault, source: isDefault ? source.default : own, isSensitive: false, synonyms: [] };
}

const answer = struct({
  throttleTimeMs: int32,
  results: array(struct({ errorCode: int16, errorMessage: nullableString, ...resource })),
});

/** Replaces all that a topic sets itself. */
export const alterConfigs = defineApi({
  key: 33,
  name: 'AlterConfigs',
  versions: [0, 1],
  needs: () => [{ operation: 'admin' }],
  request: struct({ resources: array(struct({ ...resource, configs: array(entry) })), validateOnly: boolean }),
  response: answer,
  async handle(broker, { resources, validateOnly }, { denial }) {
    const denied = deniedCluster(denial());
    if (denied !== undefined)
      return { throttleTimeMs: 0, results: resources.map(({ type, name }) => ({ ...denied, type, name })) };
    const results = [];
    for (const { type, name, configs } of resources) {
      results.push({
        ...(type === topicResource ? await alter(broker, name, parseConfigs(configs), validateOnly) : onlyTopics),
        type,
        name,
      });
    }
    return { throttleTimeMs: 0, results };
  },
});

const operation = { set: 0, delete: 1 } as const;

/** Changes single settings. */
export const incrementalAlterConfigs = defineApi({
  key: 44,
  name: 'IncrementalAlterConfigs',
  versions: [0, 0],
  needs: () => [{ operation: 'admin' }],
  request: struct({
    resources: array(struct({ ...resource, configs: array(struct({ name: string, operation: int8, value: nullableString })) })),
    validateOnly: boolean,
  }),
  response: answer,
  async handle(broker, { resources, validateOnly }, { denial }) {
    const denied = deniedCluster(denial());
    if (denied !== undefined)
      return { throttleTimeMs: 0, results: resources.map(({ type, name }) => ({ ...denied, type, name })) };
    const results = [];
    for (const { type, name, configs } of resources) {
      const kept = ownEntries(broker.log.topic(name)?.own ?? {}).filter((own) =>
        configs.every((change) => change.name !== own.name),
      );
      const changes = configs.map((change) => ({
        name: change.name,
        value: change.operation === operation.delete ? null : change.value,
      }));
      const listed = configs.some((change) => change.operation > operation.delete);
      const parsed = listed ? onlySetAndDelete : parseConfigs([...kept, ...changes]);
      results.push({ ...(type === topicResource ? await alter(broker, name, parsed, validateOnly) : onlyTopics), type, name });
    }
    return { throttleTimeMs: 0, results };
  },
});

const onlySetAndDelete: Fault = {
  errorCode: errorCodes.invalidConfig,
  errorMessage: 'No setting is a list: set it or delete it.',
};

async function alter(
  broker: Broker,
  name: string,
  settings: Partial<TopicSettings> | Fault,
  validateOnly: boolean,
): Promise<Fault> {
  if (broker.log.topic(name) === undefined) return unknownTopic;
  if (isFault(settings)) return settings;
  return attempt(broker, 'alter a topic', () => broker.log.alterTopic(name, settings, { validateOnly }));
}
