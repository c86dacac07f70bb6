import { spawn } from 'node:child_process';
import type { Cluster } from './cluster.ts';

export interface Tunnel extends AsyncDisposable {
  /** `127.0.0.1:<port>` */
  readonly address: string;
}

/** A port of a workload at a free port of this machine, by `kubectl port-forward`. */
export function forward(cluster: Cluster, workload: string, port: number): Promise<Tunnel> {
  const [kubectl, args] = cluster.kubectlCommand(['port-forward', '--address', '127.0.0.1', workload, `:${port}`]);
  const child = spawn(kubectl, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const close = async (): Promise<void> => {
    child.kill();
    await ended;
  };
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (text: string): void => {
      said += text;
      const local = /Forwarding from 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (local !== undefined) resolve({ address: `127.0.0.1:${local}`, [Symbol.asyncDispose]: close });
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    child.once('error', reject);
    void ended.then(() => reject(new Error(`kubectl port-forward to ${workload} ended: ${said.trim()}`)));
  });
}
