// The cluster of KUBECONFIG through kubectl and helm, within namespaces of one run.
import { randomBytes } from 'node:crypto';
import { cacheDir, eventually, installHelm } from '@tmws/testkit';
import { runTool, type ToolOptions } from './tool.ts';

/** An object of Kubernetes, as far as it is looked at. */
export interface KubeObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec?: Record<string, unknown>;
  readonly status?: Record<string, unknown>;
  readonly data?: Readonly<Record<string, string>>;
}

export interface Pod extends KubeObject {
  readonly spec: { readonly nodeName?: string };
  readonly status: { readonly phase?: string; readonly podIP?: string; readonly conditions?: { type: string; status: string }[] };
}

export class Cluster {
  readonly namespace = `tmws-e2e-${randomBytes(3).toString('hex')}`;
  /** Where pods live that no policy knows. */
  readonly strangers = `${this.namespace}-strangers`;
  readonly helmMajor: 3 | 4;
  readonly #helm: string;
  readonly #kubectl: string;

  private constructor(helmMajor: 3 | 4, programs: { helm: string; kubectl: string }) {
    this.helmMajor = helmMajor;
    this.#helm = programs.helm;
    this.#kubectl = programs.kubectl;
  }

  /** @throws when no cluster answers */
  static async open(helmMajor: 3 | 4): Promise<Cluster> {
    const cluster = new Cluster(helmMajor, await installHelm(cacheDir(), helmMajor));
    await cluster.kubectlAll(['get', '--raw', '/readyz'], { timeoutMs: 20_000 }).catch((cause: unknown) => {
      throw new Error(`no cluster answers; KUBECONFIG must name one: ${(cause as Error).message}`, { cause });
    });
    return cluster;
  }

  /** kubectl in the run's namespace. */
  kubectl(args: readonly string[], options?: ToolOptions): Promise<string> {
    return runTool(this.#kubectl, ['-n', this.namespace, ...args], options);
  }

  kubectlAll(args: readonly string[], options?: ToolOptions): Promise<string> {
    return runTool(this.#kubectl, args, options);
  }

  /** The program and arguments of a kubectl that goes on for a while. */
  kubectlCommand(args: readonly string[]): [string, string[]] {
    return [this.#kubectl, ['-n', this.namespace, ...args]];
  }

  helm(args: readonly string[], options?: ToolOptions): Promise<string> {
    return runTool(this.#helm, ['-n', this.namespace, ...args], { timeoutMs: 600_000, ...options });
  }

  async apply(...objects: readonly object[]): Promise<void> {
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
    await this.kubectlAll(['apply', '-f', '-'], { input });
  }

  /** Objects by what kubectl calls them: `pods -l app=x`. */
  async list<T extends KubeObject = KubeObject>(...what: string[]): Promise<T[]> {
    return (JSON.parse(await this.kubectl(['get', ...what, '-o', 'json'])) as { items: T[] }).items;
  }

  async get<T extends KubeObject = KubeObject>(kind: string, name: string): Promise<T> {
    return JSON.parse(await this.kubectl(['get', kind, name, '-o', 'json'])) as T;
  }

  /** Pods of a service of the release that are not on their way out. */
  async podsOf(service: string): Promise<Pod[]> {
    const pods = await this.list<Pod>('pods', '-l', `app.kubernetes.io/name=${service},app.kubernetes.io/instance=tmws`);
    return pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  }

  /** Waits until what `kubectl rollout status` looks at is rolled out. */
  async rolledOut(workload: string, timeoutSeconds = 180): Promise<void> {
    await this.kubectl(['rollout', 'status', workload, `--timeout=${timeoutSeconds}s`]);
  }

  async secret(name: string, key: string): Promise<string> {
    const { data = {} } = await this.get('secret', name);
    const value = data[key];
    if (value === undefined) throw new Error(`the Secret ${name} has no key ${key}; it has ${Object.keys(data).join(', ')}`);
    return Buffer.from(value, 'base64').toString();
  }

  /** Makes the namespaces, which refuse pods that are not restricted. */
  async begin(): Promise<void> {
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted', 'app.kubernetes.io/managed-by': 'tmws-e2e' };
    const namespaces = [this.namespace, this.strangers];
    await this.apply(...namespaces.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } })));
    await eventually(() => this.get('serviceaccount', 'default'), { timeoutMs: 30_000, everyMs: 200 });
  }

  async end(): Promise<void> {
    const names = [this.namespace, this.strangers];
    await this.kubectlAll(['delete', 'namespace', ...names, '--ignore-not-found', '--timeout=120s'], { timeoutMs: 150_000 });
  }
}
