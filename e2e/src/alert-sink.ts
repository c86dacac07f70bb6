// A webhook that counts: which messages told of which alert, at which path, and by which Idempotency-Key.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AlertSink extends AsyncDisposable {
  /** `http://host:port`; every path is a receiver of its own. */
  readonly url: string;
  /** Times a message told there that this alert fires, by its key; a sender without keys has one for all. */
  told(path: string, alertname: string): ReadonlyMap<string, number>;
  /** Does not answer messages at that path about alerts whose names begin so, until `letGo`. */
  hold(path: string, prefix: string): void;
  /** Messages that wait for their answer. */
  readonly held: number;
  /** Breaks off what waits, and answers again. */
  letGo(): void;
}

interface Body {
  readonly alerts: readonly { readonly status: string; readonly labels: Readonly<Record<string, string>> }[];
}

export async function openAlertSink(): Promise<AlertSink> {
  const told = new Map<string, Map<string, number>>();
  const holding: { path: string; prefix: string }[] = [];
  const waiting = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => void parts.push(part));
    request.on('end', () => {
      const path = request.url ?? '';
      const key = String(request.headers['idempotency-key'] ?? '');
      const { alerts } = JSON.parse(Buffer.concat(parts).toString()) as Body;
      const names = alerts.flatMap(({ status, labels }) => (status === 'firing' ? [labels.alertname ?? ''] : []));
      for (const alertname of names) {
        const keys = told.get(`${path} ${alertname}`) ?? new Map<string, number>();
        told.set(`${path} ${alertname}`, keys.set(key, (keys.get(key) ?? 0) + 1));
      }
      if (holding.some((each) => each.path === path && names.some((name) => name.startsWith(each.prefix)))) waiting.add(response);
      else response.end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    told: (path, alertname) => told.get(`${path} ${alertname}`) ?? new Map<string, number>(),
    hold: (path, prefix) => void holding.push({ path, prefix }),
    get held() {
      return waiting.size;
    },
    letGo() {
      holding.length = 0;
      for (const response of waiting) response.destroy();
      waiting.clear();
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
