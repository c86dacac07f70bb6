import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Problem } from '@tmws/problems';

/** The layout this code writes. A folder of a higher one is not opened. */
const layout = 1;

/** The data folder of one process. */
export interface DataFolder {
  readonly path: string;
  close(): void;
}

/**
 * Takes the folder for this process, until it ends in whatever way.
 *
 * The lock is SQLite's on a file of its own: the system gives it back when the process dies, on every platform.
 *
 * @throws Problem `precondition` when another process has it, or a newer version wrote it
 */
export function openDataFolder(path: string): DataFolder {
  const lock = takeLock(path);
  try {
    checkLayout(path);
  } catch (error) {
    lock.close();
    throw error;
  }
  return { path, close: () => lock.close() };
}

function takeLock(path: string): DatabaseSync {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Problem(
      'precondition',
      `the data folder ${path} cannot be made: ${(error as Error).message}; TMWS_DATA_DIR names another`,
      { cause: error },
    );
  }
  const lock = new DatabaseSync(join(path, 'lock'), { timeout: 0 });
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (!(error as Error).message.includes('locked')) throw error;
    throw new Problem(
      'precondition',
      `the data folder ${path} is in use by another process; stop that one, or name another folder by TMWS_DATA_DIR`,
      { cause: error },
    );
  }
}

function checkLayout(path: string): void {
  const file = join(path, 'layout.json');
  const found = readLayout(file);
  if (found === undefined) writeFileSync(file, `${JSON.stringify({ layout })}\n`);
  else if (found > layout) {
    throw new Problem(
      'precondition',
      `the data folder ${path} was written by a newer version (layout ${found}, this one knows ${layout}); start that version, or name another folder by TMWS_DATA_DIR`,
    );
  }
}

function readLayout(file: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const found = (JSON.parse(text) as { layout?: unknown }).layout;
  if (typeof found === 'number') return found;
  throw new Problem('precondition', `${file} does not name a layout; it is not a data folder of TMWS`);
}
