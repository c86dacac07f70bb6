import { ofKind } from '../../tools/charts/manifest.ts';
import { rendered, umbrella, valuesFile } from './rendered.ts';

const withMode = (set: Record<string, unknown>) => rendered({ chart: 'tmws', valuesFiles: [valuesFile('tmws', 'default')], set });

const migrateOf = (objects: Awaited<ReturnType<typeof umbrella>>, name: string) =>
  ofKind(objects, 'Deployment')
    .find(({ metadata }) => metadata.name === name)
    ?.spec.template.spec.containers[0]?.env?.find((entry) => entry.name === 'TMWS_MIGRATE')?.value;

test('a migration is a Job before install and upgrade that runs again when it failed, and ends at a time', async () => {
  const objects = await umbrella('default');
  const jobs = ofKind(objects, 'Job');
  expect(jobs).toHaveLength(3);
  for (const { metadata, spec } of jobs) {
    expect(metadata.annotations).toMatchObject({
      'helm.sh/hook': 'pre-install,pre-upgrade',
      'helm.sh/hook-delete-policy': expect.stringContaining('before-hook-creation') as never,
    });
    expect(spec.backoffLimit).toBeGreaterThan(0);
    expect(spec.activeDeadlineSeconds).toBeGreaterThan(0);
    expect(spec.template.spec.restartPolicy).toBe('Never');
    expect(spec.template.spec.containers[0]?.args).toEqual(['migrate']);
  }
});

test('a Job of a hook finds all it needs before the chart: its policy comes first, and secrets are those of the user', async () => {
  const objects = await umbrella('default');
  const weight = (object: { metadata: { annotations?: Readonly<Record<string, string>> } }) =>
    Number(object.metadata.annotations?.['helm.sh/hook-weight']);
  for (const job of ofKind(objects, 'Job')) {
    const policy = ofKind(objects, 'NetworkPolicy').find(({ metadata }) => metadata.name === job.metadata.name)!;
    expect(policy.metadata.annotations?.['helm.sh/hook']).toContain('pre-install,pre-upgrade');
    expect(weight(policy)).toBeLessThan(weight(job));
    const made = ofKind(objects, 'Secret').map(({ metadata }) => metadata.name);
    const needed = (job.spec.template.spec.volumes ?? []).flatMap(({ secret }) => secret?.secretName ?? []);
    expect(needed.filter((name) => made.includes(name))).toEqual([]);
  }
});

test('pods wait for a schema somebody else makes, and make it themselves where nobody does', async () => {
  const objects = await umbrella('external-db');
  expect(migrateOf(objects, 'tmws-gateway')).toBe('wait');
  expect(migrateOf(objects, 'tmws-workflow-timeline')).toBe('on');
  expect(ofKind(objects, 'Job').map(({ metadata }) => metadata.name)).not.toContainEqual(expect.stringContaining('timeline'));
});

test('a plain Job has a name of its version and revision, for nothing of a Job can change', async () => {
  const jobs = ofKind(await withMode({ 'gateway.migrations.mode': 'job' }), 'Job').filter(({ metadata }) =>
    /gateway/.test(metadata.name),
  );
  expect(jobs.map(({ metadata }) => metadata.name)).toEqual([expect.stringMatching(/^tmws-gateway-migrate-\d+-\d+-\d+-1$/)]);
  expect(jobs[0]?.metadata.annotations?.['helm.sh/hook']).toBeUndefined();
});

test('steps older versions cannot live with run after the upgrade, and only when asked for', async () => {
  const contracts = async (set: Record<string, unknown>) =>
    ofKind(await withMode(set), 'Job').filter(({ metadata }) => metadata.name.includes('contract'));
  expect(await contracts({})).toEqual([]);
  const [job] = await contracts({ 'alerting.migrations.contract': true });
  expect(job?.metadata.annotations?.['helm.sh/hook']).toBe('post-upgrade');
  expect(job?.spec.template.spec.containers[0]?.env).toContainEqual({ name: 'TMWS_MIGRATE_CONTRACT', value: 'yes' });
});
