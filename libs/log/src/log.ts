import { mkdir, statfs } from 'node:fs/promises';
import { type Logger } from '@tmws/telemetry';
import { DiskSpace } from './disk-space.ts';
import { DurableMap } from './durable-map.ts';
import { openFile as openRealFile, type OpenFile, syncFolder } from './files.ts';
import { type Partition } from './partition.ts';
import { type OpenSegment, type PartitionPorts } from './partition-state.ts';
import { ResourceCache } from './resource-cache.ts';
import { type NewTopic, type TopicInfo, Topics, type Trial } from './topics.ts';
import { checkTopicSettings, defaultTopicSettings, type TopicSettings } from './topic-settings.ts';

export interface LogOptions {
  /** The folder, made if it is not there. One process a folder: keeping others out is the host's. */
  readonly dir: string;
  /** What topics follow that do not set it themselves. */
  readonly defaults?: Partial<TopicSettings>;
  /** Below so much free disk, records are refused. */
  readonly minFreeBytes?: number;
  /** How often retention runs by itself; 0: only by `applyRetention`. */
  readonly retentionEveryMs?: number;
  /** Segments held open for reading at most. */
  readonly maxOpenSegments?: number;
  readonly logger?: Logger;
  /** ms since the epoch. */
  readonly clock?: () => number;
  readonly freeBytes?: () => Promise<number>;
  readonly openFile?: OpenFile;
}

/** An open log. Offsets are numbers; times are ms since the epoch. */
export interface Log {
  /** In order of their names. */
  topics(): TopicInfo[];
  topic(name: string): TopicInfo | undefined;
  /** @throws LogProblem `topic_exists`, `topic_name`, `topic_settings`, `partitions` */
  createTopic(name: string, options?: NewTopic): Promise<TopicInfo>;
  /** Replaces what the topic sets itself. @throws LogProblem `topic_unknown`, `topic_settings` */
  alterTopic(name: string, settings: Partial<TopicSettings>, trial?: Trial): Promise<TopicInfo>;
  /** @throws LogProblem `topic_unknown`, `partitions` (only more is possible) */
  addPartitions(name: string, total: number, trial?: Trial): Promise<TopicInfo>;
  /** Removes the topic and all it holds. @throws LogProblem `topic_unknown` */
  deleteTopic(name: string): Promise<void>;
  /** The partition, to append to and read from; undefined if there is no such. */
  partition(topic: string, partition: number): Partition | undefined;
  /** Forgets the records before `offset`; -1: all of them. @returns the new start offset */
  deleteRecords(topic: string, partition: number, offset: number): Promise<number>;
  /** Removes the segments no topic's settings keep any more. @returns how many */
  applyRetention(nowMs: number): Promise<number>;
  /** A small durable map of its own file, for what belongs to the log's users (committed offsets). One holder a name. */
  openMap<Value>(name: string): Promise<DurableMap<Value>>;
  /** Answers what was accepted, then closes all files. */
  close(): Promise<void>;
}

const fiveMinutesMs = 5 * 60 * 1000;

/** Opens the log in a folder; what an earlier process left torn there is repaired, and told to the logger. */
export async function openLog(options: LogOptions): Promise<Log> {
  const { dir, logger, clock = Date.now, openFile = openRealFile, retentionEveryMs = fiveMinutesMs } = options;
  const defaults = { ...defaultTopicSettings, ...options.defaults };
  checkTopicSettings(defaults);
  await mkdir(`${dir}/maps`, { recursive: true });
  await mkdir(`${dir}/topics`, { recursive: true });
  await syncFolder(dir);
  const freeBytes =
    options.freeBytes ??
    (async () => {
      const { bavail, bsize } = await statfs(dir);
      return bavail * bsize;
    });
  const open = new ResourceCache<OpenSegment>(options.maxOpenSegments ?? 128, ({ handle }) => handle.close());
  const disk = new DiskSpace(freeBytes, options.minFreeBytes ?? 256 * 1024 * 1024, clock);
  const ports: PartitionPorts = { openFile, clock, disk, open, logger };
  const openMap = <Value>(name: string): Promise<DurableMap<Value>> =>
    DurableMap.open<Value>(`${dir}/maps/${name}`, openFile, logger);

  const topics = await Topics.open(`${dir}/topics`, defaults, await openMap<number>('start-offsets'), ports);
  const applyRetention = (nowMs: number): Promise<number> => topics.applyRetention(nowMs);
  let retaining: Promise<unknown> = Promise.resolve();
  const retain = (): void => {
    retaining = applyRetention(clock()).catch((error: unknown) =>
      logger?.error({ err: error }, 'retention failed and is tried again later'),
    );
  };
  const timer = retentionEveryMs === 0 ? undefined : setInterval(retain, retentionEveryMs).unref();
  if (timer !== undefined) retain();

  return {
    topics: () => topics.list(),
    topic: (name) => topics.info(name),
    createTopic: (name, asked = {}) => topics.create(name, asked),
    alterTopic: (name, settings, trial = {}) => topics.alter(name, settings, trial),
    addPartitions: (name, total, trial = {}) => topics.addPartitions(name, total, trial),
    deleteTopic: (name) => topics.remove(name),
    partition: (topic, partition) => topics.partition(topic, partition),
    deleteRecords: (topic, partition, offset) => topics.deleteRecords(topic, partition, offset),
    applyRetention,
    openMap,
    async close() {
      clearInterval(timer);
      await retaining;
      await topics.close();
      await open.clear();
    },
  };
}
