// What is looked at of rendered objects. That they are objects of their kinds is the strict validator's to say.

export interface Manifest<Spec = Record<string, unknown>> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata & { readonly name: string };
  readonly spec: Spec;
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly automountServiceAccountToken?: boolean;
}

export interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Port {
  readonly name?: string;
  readonly protocol?: string;
  readonly containerPort?: number;
  readonly port?: number | string;
  readonly targetPort?: number | string;
  readonly endPort?: number;
}

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string; readonly optional?: boolean } };
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly EnvVar[];
  readonly envFrom?: readonly Record<string, unknown>[];
  readonly ports?: readonly Port[];
  readonly resources?: { readonly requests?: Record<string, string>; readonly limits?: Record<string, string> };
  readonly securityContext?: SecurityContext;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly lifecycle?: Record<string, unknown>;
}

export interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: number | string };
  readonly grpc?: { readonly port: number; readonly service?: string };
  readonly exec?: { readonly command: readonly string[] };
  readonly periodSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly failureThreshold?: number;
  readonly initialDelaySeconds?: number;
}

export interface SecurityContext {
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number | null;
  readonly runAsGroup?: number | null;
  readonly privileged?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
  readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] };
  readonly seccompProfile?: { readonly type: string };
  readonly procMount?: string;
}

export interface Volume {
  readonly name: string;
  readonly emptyDir?: { readonly sizeLimit?: string; readonly medium?: string };
  readonly secret?: { readonly secretName: string; readonly optional?: boolean };
  readonly configMap?: { readonly name: string };
  readonly projected?: { readonly sources: readonly Record<string, { readonly name?: string }>[] };
  readonly [other: string]: unknown;
}

export interface PodSpec {
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly securityContext?: SecurityContext & { readonly sysctls?: readonly unknown[]; readonly fsGroup?: number | null };
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly restartPolicy?: string;
  readonly terminationGracePeriodSeconds?: number;
  readonly imagePullSecrets?: readonly { readonly name: string }[];
  readonly topologySpreadConstraints?: readonly {
    readonly topologyKey: string;
    readonly matchLabelKeys?: readonly string[];
    readonly whenUnsatisfiable: string;
    readonly labelSelector: Selector;
  }[];
}

export interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly unknown[];
}

export interface WorkloadSpec {
  readonly replicas?: number;
  readonly selector?: Selector;
  readonly serviceName?: string;
  readonly template: { readonly metadata?: Metadata; readonly spec: PodSpec };
  readonly backoffLimit?: number;
  readonly activeDeadlineSeconds?: number;
  readonly ttlSecondsAfterFinished?: number;
}

export interface ServiceSpec {
  readonly clusterIP?: string;
  readonly type?: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly Port[];
}

export interface NetworkPolicySpec {
  readonly podSelector: Selector;
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly { readonly from?: readonly Peer[]; readonly ports?: readonly Port[] }[];
  readonly egress?: readonly { readonly to?: readonly Peer[]; readonly ports?: readonly Port[] }[];
}

export interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface Specs {
  readonly Deployment: WorkloadSpec;
  readonly StatefulSet: WorkloadSpec;
  readonly DaemonSet: WorkloadSpec;
  readonly Job: WorkloadSpec;
  readonly CronJob: { readonly jobTemplate: { readonly spec: WorkloadSpec } };
  readonly Pod: PodSpec;
  readonly Service: ServiceSpec;
  readonly NetworkPolicy: NetworkPolicySpec;
  readonly PodDisruptionBudget: {
    readonly selector: Selector;
    readonly minAvailable?: number | string;
    readonly maxUnavailable?: number | string;
  };
  readonly HorizontalPodAutoscaler: {
    readonly minReplicas: number;
    readonly maxReplicas: number;
    readonly scaleTargetRef: { readonly kind: string; readonly name: string };
    readonly behavior?: Record<string, unknown>;
    readonly metrics: readonly unknown[];
  };
}

/** Objects of a kind, with the spec that kind has. */
export function ofKind<K extends string>(
  objects: readonly Manifest[],
  kind: K,
): Manifest<K extends keyof Specs ? Specs[K] : Record<string, unknown>>[] {
  return objects.filter((object) => object.kind === kind) as never;
}

/** `Deployment/tmws-gateway`, as kubectl says it. */
export const titleOf = ({ kind, metadata }: Manifest<unknown>): string => `${kind}/${metadata.name}`;

/** Every pod that objects would make, by the title of what makes it. */
export function podsOf(
  objects: readonly Manifest[],
): { readonly title: string; readonly pod: PodSpec; readonly labels: Metadata['labels'] }[] {
  const templated = (['Deployment', 'StatefulSet', 'DaemonSet', 'Job'] as const).flatMap((kind) =>
    ofKind(objects, kind).map((object) => ({
      title: titleOf(object),
      pod: object.spec.template.spec,
      labels: object.spec.template.metadata?.labels,
    })),
  );
  const scheduled = ofKind(objects, 'CronJob').map((object) => ({
    title: titleOf(object),
    pod: object.spec.jobTemplate.spec.template.spec,
    labels: object.spec.jobTemplate.spec.template.metadata?.labels,
  }));
  const bare = ofKind(objects, 'Pod').map((object) => ({
    title: titleOf(object),
    pod: object.spec,
    labels: object.metadata.labels,
  }));
  return [...templated, ...scheduled, ...bare];
}

export const containersOf = (pod: PodSpec): readonly Container[] => [...(pod.initContainers ?? []), ...pod.containers];
