// Opening a partition's folder. After a clean close the last segment's index vouches for all of it and nothing is read. Otherwise
// the part it does not vouch for is read and checked against the CRCs; from the first batch that is not whole and sound on, the file
// is a torn tail (it was never acknowledged) and is cut off.
import { mkdir, readdir, stat } from 'node:fs/promises';
import { type Logger } from '@tmws/telemetry';
import { isMissing, type OpenFile } from './files.ts';
import { Producers, type ProducerSnapshot } from './producers.ts';
import { Segment } from './segment.ts';
import { SegmentIndex } from './segment-index.ts';

export interface Recovered {
  /** In order of offsets, at least one; only the last is written to. */
  readonly segments: Segment[];
  /** The last segment's index. */
  readonly index: SegmentIndex;
  readonly producers: Producers;
}

export interface RecoveryPorts {
  readonly openFile: OpenFile;
  readonly nowMs: number;
  readonly logger: Logger | undefined;
}

const segmentName = /^(\d{20})\.log$/;

/** Opens what is in the folder; a folder that is not there is an empty partition. */
export async function recoverPartition(folder: string, name: string, ports: RecoveryPorts): Promise<Recovered> {
  const segments = await withoutEmptyTail(await listSegments(folder, ports.openFile));
  const last = segments.at(-1);
  if (last === undefined) {
    const empty = new Segment(folder, 0, 0, ports.openFile);
    return { segments: [empty], index: new SegmentIndex(0, ports.nowMs), producers: new Producers() };
  }
  const vouched = await last.loadIndex();
  if (vouched?.sizeBytes === last.sizeBytes) return { segments, index: vouched, producers: new Producers(vouched.producers) };

  const producers = new Producers(vouched?.producers ?? (await producersBefore(segments)));
  const scan = await last.scan(vouched, true, (header) => {
    producers.note(header, header.baseOffset);
    producers.keep();
  });
  if (scan.brokenBytes > 0) await cutTail(last, scan.index, scan.brokenBytes, name, ports.logger);
  return { segments, index: scan.index, producers };
}

async function listSegments(folder: string, openFile: OpenFile): Promise<Segment[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
    return [];
  });
  const offsets = names.flatMap((name) => segmentName.exec(name)?.[1] ?? []).sort();
  return Promise.all(
    offsets.map(async (digits) => {
      const { size } = await stat(`${folder}/${digits}.log`);
      return new Segment(folder, Number(digits), size, openFile);
    }),
  );
}

/** An empty segment behind others is one whose making was cut short; the one before it goes on. */
async function withoutEmptyTail(segments: Segment[]): Promise<Segment[]> {
  const last = segments.at(-1);
  if (segments.length < 2 || last === undefined || last.sizeBytes > 0) return segments;
  await last.remove();
  return withoutEmptyTail(segments.slice(0, -1));
}

/** What was remembered of producers when the last segment began: the state its predecessor was sealed with. */
async function producersBefore(segments: readonly Segment[]): Promise<ProducerSnapshot> {
  const previous = segments.at(-2);
  if (previous === undefined) return [];
  const index = await previous.loadIndex();
  if (index?.sizeBytes === previous.sizeBytes) return index.producers;
  const producers = new Producers(index?.producers);
  await previous.scan(index, false, (header) => {
    producers.note(header, header.baseOffset);
    producers.keep();
  });
  return producers.snapshot();
}

async function cutTail(
  last: Segment,
  index: SegmentIndex,
  brokenBytes: number,
  name: string,
  logger: Logger | undefined,
): Promise<void> {
  await using handle = await last.open('r+');
  await handle.truncate(index.sizeBytes);
  await handle.sync();
  last.sizeBytes = index.sizeBytes;
  logger?.warn(
    { partition: name, bytes: brokenBytes, endOffset: index.endOffset },
    `${name}: cut a torn tail of ${brokenBytes} bytes that was never acknowledged; the log ends at offset ${index.endOffset}`,
  );
}

/** Makes a partition's folder. */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
}
