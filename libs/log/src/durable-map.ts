// A small map of JSON values that survives a crash: an append-only file of changes, one a line, each with its CRC-32. A change is
// visible when it is durable; changes submitted together share one fdatasync. When the file is mostly history it is replaced by a
// snapshot of the map.
import { readFile, rename } from 'node:fs/promises';
import { constants } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { type Logger } from '@tmws/telemetry';
import { AppendFile } from './append-file.ts';
import { isMissing, type OpenFile, syncFolder } from './files.ts';
import { boundedRound, GroupCommit, type Pending } from './group-commit.ts';

/** A key and its new value; `undefined` removes it. */
export type Change<Value> = readonly [key: string, value: Value | undefined];

const snapshotAboveBytes = 1024 * 1024;
const historyFactor = 4;

const checksum = (json: string): string => crc32(json).toString(16).padStart(8, '0');

const line = (key: string, value: unknown): string => {
  const json = JSON.stringify(value === undefined ? [key] : [key, value]);
  return `${checksum(json)} ${json}\n`;
};

export class DurableMap<Value> {
  readonly #path: string;
  readonly #openFile: OpenFile;
  readonly #values: Map<string, Value>;
  readonly #rounds: GroupCommit<readonly Change<Value>[], undefined>;
  #file: AppendFile;
  #snapshotBytes: number;
  #folderSynced = true;

  private constructor(path: string, openFile: OpenFile, values: Map<string, Value>, file: AppendFile) {
    this.#path = path;
    this.#openFile = openFile;
    this.#values = values;
    this.#file = file;
    this.#snapshotBytes = file.syncedBytes;
    this.#rounds = new GroupCommit<readonly Change<Value>[], undefined>(
      boundedRound((changes) => changes.length * 100),
      (round) => this.#commit(round),
    );
  }

  /** Opens the map in that file, made if it is not there. A torn last line is cut off. */
  static async open<Value>(path: string, openFile: OpenFile, logger?: Logger): Promise<DurableMap<Value>> {
    const text = await readFile(path, 'latin1').catch((error: unknown) => {
      if (!isMissing(error)) throw error;
      return '';
    });
    const { values, soundBytes } = replay<Value>(text);
    const file = await openAppendFile(path, openFile, soundBytes, text.length);
    if (soundBytes < text.length) {
      logger?.warn({ bytes: text.length - soundBytes }, `${nameOf(path)}: cut a torn tail that was never acknowledged`);
    }
    return new DurableMap(path, openFile, values, file);
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  entries(): MapIterator<[string, Value]> {
    return this.#values.entries();
  }

  /** Makes the changes durable, all or none. @throws LogProblem `disk_failed` */
  async put(changes: readonly Change<Value>[]): Promise<void> {
    if (changes.length > 0) await this.#rounds.submit(changes);
  }

  async close(): Promise<void> {
    await this.#rounds.settled();
    await this.#file.close();
  }

  async #commit(round: readonly Pending<readonly Change<Value>[], undefined>[]): Promise<void> {
    await this.#syncFolder();
    const changes = round.flatMap((entry) => entry.item);
    await this.#file.append([Buffer.from(changes.map(([key, value]) => line(key, value)).join(''))]);
    for (const [key, value] of changes) {
      if (value === undefined) this.#values.delete(key);
      else this.#values.set(key, value);
    }
    for (const entry of round) entry.resolve(undefined);
    if (this.#file.syncedBytes > Math.max(snapshotAboveBytes, this.#snapshotBytes * historyFactor)) await this.#snapshot();
  }

  /** Replaces the file. The new one is held open before it takes the name, so no change can go to a file without one. */
  async #snapshot(): Promise<void> {
    const text = Buffer.from([...this.#values].map(([key, value]) => line(key, value)).join(''));
    const draft = `${this.#path}.draft`;
    const next = new AppendFile(await this.#openFile(draft, 'w+'), 0, nameOf(this.#path));
    try {
      await next.append([text]);
      await rename(draft, this.#path);
    } catch (error) {
      await next.close();
      throw error;
    }
    const old = this.#file;
    this.#file = next;
    this.#snapshotBytes = text.length;
    this.#folderSynced = false;
    await old.close();
    await this.#syncFolder();
  }

  async #syncFolder(): Promise<void> {
    if (this.#folderSynced) return;
    await syncFolder(dirname(this.#path));
    this.#folderSynced = true;
  }
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

async function openAppendFile(path: string, openFile: OpenFile, soundBytes: number, fileBytes: number): Promise<AppendFile> {
  const handle = await openFile(path, constants.O_RDWR | constants.O_CREAT);
  if (soundBytes < fileBytes) await handle.truncate(soundBytes);
  await handle.sync();
  await syncFolder(dirname(path));
  return new AppendFile(handle, soundBytes, nameOf(path));
}

/** The map that the lines make, up to the first that is not whole. `latin1` text, so that a character is a byte. */
function replay<Value>(text: string): { values: Map<string, Value>; soundBytes: number } {
  const values = new Map<string, Value>();
  let at = 0;
  for (let end = text.indexOf('\n'); end !== -1; at = end + 1, end = text.indexOf('\n', at)) {
    const json = Buffer.from(text.slice(at + 9, end), 'latin1').toString();
    if (text.slice(at, at + 9) !== `${checksum(json)} `) break;
    const [key, ...value] = JSON.parse(json) as [string, ...Value[]];
    if (value.length === 0) values.delete(key);
    else values.set(key, value[0] as Value);
  }
  return { values, soundBytes: at };
}
