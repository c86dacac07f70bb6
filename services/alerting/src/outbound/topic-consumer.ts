// A consumer of topics that may come and go: those of the catalog are there, those of others perhaps not yet.
import type { ConsumerOptions, EventBus } from '@tmws/events';
import { repeatedly } from '@tmws/lifecycle';
import type { Logger } from '@tmws/telemetry';

interface TopicConsumerOptions extends Pick<ConsumerOptions, 'group' | 'loadOffsets' | 'handle' | 'park'> {
  readonly events: EventBus;
  /** What is to be taken. */
  readonly topics: () => readonly string[];
  /** Of these it is known that they are there once `made` is. */
  readonly own: readonly string[];
  /** Resolves when Kafka has them: nothing is taken before. */
  readonly made: Promise<unknown>;
  readonly logger: Logger;
}

export interface TopicConsumer {
  /** What is being taken. */
  taken(): readonly string[];
  /** The topics to be taken may be others. */
  retake(): void;
  close(): Promise<void>;
}

const lookEveryMs = 60_000;

/**
 * Takes the topics that are there, in one consumer, and goes on with others as soon as they are. One that is not there is said once.
 * Where only topics of its own are to be taken, it never asks.
 */
export function openTopicConsumer(options: TopicConsumerOptions): TopicConsumer {
  const { events, topics, own, made, logger, group, loadOffsets, handle, park } = options;
  const missed = new Set<string>();
  let consuming: { readonly topics: readonly string[]; close(): Promise<void> } | undefined;
  let changing: Promise<void> = Promise.resolve();
  const closing = new AbortController();
  const closed = (): boolean => closing.signal.aborted;

  const thereOf = async (): Promise<string[]> => {
    const found = await events.listTopics();
    const asked = topics().map((topic) => ({ topic, there: own.includes(topic) || found.has(topic) }));
    for (const { topic, there } of asked) {
      if (there) missed.delete(topic);
      else if (!missed.has(topic)) {
        missed.add(topic);
        logger.warn({ topic }, 'a topic that rules are to see is not there; it is taken as soon as it is');
      }
    }
    return asked.filter(({ there }) => there).map(({ topic }) => topic);
  };
  const begin = (wanted: readonly string[]): void => {
    const consumer = events.consume({ group, topics: wanted, lanes: 1, loadOffsets, handle, park });
    consuming = { topics: wanted, close: () => consumer.close() };
  };
  const change = async (): Promise<void> => {
    const before = consuming;
    if (before === undefined || closed()) return;
    const wanted = await thereOf();
    if (closed() || before.topics.join(' ') === wanted.join(' ')) return;
    await before.close();
    if (!closed()) begin(wanted);
  };
  const retake = (): Promise<void> => {
    changing = changing
      .then(change)
      .catch((error: unknown) => logger.warn({ err: error }, 'topics of rules cannot be taken; it is tried again'));
    return changing;
  };
  // The own ones at once: others may take a while to be found.
  const needsMore = (): boolean => topics().some((topic) => !own.includes(topic));
  void made.then(
    () => {
      if (closed()) return;
      begin(own);
      if (needsMore()) void retake();
    },
    // Closed before they were there.
    () => undefined,
  );
  const looking = repeatedly(() => (needsMore() ? retake() : Promise.resolve()), {
    everyMs: lookEveryMs,
    failed: () => undefined,
  });
  return {
    taken: () => consuming?.topics ?? own,
    retake: () => void retake(),
    async close() {
      closing.abort();
      await looking.close();
      await changing;
      await consuming?.close();
    },
  };
}
