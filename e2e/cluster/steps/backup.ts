import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@tmws/testkit';
import { workspace } from '../../../tools/images/services.ts';
import { allReady, chart, endLoad, fleetFlags, type Stage, startLoad, type Step } from '../stage.ts';
import { runTool } from '../tool.ts';

/** The CronJob backs up; the database is lost; what the backup holds is put in place and is the same, row for row. */
export const backup: Step = {
  name: 'backup',
  async run(stage) {
    const { checks, cluster } = stage;
    await checks.check('backup: a Job of the CronJob writes an encrypted backup', () => backUp(stage));
    await checks.check('restore: the database is lost, and what the backup holds is put back, row for row', async () => {
      await cluster.kubectl(['scale', 'deployment', '-l', 'app.kubernetes.io/instance=tmws', '--replicas=0']);
      await eventually(async () => assert.deepEqual(await cluster.list('pods', '-l', services(stage)), []), {
        timeoutMs: 90_000,
        everyMs: 1000,
      });
      await runJob(stage, 'cronjob/tmws-backup', 'backup-last');
      const before = await contents(stage);
      for (const { schema } of await schemas(stage)) await stage.client.sql(`DROP SCHEMA ${schema} CASCADE`);
      const begin = performance.now();
      await cluster.apply(restoreJob(stage));
      await finished(stage, 'restore');
      const seconds = Math.round((performance.now() - begin) / 100) / 10;
      assert.deepEqual(await contents(stage), before);
      await cluster.kubectl(['scale', 'deployment', '-l', 'app.kubernetes.io/instance=tmws', '--replicas=2']);
      await allReady(stage);
      await startLoad(stage, 'restored');
      await endLoad(stage, 'restored');
      const recovered = Math.round((performance.now() - begin) / 100) / 10;
      const rows = before.reduce((sum, { count }) => sum + Number(count), 0);
      const seen = `${before.length} tables, ${rows} rows, same counts and checksums ${seconds} s after the loss; serving again after ${recovered} s`;
      return { seen, figures: { restoreSeconds: seconds, recoverySeconds: recovered } };
    });
  },
};

async function backUp(stage: Stage): Promise<string> {
  const { cluster, dir } = stage;
  const key = join(dir, 'backup.key');
  const cli = join(workspace, 'services/cli/src/main.ts');
  await runTool(process.execPath, [cli, 'admin', 'backup', '--new-key', key]);
  const metadata = (name: string): object => ({ name, namespace: cluster.namespace });
  await cluster.apply(
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: metadata('backup-key'),
      stringData: { 'backup.key': await readFile(key, 'utf8') },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: metadata('backups'),
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    },
  );
  const flags = fleetFlags(stage, {
    'backup.enabled': 'true',
    'backup.existingClaim': 'backups',
    'backup.keySecret': 'backup-key',
  });
  await cluster.helm(['upgrade', 'tmws', chart, '--wait', '--timeout', '4m', ...flags]);
  return (await runJob(stage, 'cronjob/tmws-backup', 'backup-now')).trim().split('\n').slice(-3).join('; ');
}

/** @returns what it printed */
async function runJob(stage: Stage, from: string, name: string): Promise<string> {
  await stage.cluster.kubectl(['create', 'job', name, `--from=${from}`]);
  return finished(stage, name);
}

async function finished({ cluster }: Stage, job: string): Promise<string> {
  const log = (): Promise<string> => cluster.kubectl(['logs', `job/${job}`, '--tail=20']);
  await eventually(
    async () => {
      const { status = {} } = await cluster.get('job', job);
      if ((status as { failed?: number }).failed !== undefined) throw new JobFailed(`the Job ${job} failed: ${await log()}`);
      assert.equal((status as { succeeded?: number }).succeeded, 1, `the Job ${job} is not done`);
    },
    { timeoutMs: 120_000, everyMs: 500 },
  );
  return log();
}

class JobFailed extends Error {}

/** The Job of the CronJob, with a restore in the place of the backup. */
function restoreJob({ cluster, images }: Stage): object {
  const mounts = [
    ['backups', '/backups'],
    ['key', '/run/secrets/key'],
    ['database', '/run/secrets/database'],
    ['tmp', '/tmp'],
  ].map(([name, mountPath]) => ({ name, mountPath }));
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'restore', namespace: cluster.namespace },
    spec: {
      backoffLimit: 0,
      template: {
        metadata: { labels: { 'app.kubernetes.io/part-of': 'tmws', 'tmws-e2e': 'restore' } },
        spec: {
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: true, runAsUser: 65_532, fsGroup: 65_532, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [
            {
              name: 'restore',
              image: `${images.registry}/tmws/cli:${images.tag}`,
              args: ['admin', 'restore', '--from=/backups', '--key-file=/run/secrets/key/backup.key', '--replace'],
              env: [
                { name: 'TMWS_DATABASE_URL_FILE', value: '/run/secrets/database/url' },
                { name: 'TMWS_KAFKA_BROKERS', value: 'deps-kafka:9092' },
              ],
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
              volumeMounts: mounts,
            },
          ],
          volumes: [
            { name: 'backups', persistentVolumeClaim: { claimName: 'backups' } },
            { name: 'key', secret: { secretName: 'backup-key', defaultMode: 0o440 } },
            { name: 'database', secret: { secretName: 'deps-postgres', defaultMode: 0o440 } },
            { name: 'tmp', emptyDir: {} },
          ],
        },
      },
    },
  };
}

const services = (stage: Stage): string => `app.kubernetes.io/name in (${stage.services.join(',')})`;

const schemas = ({ client }: Stage): Promise<{ schema: string }[]> =>
  client.sql(`SELECT table_schema AS schema FROM information_schema.tables WHERE table_name = 'migrations' ORDER BY 1`);

interface Contents {
  readonly table: string;
  readonly count: string;
  readonly sum: string;
}

/** Of each table: how many rows, and a checksum of them that does not ask for their order. */
async function contents(stage: Stage): Promise<Contents[]> {
  const names = (await schemas(stage)).map(({ schema }) => `'${schema}'`).join(', ');
  const tables = await stage.client.sql<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_schema IN (${names}) AND table_type = 'BASE TABLE' ORDER BY 1`,
  );
  const each = tables.map(
    ({ name }) =>
      `SELECT '${name}' AS "table", count(*)::text AS count, coalesce(sum(hashtextextended(t::text, 0)), 0)::text AS sum FROM ${name} t`,
  );
  return stage.client.sql(`${each.join(' UNION ALL ')} ORDER BY 1`);
}
