import { resolve } from 'node:path';
import { type BackupOptions, readKeyFile, restoreBackup, takeBackup, verifyBackup, writeNewKey } from '@tmws/backup';
import { type EventBus, openEventBus } from '@tmws/events';
import { type HostConfig, kafkaAccess, loadHostConfig } from '@tmws/lifecycle';
import { Problem, problemDocument } from '@tmws/problems';
import { openLogger, openMetrics } from '@tmws/telemetry';
import manifest from '../../package.json' with { type: 'json' };
import type { Context } from '../context.ts';
import { exitCodes, Failure } from '../failure.ts';
import { printObject } from '../output.ts';
import { sizeText } from '../size-text.ts';

interface CommonOptions {
  readonly keyFile?: string;
  readonly dataDir?: string;
  readonly databaseUrlFile?: string;
}

export interface AdminBackupOptions extends CommonOptions {
  readonly to?: string;
  readonly newKey?: string;
  readonly retain?: number;
  readonly include?: string[];
}

export interface AdminRestoreOptions extends CommonOptions {
  readonly from: string;
  readonly replace?: boolean;
  readonly whileConnected?: boolean;
  readonly newKafka?: boolean;
  readonly filesTo?: string;
}

export interface AdminVerifyOptions extends CommonOptions {
  readonly from: string;
  readonly database?: boolean;
}

/** `tmws admin backup`: makes one, or a key for them. */
export function adminBackup(context: Context, options: AdminBackupOptions): Promise<void> {
  return asFailures(async () => {
    const { cwd, env } = context.terminal;
    if (options.newKey !== undefined) {
      await writeNewKey(resolve(cwd, options.newKey));
      context.terminal.tell(
        `${options.newKey} holds the key of backups to come; keep a copy elsewhere: without it none can be read\n`,
      );
      if (options.to === undefined) return;
    }
    if (options.to === undefined) throw new Problem('invalid', '--to names the folder that backups go to');
    const to = resolve(cwd, options.to);
    const taken = await withStores(context, options, async (stores) =>
      takeBackup({
        ...stores,
        to,
        version: manifest.version,
        include: (options.include ?? []).map((path) => resolve(cwd, path)),
        env,
        retain: options.retain,
        now: () => new Date(context.terminal.nowMs()),
      }),
    );
    await printObject(context, taken, [
      ['backup', taken.dir],
      ['taken at', taken.takenAt],
      ['rows', String(taken.rows)],
      ['files', taken.files === 0 ? '' : String(taken.files)],
      ['size', `${sizeText(taken.bytes)}, ${sizeText(taken.storedBytes)} stored`],
      ['took', rateText(taken)],
      ['encrypted', taken.encrypted ? 'yes' : 'no'],
      ['removed', taken.removed.join(', ')],
    ]);
  });
}

/** `tmws admin restore`: puts a backup in place. */
export function adminRestore(context: Context, options: AdminRestoreOptions): Promise<void> {
  return asFailures(async () => {
    const { cwd } = context.terminal;
    const { replace = false, whileConnected = false, newKafka = false, filesTo } = options;
    const restored = await withStores(context, options, async (stores) =>
      restoreBackup({
        ...stores,
        ...{ replace, whileConnected, newKafka },
        from: resolve(cwd, options.from),
        filesTo: filesTo === undefined ? undefined : resolve(cwd, filesTo),
        now: () => new Date(context.terminal.nowMs()),
      }),
    );
    const { cut = '0' } = restored;
    if (cut !== '0')
      context.terminal.tell(
        `tmws: retention of the log took ${cut} records away that came after the snapshot: their effects are lost\n`,
      );
    await printObject(context, restored, [
      ['restored', restored.dir],
      ['of', restored.takenAt],
      ['rows', String(restored.rows)],
      ['recovery', rateText(restored)],
      ['to read', restored.toRead === undefined ? '' : `${restored.toRead} records that came after the snapshot`],
    ]);
  });
}

/** `tmws admin verify`: checks every chunk. @returns failed where the database is another */
export function adminVerify(context: Context, options: AdminVerifyOptions): Promise<number> {
  return asFailures(async () => {
    const from = resolve(context.terminal.cwd, options.from);
    const verified = await withStores(
      context,
      options,
      async ({ key, databaseUrl, dataDir }) =>
        verifyBackup({
          from,
          key,
          databaseUrl: options.database === true ? databaseUrl : undefined,
          dataDir,
          now: () => new Date(context.terminal.nowMs()),
        }),
      false,
    );
    const { differences } = verified;
    await printObject(context, verified, [
      ['whole', verified.dir],
      ['of', verified.takenAt],
      ['rows', String(verified.rows)],
      ['took', rateText(verified)],
      ['database', differences === undefined ? '' : differences.length === 0 ? 'the same' : 'differs'],
    ]);
    for (const { name, backupRows, databaseRows } of differences ?? [])
      context.terminal.tell(`${name}: ${backupRows} rows in the backup, ${databaseRows ?? 'none'} there, or other ones\n`);
    return differences === undefined || differences.length === 0 ? exitCodes.done : exitCodes.failed;
  });
}

type Stores = Pick<BackupOptions, 'key' | 'databaseUrl' | 'dataDir' | 'bus'>;

/** Opens what the settings of services name, and closes it. */
async function withStores<T>(
  { terminal }: Context,
  { keyFile, dataDir, databaseUrlFile }: CommonOptions,
  work: (stores: Stores) => Promise<T>,
  asksKafka = true,
): Promise<T> {
  const key = keyFile === undefined ? undefined : await readKeyFile(resolve(terminal.cwd, keyFile));
  if (dataDir !== undefined)
    return await work({ key, dataDir: resolve(terminal.cwd, dataDir), databaseUrl: undefined, bus: undefined });
  const config = loadHostConfig('tmws admin', {
    ...terminal.env,
    // Of a server only: a backup listens to nobody.
    TMWS_BIND: undefined,
    TMWS_AUTH: undefined,
    ...(databaseUrlFile !== undefined && {
      TMWS_DATABASE_URL: undefined,
      TMWS_DATABASE_URL_FILE: resolve(terminal.cwd, databaseUrlFile),
    }),
  });
  const bus = asksKafka ? await busOf(config) : undefined;
  try {
    return await work({ key, databaseUrl: config.databaseUrl, dataDir: undefined, bus });
  } finally {
    await bus?.close();
  }
}

async function busOf(config: HostConfig): Promise<EventBus | undefined> {
  const { kafkaBrokers: brokers } = config;
  if (brokers === undefined) return undefined;
  return openEventBus({
    brokers,
    clientId: 'tmws-backup',
    logger: openLogger('tmws-backup', 'silent'),
    metrics: openMetrics(),
    ...(await kafkaAccess(config)),
  });
}

async function asFailures<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Problem) throw new Failure(problemDocument(error));
    throw error;
  }
}

function rateText({ elapsedMs, bytes }: { readonly elapsedMs: number; readonly bytes: number }): string {
  const perSecond = elapsedMs === 0 ? '' : `, ${(bytes / 1e6 / (elapsedMs / 1000)).toFixed(1)} MB/s`;
  return `${(elapsedMs / 1000).toFixed(1)} s${perSecond}`;
}
