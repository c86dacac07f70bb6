// The commands about backups. They speak to the stores, not to the server: it may be gone.
import type { Command } from 'commander';
import type { AdminBackupOptions, AdminRestoreOptions, AdminVerifyOptions } from './commands/admin-backup.ts';
import type { Go } from './go.ts';

/** @param positive  reads a whole number from 1 */
export function addBackups(admin: Command, go: Go, positive: (text: string) => number): void {
  const stores = (command: Command): Command =>
    command
      .option('--key-file <path>', 'the key backups are encrypted with')
      .option('--database-url-file <path>', 'file with the postgres:// address; else TMWS_DATABASE_URL (or _FILE)')
      .option('--data-dir <path>', 'instead: the data folder of a fleet in one process, stopped');
  stores(admin.command('backup'))
    .description('back up the stores; settings of Postgres and Kafka as services have them')
    .option('--to <folder>', 'where backups are; this one becomes a folder in it')
    .option('--include <path…>', 'also files and folders of configuration; needs a key file', collect)
    .option('--retain <count>', 'keep so many, the newest', positive)
    .option('--new-key <path>', 'make a key file')
    .action((options: AdminBackupOptions, own: Command) =>
      go(own, async (context) => (await import('./commands/admin-backup.ts')).adminBackup(context, options)),
    );
  stores(admin.command('restore'))
    .description('put a backup in place: all of it, or nothing changes; services are stopped first')
    .requiredOption('--from <folder>', 'a backup, or a folder of backups: its newest')
    .option('--replace', 'what is there goes')
    .option('--new-kafka', 'the log is another one: consumers begin at its first record')
    .option('--while-connected', 'although services are connected to the database')
    .option('--files-to <folder>', 'where files of --include go')
    .action((options: AdminRestoreOptions, own: Command) =>
      go(own, async (context) => (await import('./commands/admin-backup.ts')).adminRestore(context, options)),
    );
  stores(admin.command('verify'))
    .description('read all of a backup and check it; with --database or --data-dir also whether that is the same')
    .requiredOption('--from <folder>', 'a backup, or a folder of backups: its newest')
    .option('--database', 'compare rows and checksums with the database')
    .action((options: AdminVerifyOptions, own: Command) =>
      go(own, async (context) => (await import('./commands/admin-backup.ts')).adminVerify(context, options)),
    );
}

const collect = (path: string, before: readonly string[] = []): string[] => [...before, path];
