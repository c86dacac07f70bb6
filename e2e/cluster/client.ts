// The client in the cluster, spoken to through the API server, so that no tunnel of the runner's has to live as long as a load.
import { eventually } from '@tmws/testkit';
import type { LoadOptions, LoadStats, Verified } from './client/load.ts';
import type { Cluster, Pod } from './cluster.ts';
import type { Images } from './images.ts';

export interface Reached {
  readonly reached: boolean;
  readonly how: string;
}

export class Client {
  readonly #cluster: Cluster;
  readonly #path: string;

  constructor(cluster: Cluster, name: string, namespace = cluster.namespace) {
    this.#cluster = cluster;
    this.#path = `/api/v1/namespaces/${namespace}/pods/${name}:8090/proxy`;
  }

  load(options: LoadOptions): Promise<unknown> {
    return this.#ask('load/start', options);
  }

  stats(name: string): Promise<LoadStats> {
    return this.#ask('load/stats', { name });
  }

  finish(name: string): Promise<LoadStats> {
    return this.#ask('load/finish', { name });
  }

  verify(name: string, timeoutMs = 90_000): Promise<Verified> {
    return this.#ask('load/verify', { name, timeoutMs }, timeoutMs + 60_000);
  }

  produce(brokers: string, topic: string, events: readonly object[]): Promise<unknown> {
    return this.#ask('produce', { brokers, topic, events });
  }

  reach(host: string, port: number): Promise<Reached> {
    return this.#ask('reach', { host, port });
  }

  sql<T>(text: string): Promise<T[]> {
    return this.#ask('sql', { text });
  }

  async #ask<T>(route: string, body: object, timeoutMs = 120_000): Promise<T> {
    const answer = await this.#cluster.kubectlAll(['create', '--raw', `${this.#path}/${route}`, '-f', '-'], {
      input: JSON.stringify(body),
      timeoutMs,
    });
    return JSON.parse(answer) as T;
  }
}

/**
 * A pod with the client in it. No policy of the release knows its labels.
 *
 * @param env  further settings, as a container has them
 */
export function clientPod(images: Images, name: string, namespace: string, env: readonly object[] = []): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { 'tmws-e2e': name } },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 1,
      securityContext: { runAsNonRoot: true, runAsUser: 65_532, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'client',
          image: `${images.registry}/tmws/e2e-client:${images.tag}`,
          env,
          ports: [{ name: 'control', containerPort: 8090, protocol: 'TCP' }],
          readinessProbe: { httpGet: { path: '/', port: 'control' }, periodSeconds: 1 },
          resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { cpu: '1', memory: '384Mi' } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
    },
  };
}

export async function clientReady(cluster: Cluster, name: string, namespace = cluster.namespace): Promise<void> {
  await eventually(
    async () => {
      const text = await cluster.kubectlAll(['-n', namespace, 'get', 'pod', name, '-o', 'json']);
      const { status } = JSON.parse(text) as Pod;
      return status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
    },
    { timeoutMs: 90_000, everyMs: 300 },
  );
}
