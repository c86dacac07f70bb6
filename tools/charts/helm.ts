import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { type Manifest } from './manifest.ts';
import { chartsDir } from './tree.ts';

export type HelmMajor = 4 | 3;

/** The oldest Kubernetes that charts are for, one in the middle, one that is current. */
export const kubeVersions = ['1.25', '1.30', '1.35'] as const;
export type KubeVersion = (typeof kubeVersions)[number];

/** What a cluster with every operator says it has; `helm template` alone knows Kubernetes' own. */
export const operatorApis = [
  'monitoring.coreos.com/v1',
  'keda.sh/v1alpha1',
  'gateway.networking.k8s.io/v1',
  'networking.istio.io/v1',
  'security.istio.io/v1',
  'policy.linkerd.io/v1beta3',
  'policy.linkerd.io/v1beta1',
  'policy.linkerd.io/v1alpha1',
] as const;

export interface RenderOptions {
  /** Of charts/, or a folder of its own. */
  readonly chart: string;
  readonly dir?: string;
  readonly helm?: HelmMajor;
  readonly kube?: KubeVersion;
  /** Files, the later over the earlier. */
  readonly valuesFiles?: readonly string[];
  /** Values by their path: `{'gateway.replicas': 3}`. */
  readonly set?: Readonly<Record<string, unknown>>;
  readonly apis?: readonly string[];
  readonly release?: string;
  readonly namespace?: string;
}

/** Programs by major version. */
export type Helms = Readonly<Record<HelmMajor, string>>;

/** The arguments of `helm template`; the same render has the same. */
export function templateArguments(options: RenderOptions): string[] {
  const { release = 'tmws', namespace = 'tmws-system', kube = '1.30', apis = operatorApis } = options;
  return [
    ...['template', release, options.dir ?? join(chartsDir, options.chart), '--namespace', namespace],
    ...['--kube-version', `${kube}.0`, '--include-crds'],
    ...apis.flatMap((api) => ['--api-versions', api]),
    ...valueArguments(options),
  ];
}

export function valueArguments({ valuesFiles = [], set = {} }: Pick<RenderOptions, 'valuesFiles' | 'set'>): string[] {
  return [
    ...valuesFiles.flatMap((path) => ['--values', path]),
    ...Object.entries(set).flatMap(([path, value]) => ['--set-json', `${path}=${JSON.stringify(value)}`]),
  ];
}

/** Runs helm without any setting of who runs it. @throws Error with what helm said */
export function runHelm(program: string, args: readonly string[]): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: '/nonexistent', HELM_CACHE_HOME: '/nonexistent', HELM_CONFIG_HOME: '/nonexistent' };
  return new Promise((resolve, reject) => {
    execFile(program, args, { env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${stdout}${stderr}`.trim(), { cause: error }));
    });
  });
}

/** Objects of a render, in its order. @throws Error when a document is no YAML or says no kind */
export function manifestsIn(text: string): Manifest[] {
  return parseAllDocuments(text)
    .map((document) => {
      const [broken] = document.errors;
      if (broken !== undefined) throw new Error(`rendered YAML is broken: ${broken.message}`);
      return document.toJS() as Manifest | null;
    })
    .filter((object) => object !== null)
    .map((object) => {
      const named = typeof object.kind === 'string' && typeof object.apiVersion === 'string';
      if (!named) throw new Error(`rendered document says no apiVersion and kind: ${JSON.stringify(object).slice(0, 200)}`);
      return object;
    });
}
