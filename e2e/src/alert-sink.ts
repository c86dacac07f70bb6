// A webhook that counts: which messages told of which alert, at which path, and by which Idempotency-Key; and that can go wrong.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * What becomes of a message. `500` and `429` refuse it; in all other cases it was taken, whatever its sender learns of that: `silent` never
 * answers, `slow` after seconds, `half` breaks off in the body of its 200, `cut` closes after having read.
 */
export type Conduct = 'ok' | '500' | '429' | 'silent' | 'slow' | 'half' | 'cut';

export interface AlertSink extends AsyncDisposable {
  /** `http://host:port`; every path is a receiver of its own. */
  readonly url: string;
  /** Times a message was taken there that tells that this alert fires, by its key; a sender without keys has one for all. */
  told(path: string, alertname: string): ReadonlyMap<string, number>;
  /** When it was first, by this process's clock; undefined: never. */
  firstToldMs(path: string, alertname: string): number | undefined;
  /** Requests that came to that path, refused ones included. */
  requests(path: string): number;
  /** Takes messages at that path about alerts whose names begin so, and does not answer until `letGo`. */
  hold(path: string, prefix: string): void;
  /** Messages at that path that wait for their answer by `hold`. */
  held(path: string): number;
  /** Breaks off what waits at that path, and answers there again. */
  letGo(path: string): void;
  behave(path: string, conduct: Conduct): void;
  /** Closes its port, as if its machine were gone; `up` opens the same again. */
  down(): Promise<void>;
  up(): Promise<void>;
}

interface Body {
  readonly alerts: readonly { readonly status: string; readonly labels: Readonly<Record<string, string>> }[];
}

const slowMs = 2_500;
const retryAfterSeconds = '2';

export async function openAlertSink(): Promise<AlertSink> {
  const told = new Map<string, Map<string, number>>();
  const firstMs = new Map<string, number>();
  const asked = new Map<string, number>();
  const conducts = new Map<string, Conduct>();
  const holding = new Map<string, string>();
  const waiting = new Map<string, Set<ServerResponse>>();

  const take = (path: string, key: string, names: readonly string[]): void => {
    for (const name of names) {
      const place = `${path} ${name}`;
      const keys = told.get(place) ?? new Map<string, number>();
      told.set(place, keys.set(key, (keys.get(key) ?? 0) + 1));
      if (!firstMs.has(place)) firstMs.set(place, performance.now());
    }
  };
  const answer = (path: string, key: string, { alerts }: Body, response: ServerResponse): void => {
    asked.set(path, (asked.get(path) ?? 0) + 1);
    const names = alerts.flatMap(({ status, labels }) => (status === 'firing' ? [labels.alertname ?? ''] : []));
    const prefix = holding.get(path);
    const conduct = conducts.get(path) ?? 'ok';
    if (prefix !== undefined && names.some((name) => name.startsWith(prefix))) {
      take(path, key, names);
      waiting.set(path, (waiting.get(path) ?? new Set()).add(response));
    } else if (conduct === '500') response.writeHead(500).end('it is broken');
    else if (conduct === '429') response.writeHead(429, { 'retry-after': retryAfterSeconds }).end('too many');
    else {
      take(path, key, names);
      void answerTaken(response, conduct);
    }
  };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => void parts.push(part));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(parts).toString()) as Body;
      answer(request.url ?? '', String(request.headers['idempotency-key'] ?? ''), body, response);
    });
  });
  const listen = async (port: number): Promise<number> => {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    return (server.address() as AddressInfo).port;
  };
  const down = async (): Promise<void> => {
    const closed = server.listening ? once(server, 'close') : undefined;
    server.close();
    server.closeAllConnections();
    await closed;
  };
  const port = await listen(0);
  return {
    url: `http://127.0.0.1:${port}`,
    told: (path, alertname) => told.get(`${path} ${alertname}`) ?? new Map<string, number>(),
    firstToldMs: (path, alertname) => firstMs.get(`${path} ${alertname}`),
    requests: (path) => asked.get(path) ?? 0,
    hold: (path, prefix) => void holding.set(path, prefix),
    held: (path) => waiting.get(path)?.size ?? 0,
    letGo(path) {
      holding.delete(path);
      for (const response of waiting.get(path) ?? []) response.destroy();
      waiting.delete(path);
    },
    behave: (path, conduct) => void conducts.set(path, conduct),
    down,
    async up() {
      if (!server.listening) await listen(port);
    },
    [Symbol.asyncDispose]: down,
  };
}

async function answerTaken(response: ServerResponse, conduct: Conduct): Promise<void> {
  if (conduct === 'silent') return;
  if (conduct === 'cut') {
    response.destroy();
    return;
  }
  if (conduct === 'half') {
    response.writeHead(200, { 'content-length': 1_000 }).write('{"ok":', () => response.destroy());
    return;
  }
  if (conduct === 'slow') await delay(slowMs);
  response.end('ok');
}
