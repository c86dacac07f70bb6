// The gateway on free ports, beside a fake timeline and a log in memory.
import { loadHostConfig, openHost } from '@tmws/lifecycle';
import type { ProblemDocument } from '@tmws/problems';
import { createApp, type GatewayPorts, loadConfig } from '../src/app.ts';
import { type FakeTimeline, openFakeTimeline } from './fake-timeline.ts';
import { type MemoryLog, openMemoryLog } from './memory-log.ts';

export const nowMs = Date.UTC(2026, 2, 1, 12);

export interface Gateway extends AsyncDisposable {
  readonly url: string;
  /** Where it answers gRPC, if it does. */
  readonly grpc: string;
  readonly timeline: FakeTimeline;
  readonly log: MemoryLog;
  get(path: string, init?: RequestInit): Promise<Response>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Stops the app and leaves the host, as a fleet does while it stops its other services. */
  stopApp(): Promise<void>;
  /** The body of a problem. */
  problem(response: Response): Promise<ProblemDocument & { items?: unknown }>;
}

/** @param hostEnv  settings of the process: TMWS_AUTH and what belongs to it */
export async function openGateway(
  env: NodeJS.ProcessEnv = {},
  given: Partial<GatewayPorts> = {},
  hostEnv: NodeJS.ProcessEnv = {},
  lookAgainMs = 5000,
): Promise<Gateway> {
  const timeline = await openFakeTimeline();
  const log = openMemoryLog();
  const hostConfig = loadHostConfig('gateway', {
    TMWS_HTTP_PORT: '0',
    TMWS_ADMIN_PORT: '0',
    TMWS_GRPC_PORT: '0',
    TMWS_LOG_LEVEL: 'silent',
    ...hostEnv,
  });
  const host = await openHost({ name: 'gateway', config: hostConfig, brokers: ['127.0.0.1:1'], lookAgainMs });
  const config = loadConfig({ GATEWAY_TIMELINE_ADDRESS: timeline.address, GATEWAY_CALL_TIMEOUT: '5s', ...env });
  const files = new Map([['/assets/main-1.js', { body: Buffer.from('go()'), contentType: 'text/javascript; charset=utf-8' }]]);
  const consoleFiles = (): Promise<{ index: string; files: typeof files }> =>
    Promise.resolve({ index: '<!doctype html>', files });
  const app = await createApp(config, host, { events: log, clock: { nowMs: () => nowMs }, consoleFiles, ...given });
  const { http, grpc } = await host.listen();
  const url = `http://127.0.0.1:${String(http)}`;
  return {
    url,
    grpc: `127.0.0.1:${String(grpc)}`,
    timeline,
    log,
    get: (path, init) => fetch(`${url}${path}`, init),
    post: (path, body, headers = {}) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        body: typeof body === 'string' || body instanceof Uint8Array ? (body as RequestInit['body']) : JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      }),
    stopApp: () => app.stop(),
    async problem(response) {
      expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      const document = (await response.json()) as ProblemDocument;
      expect(document).toMatchObject({ status: response.status, requestId: response.headers.get('x-request-id') });
      return document;
    },
    async [Symbol.asyncDispose]() {
      await app.stop();
      await host.close();
      await timeline.close();
    },
  };
}
