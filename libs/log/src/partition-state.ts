import { type Logger } from '@tmws/telemetry';
import { type DiskSpace } from './disk-space.ts';
import { type OpenFile } from './files.ts';
import { type Producers } from './producers.ts';
import { type ResourceCache } from './resource-cache.ts';
import { type Segment } from './segment.ts';
import { type SegmentIndex } from './segment-index.ts';
import { type TopicSettings } from './topic-settings.ts';
import { type FileHandle } from 'node:fs/promises';

/** A segment opened for reading. */
export interface OpenSegment {
  readonly handle: FileHandle;
  readonly index: SegmentIndex;
}

/** What all partitions of a log share. */
export interface PartitionPorts {
  readonly openFile: OpenFile;
  readonly clock: () => number;
  readonly disk: DiskSpace;
  readonly open: ResourceCache<OpenSegment>;
  readonly logger: Logger | undefined;
}

/** What writer, reader and retention of one partition share. */
export interface PartitionState {
  readonly name: string;
  readonly folder: string;
  /** The topic's, as they are now. */
  readonly settings: () => TopicSettings;
  readonly ports: PartitionPorts;
  readonly producers: Producers;
  /** In order of offsets, at least one; only the last is written to. */
  segments: Segment[];
  /** The last segment's. */
  index: SegmentIndex;
  /** The first offset that can be read. */
  startOffset: number;
}

/** The segment that gets the next batch. */
export function activeSegment(state: PartitionState): Segment {
  const last = state.segments.at(-1);
  if (last === undefined) throw new Error(`${state.name} has no segment`);
  return last;
}

/** Runs `work` with the segment opened for reading; a sealed segment's missing or damaged index is made anew. */
export function withSegment<Result>(
  state: PartitionState,
  segment: Segment,
  work: (open: OpenSegment) => Promise<Result>,
): Promise<Result> {
  const isActive = (): boolean => segment === activeSegment(state);
  const open = async (): Promise<OpenSegment> => {
    const handle = await segment.open('r');
    try {
      return { handle, index: isActive() ? state.index : await sealedIndex(state, segment) };
    } catch (error) {
      await handle.close();
      throw error;
    }
  };
  return state.ports.open.use(segment.path, open, work);
}

async function sealedIndex(state: PartitionState, segment: Segment): Promise<SegmentIndex> {
  const index = await segment.loadIndex();
  if (index?.sizeBytes === segment.sizeBytes) return index;
  const scan = await segment.scan(index, false, () => undefined);
  state.ports.logger?.warn(
    { partition: state.name, segment: segment.baseOffset },
    `${state.name}: made the index of a segment anew`,
  );
  if (scan.brokenBytes === 0) await segment.saveIndex(scan.index);
  return scan.index;
}
