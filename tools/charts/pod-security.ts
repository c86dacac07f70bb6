import { type Container, containersOf, type PodSpec, type SecurityContext } from './manifest.ts';

const volumeKinds = ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret'];
const profiles = ['RuntimeDefault', 'Localhost'];

/**
 * What of a pod the level *restricted* of the Pod Security Standards refuses; empty = it is admitted.
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function restrictedFaults(pod: PodSpec): string[] {
  const host = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((name) => pod[name] === true);
  const volumes = (pod.volumes ?? []).filter(
    (volume) => !Object.keys(volume).every((key) => key === 'name' || volumeKinds.includes(key)),
  );
  return [
    ...host.map((name) => `${name} is set`),
    ...((pod.securityContext?.sysctls ?? []).length > 0 ? ['sysctls are set'] : []),
    ...volumes.map(({ name }) => `volume ${name} is of the host`),
    ...containersOf(pod).flatMap((container) => containerFaults(container, pod.securityContext ?? {})),
  ];
}

function containerFaults(container: Container, pod: SecurityContext): string[] {
  const own = container.securityContext ?? {};
  const wrong: readonly (readonly [boolean, string])[] = [
    [own.privileged === true, 'is privileged'],
    [own.allowPrivilegeEscalation !== false, 'may gain privileges'],
    [!(own.capabilities?.drop ?? []).includes('ALL'), 'does not drop ALL capabilities'],
    [(own.capabilities?.add ?? []).some((name) => name !== 'NET_BIND_SERVICE'), 'adds capabilities'],
    [(own.runAsNonRoot ?? pod.runAsNonRoot) !== true, 'may run as root'],
    [(own.runAsUser ?? pod.runAsUser) === 0, 'runs as root'],
    [!profiles.includes((own.seccompProfile ?? pod.seccompProfile)?.type ?? ''), 'has no seccomp profile'],
    [(own.procMount ?? 'Default') !== 'Default', 'unmasks /proc'],
    [(container.ports ?? []).some((port) => 'hostPort' in port), 'takes a port of the host'],
  ];
  return wrong.filter(([is]) => is).map(([, fault]) => `container ${container.name} ${fault}`);
}
