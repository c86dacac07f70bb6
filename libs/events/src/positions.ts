import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@tmws/telemetry';

export type LogOffsets = (topic: string) => Promise<{ partition: number; first: bigint; next: bigint }[]>;

interface Position {
  /** What the store says; undefined = nothing. */
  stored: bigint | undefined;
  /** The next record to store. */
  next: bigint;
  /** Not told to the broker yet. */
  moved: boolean;
}

interface PositionsOptions {
  readonly loadOffsets: () => Promise<{ topic: string; partition: number; next: bigint }[]>;
  readonly offsets: LogOffsets;
  readonly seek: (topic: string, partition: number, offset: bigint) => void;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Where each assigned partition is read from: the stored offset, or the beginning of the log; never the broker's. */
export function openPositions({ loadOffsets, offsets, seek, logger, signal }: PositionsOptions) {
  let assignment: Readonly<Record<string, number[]>> = {};
  let positions = new Map<string, Position>();
  let loading: Promise<void> = Promise.resolve();
  let generation = 0;

  const load = async (mine: number): Promise<void> => {
    while (!signal.aborted && mine === generation) {
      try {
        const loaded = await place(assignment);
        if (mine !== generation) return;
        positions = loaded;
        for (const [key, { next }] of positions) seek(...parts(key), next);
        return;
      } catch (error) {
        logger.warn({ err: error }, 'stored offsets cannot be read yet');
        await delay(500, undefined, { signal }).catch(() => undefined);
      }
    }
  };

  const place = async (assigned: Readonly<Record<string, number[]>>): Promise<Map<string, Position>> => {
    const stored = new Map((await loadOffsets()).map(({ topic, partition, next }) => [`${topic}/${partition}`, next]));
    const placed = new Map<string, Position>();
    for (const [topic, partitions] of Object.entries(assigned)) {
      const log = new Map((await offsets(topic)).map((range) => [range.partition, range]));
      for (const partition of partitions) {
        const known = stored.get(`${topic}/${partition}`);
        const range = log.get(partition);
        let next = known ?? range?.first ?? 0n;
        if (range !== undefined && next < range.first) {
          logger.error(
            { topic, partition, from: String(next), to: String(range.first) },
            'the log no longer has these records: retention cut them before they were stored',
          );
          next = range.first;
        }
        if (range !== undefined && next > range.next) {
          logger.error(
            { topic, partition, stored: String(next), end: String(range.next) },
            'the log ends before the stored offset: it is another log, or it lost records',
          );
          next = range.next;
        }
        placed.set(`${topic}/${partition}`, { stored: known, next, moved: false });
      }
    }
    return placed;
  };

  const reload = (): Promise<void> => {
    generation++;
    loading = load(generation);
    return loading;
  };

  return {
    reload,
    assigned(given: Readonly<Record<string, number[]>>): void {
      assignment = given;
      void reload();
    },
    /** The partition's place; undefined if it is not assigned. Waits until places are known. */
    async of(topic: string, partition: number): Promise<Position | undefined> {
      for (let seen; seen !== loading;) {
        seen = loading;
        await seen;
      }
      return positions.get(`${topic}/${partition}`);
    },
    moved(topic: string, partition: number, next: bigint): void {
      const position = positions.get(`${topic}/${partition}`);
      if (position !== undefined) Object.assign(position, { stored: next, next, moved: true });
    },
    /** What the broker does not know yet. */
    takeMoved(): { topic: string; partition: number; next: bigint }[] {
      const moved = [...positions].filter(([, position]) => position.moved);
      return moved.map(([key, position]) => {
        position.moved = false;
        const [topic, partition] = parts(key);
        return { topic, partition, next: position.next };
      });
    },
  };
}

function parts(key: string): [topic: string, partition: number] {
  const slash = key.lastIndexOf('/');
  return [key.slice(0, slash), Number(key.slice(slash + 1))];
}
