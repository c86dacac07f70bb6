import { type KubernetesTypes } from '@tmws/testkit';

/** Where Kubernetes serves the kinds that charts make. */
const homes: Readonly<Record<string, string>> = {
  Namespace: 'v1',
  Service: 'v1',
  ServiceAccount: 'v1',
  ConfigMap: 'v1',
  Secret: 'v1',
  Pod: 'v1',
  PersistentVolumeClaim: 'v1',
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  PodDisruptionBudget: 'policy/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  Ingress: 'networking.k8s.io/v1',
  Role: 'rbac.authorization.k8s.io/v1',
  RoleBinding: 'rbac.authorization.k8s.io/v1',
};

/** Whether it is of Kubernetes' own kinds: Linkerd and others have kinds of the same names in groups of theirs. */
export const isBuiltIn = ({ apiVersion, kind }: { apiVersion: string; kind: string }): boolean =>
  kind in homes && (!apiVersion.includes('.') || apiVersion.includes('.k8s.io/')) && !apiVersion.startsWith('gateway.');

/**
 * What is wrong with an object of Kubernetes' own kinds: unknown fields, absent ones, wrong types; each with its path.
 *
 * @param object  as parsed from YAML, of a kind of `homes`
 */
export function builtInFaults(object: { apiVersion: string; kind: string }, types: KubernetesTypes): string[] {
  const { apiVersion, kind } = object;
  const home = homes[kind];
  if (apiVersion !== home) return [` is ${kind} of ${apiVersion}; it is ${home ?? 'unknown'}`];
  const version = apiVersion.split('/').at(-1) ?? '';
  return faultsAt(object, `${version.slice(0, 1).toUpperCase()}${version.slice(1)}${kind}`, '', types);
}

function faultsAt(value: unknown, type: string, path: string, types: KubernetesTypes): string[] {
  // Helm drops keys that are null; the API server takes them for absent.
  if (value === null || value === undefined || type === 'any') return [];
  const [, listed] = /^Array<(.+)>$/.exec(type) ?? [];
  if (listed !== undefined) {
    if (!Array.isArray(value)) return [`${path} is ${nameOf(value)}, not a list`];
    return value.flatMap((item, index) => faultsAt(item, listed, `${path}[${String(index)}]`, types));
  }
  const [, mapped] = /^\{ \[key: string\]: (.+); \}$/.exec(type) ?? [];
  if (mapped !== undefined) {
    if (!isMap(value)) return [`${path} is ${nameOf(value)}, not a map`];
    return Object.entries(value).flatMap(([key, item]) => faultsAt(item, mapped, `${path}.${key}`, types));
  }
  const fields = types[type];
  if (fields === undefined) return scalarFaults(value, type, path);
  if (!isMap(value)) return [`${path} is ${nameOf(value)}, not a ${type}`];
  const unknown = Object.keys(value).filter((key) => !(key in fields));
  const absent = Object.entries(fields).filter(([key, { required }]) => required && (value[key] ?? null) === null);
  return [
    ...unknown.map((key) => `${path}.${key} is no field of ${type}`),
    ...absent.map(([key]) => `${path}.${key} is absent, which ${type} has to have`),
    ...Object.entries(value).flatMap(([key, item]) => faultsAt(item, fields[key]?.type ?? 'any', `${path}.${key}`, types)),
  ];
}

function scalarFaults(value: unknown, type: string, path: string): string[] {
  const right =
    type === 'IntOrString'
      ? typeof value === 'string' || Number.isInteger(value)
      : type === 'Date'
        ? typeof value === 'string'
        : type === 'string' || type === 'number' || type === 'boolean'
          ? typeof value === type
          : undefined;
  if (right === undefined) return [`${path} is of ${type}, which the validator does not know`];
  return right ? [] : [`${path} is ${nameOf(value)}, not a ${type}`];
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const nameOf = (value: unknown) =>
  Array.isArray(value) ? 'a list' : isMap(value) ? 'a map' : `the ${typeof value} ${String(value)}`;
