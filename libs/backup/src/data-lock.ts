import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Problem } from '@tmws/problems';

/**
 * Holds the lock of a data folder, so that no fleet writes to it meanwhile.
 *
 * @throws Problem `precondition` when a process has it, or when it is no data folder
 */
export function lockDataFolder(dir: string): { close(): void } {
  if (!existsSync(join(dir, 'layout.json')))
    throw new Problem('precondition', `${dir} is no data folder of TMWS (it has no layout.json); --data-dir names another`);
  const lock = new DatabaseSync(join(dir, 'lock'), { timeout: 0 });
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return lock;
  } catch (cause) {
    lock.close();
    throw new Problem('precondition', `the data folder ${dir} is in use by a fleet; stop it first`, { cause });
  }
}
