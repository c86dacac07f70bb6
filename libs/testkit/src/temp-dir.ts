import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type TempDir = AsyncDisposable & {
  readonly path: string;
  /** Removes the folder and all that is in it; twice is harmless. */
  remove(): Promise<void>;
};

/** Makes an empty folder: `await using dir = await tempDir('log')`, or call `remove()`. */
export async function tempDir(prefix: string): Promise<TempDir> {
  const path = await mkdtemp(join(tmpdir(), `${prefix}-`));
  const remove = () => rm(path, { recursive: true, force: true, maxRetries: 5 });
  return { path, remove, [Symbol.asyncDispose]: remove };
}
