import { type FileHandle, open, rename } from 'node:fs/promises';

/** How the log opens a file; a test gives one whose handles fail. */
export type OpenFile = (path: string, flags: string | number) => Promise<FileHandle>;

export const openFile: OpenFile = (path, flags) => open(path, flags);

/** Makes the names in a folder durable: a file made, renamed or removed there is so after a power cut too. */
export async function syncFolder(path: string): Promise<void> {
  await using handle = await open(path, 'r');
  await handle.sync();
}

/** Replaces a file by a whole new content, or leaves it as it was; synced unless the content can be made anew. */
export async function replaceFile(path: string, content: string, { sync }: { sync: boolean }): Promise<void> {
  const draft = `${path}.draft`;
  await using handle = await open(draft, 'w');
  await handle.writeFile(content);
  if (sync) await handle.datasync();
  await rename(draft, path);
  if (sync) await syncFolder(path.slice(0, path.lastIndexOf('/')) || '/');
}

/** Whether a file-system error says that there is no such file. */
export function isMissing(error: unknown): boolean {
  return Error.isError(error) && 'code' in error && error.code === 'ENOENT';
}
