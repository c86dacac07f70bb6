export { type BackupOptions, takeBackup, type Taken } from './take-backup.ts';
export { restoreBackup, type RestoreOptions, type Restored } from './restore-backup.ts';
export { verifyBackup, type VerifyOptions, type Verified } from './verify-backup.ts';
export { readKeyFile, writeNewKey } from './key.ts';
