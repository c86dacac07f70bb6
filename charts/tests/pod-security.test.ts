// Rule 3: every pod is admitted where Pod Security is `restricted`, and writes only where it was given room.
import { containersOf, podsOf } from '../../tools/charts/manifest.ts';
import { restrictedFaults } from '../../tools/charts/pod-security.ts';
import { everyValuesFile, rendered, umbrella } from './rendered.ts';

test.each(everyValuesFile)('%s has only pods that the restricted level admits', async (_, options) => {
  const pods = podsOf(await rendered(options));
  expect(pods.length).toBeGreaterThan(0);
  expect(pods.flatMap(({ title, pod }) => restrictedFaults(pod).map((fault) => `${title}: ${fault}`))).toEqual([]);
});

test.each(everyValuesFile)('%s has read-only roots, and room with a limit for what is written', async (_, options) => {
  for (const { title, pod } of podsOf(await rendered(options))) {
    const roots = containersOf(pod).filter(({ securityContext }) => securityContext?.readOnlyRootFilesystem !== true);
    expect([title, roots.map(({ name }) => name)]).toEqual([title, []]);
    const rooms = (pod.volumes ?? []).filter(({ emptyDir }) => emptyDir !== undefined && emptyDir.sizeLimit === undefined);
    expect([title, rooms.map(({ name }) => name)]).toEqual([title, []]);
    const known = new Set(pod.volumes?.map(({ name }) => name));
    const mounts = containersOf(pod).flatMap(({ volumeMounts = [] }) => volumeMounts);
    expect([title, mounts.filter(({ name }) => !known.has(name))]).toEqual([title, []]);
  }
});

test('what can be written is /tmp and the data folder; secrets and files of configuration cannot', async () => {
  for (const { pod } of podsOf(await umbrella('external-db')).filter(({ title }) => title.startsWith('Deployment/'))) {
    const rooms = new Set((pod.volumes ?? []).filter(({ emptyDir }) => emptyDir !== undefined).map(({ name }) => name));
    const mounts = pod.containers.flatMap(({ volumeMounts = [] }) => volumeMounts);
    expect(
      mounts
        .filter(({ name }) => rooms.has(name))
        .map(({ mountPath }) => mountPath)
        .toSorted(),
    ).toEqual(['/tmp', '/var/lib/tmws']);
    expect(mounts.filter(({ name, readOnly }) => !rooms.has(name) && readOnly !== true)).toEqual([]);
  }
});

test('pods are user 65532 by default, and of the range of the namespace where ids are null', async () => {
  const ids = async (name: string) => podsOf(await umbrella(name)).map(({ pod }) => pod.securityContext?.runAsUser);
  expect(new Set(await ids('default'))).toEqual(new Set([65_532]));
  expect(new Set(await ids('openshift'))).toEqual(new Set([undefined]));
  for (const { pod } of podsOf(await umbrella('openshift'))) {
    expect(pod.securityContext).not.toHaveProperty('fsGroup');
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
  }
});

const good = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [{ name: 'a', image: 'a', securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }],
};

test.each([
  [{ ...good, hostNetwork: true }, 'hostNetwork is set'],
  [{ ...good, volumes: [{ name: 'v', hostPath: { path: '/' } }] }, 'volume v is of the host'],
  [{ ...good, securityContext: { ...good.securityContext, runAsNonRoot: false } }, 'container a may run as root'],
  [{ ...good, securityContext: { runAsNonRoot: true } }, 'container a has no seccomp profile'],
  [{ ...good, containers: [{ ...good.containers[0]!, securityContext: {} }] }, 'container a may gain privileges'],
])('a pod the restricted level refuses is found: %#', (pod, fault) => {
  expect(restrictedFaults(good)).toEqual([]);
  expect(restrictedFaults(pod)).toContain(fault);
});
