import { type DurableMap } from './durable-map.ts';
import { LogProblem } from './log-problem.ts';
import { Partition } from './partition.ts';
import { type PartitionPorts } from './partition-state.ts';
import { checkPartitions, checkTopicName, checkTopicSettings, type TopicSettings } from './topic-settings.ts';
import { type StoredTopic, TopicStore } from './topic-store.ts';

export interface TopicInfo {
  readonly name: string;
  readonly partitions: number;
  /** What holds for the topic. */
  readonly settings: TopicSettings;
  /** What of it the topic sets itself. */
  readonly own: Partial<TopicSettings>;
}

/** `validateOnly`: check what was asked, throw as the deed would, and change nothing. */
export interface Trial {
  readonly validateOnly?: boolean;
}

export interface NewTopic extends Trial {
  /** 1 if absent. */
  readonly partitions?: number;
  readonly settings?: Partial<TopicSettings>;
}

interface Topic {
  stored: StoredTopic;
  partitions: readonly Partition[];
}

/** The topics of one log, and their partitions. Changes to the set of topics are made one after the other. */
export class Topics {
  readonly #store: TopicStore;
  readonly #defaults: TopicSettings;
  /** Start offsets set by `deleteRecords`, by topic number and partition. */
  readonly #startOffsets: DurableMap<number>;
  readonly #ports: PartitionPorts;
  readonly #topics = new Map<string, Topic>();
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(root: string, defaults: TopicSettings, startOffsets: DurableMap<number>, ports: PartitionPorts) {
    this.#store = new TopicStore(root);
    this.#defaults = defaults;
    this.#startOffsets = startOffsets;
    this.#ports = ports;
  }

  static async open(
    root: string,
    defaults: TopicSettings,
    startOffsets: DurableMap<number>,
    ports: PartitionPorts,
  ): Promise<Topics> {
    const topics = new Topics(root, defaults, startOffsets, ports);
    for (const stored of await topics.#store.load()) await topics.#open(stored);
    return topics;
  }

  list(): TopicInfo[] {
    return [...this.#topics.values()].map((topic) => this.#info(topic.stored)).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  info(name: string): TopicInfo | undefined {
    const topic = this.#topics.get(name);
    return topic && this.#info(topic.stored);
  }

  partition(name: string, partition: number): Partition | undefined {
    return this.#topics.get(name)?.partitions[partition];
  }

  create(name: string, { partitions = 1, settings = {}, validateOnly = false }: NewTopic): Promise<TopicInfo> {
    return this.#inTurn(async () => {
      checkTopicName(name);
      checkPartitions(partitions);
      checkTopicSettings(settings);
      if (this.#topics.has(name)) throw new LogProblem('topic_exists', `The topic ${name} exists already.`);
      if (validateOnly) return this.#info({ name, number: 0, partitions, settings });
      const stored = await this.#store.create(name, partitions, settings);
      await this.#open(stored);
      return this.#info(stored);
    });
  }

  alter(name: string, settings: Partial<TopicSettings>, { validateOnly = false }: Trial): Promise<TopicInfo> {
    return this.#inTurn(async () => {
      checkTopicSettings(settings);
      const topic = this.#known(name);
      const stored = { ...topic.stored, settings };
      return validateOnly ? this.#info(stored) : this.#change(topic, stored);
    });
  }

  addPartitions(name: string, total: number, { validateOnly = false }: Trial): Promise<TopicInfo> {
    return this.#inTurn(async () => {
      checkPartitions(total);
      const topic = this.#known(name);
      const { partitions } = topic.stored;
      if (total <= partitions) {
        throw new LogProblem(
          'partitions',
          `The topic ${name} has ${partitions} partitions already; only more is possible (asked for ${total}).`,
        );
      }
      if (validateOnly) return this.#info({ ...topic.stored, partitions: total });
      const info = await this.#change(topic, { ...topic.stored, partitions: total });
      topic.partitions = [...topic.partitions, ...(await this.#openPartitions(topic, partitions, total))];
      return info;
    });
  }

  remove(name: string): Promise<void> {
    return this.#inTurn(async () => {
      const topic = this.#known(name);
      this.#topics.delete(name);
      await Promise.all(topic.partitions.map((partition) => partition.close()));
      await this.#store.remove(topic.stored);
      await this.#startOffsets.put(topic.partitions.map((_, i) => [startKey(topic.stored, i), undefined]));
    });
  }

  async deleteRecords(name: string, index: number, offset: number): Promise<number> {
    const topic = this.#known(name);
    const partition = topic.partitions[index];
    if (partition === undefined) throw unknownTopic(`${name}/${index}`);
    await partition.deleteBefore(offset === -1 ? partition.endOffset : offset);
    await this.#startOffsets.put([[startKey(topic.stored, index), partition.startOffset]]);
    return partition.startOffset;
  }

  async applyRetention(nowMs: number): Promise<number> {
    let removed = 0;
    for (const topic of [...this.#topics.values()]) {
      for (const partition of topic.partitions) removed += await partition.applyRetention(nowMs);
    }
    return removed;
  }

  async close(): Promise<void> {
    await this.#inTurn(async () => {
      await Promise.all([...this.#topics.values()].flatMap((topic) => topic.partitions.map((partition) => partition.close())));
      await this.#startOffsets.close();
    });
  }

  async #open(stored: StoredTopic): Promise<void> {
    const topic: Topic = { stored, partitions: [] };
    topic.partitions = await this.#openPartitions(topic, 0, stored.partitions);
    this.#topics.set(stored.name, topic);
  }

  #openPartitions(topic: Topic, from: number, to: number): Promise<Partition[]> {
    const numbers = Array.from({ length: to - from }, (_, i) => from + i);
    return Promise.all(
      numbers.map((index) => {
        const folder = this.#store.partitionFolder(topic.stored, index);
        const startOffset = this.#startOffsets.get(startKey(topic.stored, index)) ?? 0;
        return Partition.open(
          `${topic.stored.name}/${index}`,
          folder,
          () => this.#settings(topic.stored),
          startOffset,
          this.#ports,
        );
      }),
    );
  }

  async #change(topic: Topic, stored: StoredTopic): Promise<TopicInfo> {
    await this.#store.update(stored);
    topic.stored = stored;
    return this.#info(stored);
  }

  #settings(stored: StoredTopic): TopicSettings {
    return { ...this.#defaults, ...stored.settings };
  }

  #info(stored: StoredTopic): TopicInfo {
    return { name: stored.name, partitions: stored.partitions, settings: this.#settings(stored), own: stored.settings };
  }

  #known(name: string): Topic {
    const topic = this.#topics.get(name);
    if (topic === undefined) throw unknownTopic(name);
    return topic;
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

const startKey = (topic: StoredTopic, partition: number): string => `${topic.number}/${partition}`;

const unknownTopic = (name: string): LogProblem =>
  new LogProblem('topic_unknown', `There is no topic ${name}. Create it first, or see the list of topics for its spelling.`);
