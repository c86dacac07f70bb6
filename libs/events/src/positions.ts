import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@tmws/telemetry';

export type LogOffsets = (topic: string) => Promise<{ partition: number; first: bigint; next: bigint }[]>;

/** Where an assigned partition stands. Superseded by a new one when offsets are read again. */
export interface Position {
  /** Where the store stands when all that is under way is stored; undefined = nowhere. */
  expected: bigint | undefined;
  /** The next record to be handed to the store. */
  next: bigint;
  /** Where the store stands. */
  stored: bigint | undefined;
  /** Batches under way to the store. */
  underWay: number;
  /** The store refused a batch, so nothing more is handed to it from here; settles when offsets are read again. */
  failed: Promise<void> | undefined;
  /** Not told to the broker yet. */
  moved: boolean;
}

interface PositionsOptions {
  readonly loadOffsets: () => Promise<{ topic: string; partition: number; next: bigint }[]>;
  readonly offsets: LogOffsets;
  readonly seek: (topic: string, partition: number, offset: bigint) => void;
  /** Resolves when nothing is under way to the store. */
  readonly settled: () => Promise<unknown>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

interface Place {
  readonly topic: string;
  readonly partition: number;
}

type Assignment = Readonly<Record<string, readonly number[]>>;

/** Where each assigned partition is read from: the stored offset, or the beginning of the log; never the broker's. */
export function openPositions({ loadOffsets, offsets, seek, settled, logger, signal }: PositionsOptions) {
  let assignment: Assignment = {};
  let positions = new Map<string, Position & Place>();
  let loading: Promise<void> = Promise.resolve();
  let generation = 0;

  const load = async (mine: number): Promise<void> => {
    while (!signal.aborted && mine === generation) {
      try {
        await settled();
        const loaded = await placed(assignment);
        if (mine !== generation) return;
        positions = loaded;
        for (const { topic, partition, next } of positions.values()) seek(topic, partition, next);
        return;
      } catch (error) {
        logger.warn({ err: error }, 'stored offsets cannot be read yet');
        await delay(500, undefined, { signal }).catch(() => undefined);
      }
    }
  };

  const placed = async (assigned: Assignment): Promise<Map<string, Position & Place>> => {
    const names = Object.keys(assigned);
    const [known, ...logs] = await Promise.all([loadOffsets(), ...names.map((topic) => offsets(topic))]);
    const stored = new Map(known.map(({ topic, partition, next }) => [keyOf(topic, partition), next]));
    const found = new Map<string, Position & Place>();
    for (const [i, topic] of names.entries()) {
      const ranges = new Map(logs[i]?.map((range) => [range.partition, range]));
      for (const partition of assigned[topic] ?? []) {
        const at = stored.get(keyOf(topic, partition));
        const next = onLog(topic, partition, at, ranges.get(partition));
        found.set(keyOf(topic, partition), {
          topic,
          partition,
          expected: at,
          next,
          stored: at,
          underWay: 0,
          failed: undefined,
          moved: false,
        });
      }
    }
    return found;
  };

  /** The stored offset, or the nearest the log has. */
  const onLog = (topic: string, partition: number, stored?: bigint, range?: { first: bigint; next: bigint }): bigint => {
    if (range === undefined) return stored ?? 0n;
    if (stored === undefined) return range.first;
    if (stored < range.first) {
      logger.error(
        { topic, partition, from: String(stored), to: String(range.first) },
        'the log no longer has these records: retention cut them before they were stored',
      );
      return range.first;
    }
    if (stored > range.next) {
      logger.error(
        { topic, partition, stored: String(stored), end: String(range.next) },
        'the log ends before the stored offset: it is another log, or it lost records',
      );
      return range.next;
    }
    return stored;
  };

  const reload = (): Promise<void> => {
    generation++;
    loading = load(generation);
    return loading;
  };

  return {
    reload,
    assigned(given: Assignment): void {
      assignment = given;
      void reload();
    },
    /** The partition's place; undefined if it is not assigned. Waits until places are known. */
    async of(topic: string, partition: number): Promise<Position | undefined> {
      for (let seen; seen !== loading;) {
        seen = loading;
        await seen;
      }
      return positions.get(keyOf(topic, partition));
    },
    /** Records from `first` to `last` need no storing. */
    skipped(topic: string, partition: number, first: bigint, last: bigint): void {
      const position = positions.get(keyOf(topic, partition));
      if (position !== undefined && first <= position.next && position.next <= last) position.next = last + 1n;
    },
    /** The partitions held now and no longer in this assignment. */
    lostTo: (given: Assignment): Place[] =>
      [...positions.values()].filter(({ topic, partition }) => given[topic]?.includes(partition) !== true),
    /** What the broker does not know yet. */
    uncommitted: (): { topic: string; partition: number; next: bigint }[] =>
      [...positions.values()].flatMap((position) => {
        const next = reached(position);
        return position.moved && next !== undefined ? [{ topic: position.topic, partition: position.partition, next }] : [];
      }),
    /** The broker knows these now. */
    committed(told: readonly { topic: string; partition: number; next: bigint }[]): void {
      for (const { topic, partition, next } of told) {
        const position = positions.get(keyOf(topic, partition));
        if (position !== undefined && reached(position) === next) position.moved = false;
      }
    },
  };
}

/** Where reading would go on: past what needs no storing, unless something before it is still to be stored. */
function reached({ next, stored, underWay, failed }: Position): bigint | undefined {
  return underWay === 0 && failed === undefined ? next : stored;
}

const keyOf = (topic: string, partition: number): string => `${topic}/${partition}`;
