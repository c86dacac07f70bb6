// Where alerts are told: a receiver of Alertmanager's webhooks that answers at once and keeps when each instance was told.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AlertsSink extends AsyncDisposable {
  readonly url: string;
  /** By instance, when it was told first, by `performance.now()`. */
  readonly toldAtMs: ReadonlyMap<string, number>;
  /** Instances that came in a second message of another id. */
  readonly doubled: ReadonlySet<string>;
}

export async function openAlertsSink(): Promise<AlertsSink> {
  const toldAtMs = new Map<string, number>();
  const doubled = new Set<string>();
  const keys = new Map<string, string>();
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      const nowMs = performance.now();
      response.end();
      // Alertmanager sends no id, so each of its messages counts as another.
      const key = String(request.headers['idempotency-key'] ?? nowMs);
      for (const [, instance = ''] of body.matchAll(/"labels":\{[^}]*?"instance":"([^"]*)"/g)) {
        if (toldAtMs.has(instance) && keys.get(instance) !== key) doubled.add(instance);
        if (!toldAtMs.has(instance)) toldAtMs.set(instance, nowMs);
        keys.set(instance, key);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    toldAtMs,
    doubled,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
