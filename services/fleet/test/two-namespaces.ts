// The whole fleet with sign-in on, and the same kinds of things in the namespaces a and b: what is of b bears a word nobody else knows.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { cacheDir, eventually, tempDir } from '@tmws/testkit';
import { startFleet } from '../src/app.ts';

const ports = ['HTTP', 'GRPC', 'KAFKA', 'ADMIN', 'OTLP_GRPC', 'OTLP_HTTP', 'ALERTMANAGER'].map((name) => [
  `TMWS_${name}_PORT`,
  '0',
]);
const adminKey = randomBytes(32).toString('hex');
export const [ownNamespace, otherNamespace] = ['team-a', 'team-b'];

export interface TwoNamespaces extends AsyncDisposable {
  readonly http: string;
  readonly grpc: string;
  readonly alertmanager: string;
  /** Keys that may do everything, each in its own namespace. */
  readonly keys: Readonly<Record<'a' | 'b', string>>;
  /** In whatever is of b, beside its ids. */
  readonly word: string;
  /** Ids of what b has, by the name that paths and messages have for them. */
  readonly ids: Readonly<Record<string, string>>;
  ask(key: string, url: string, init?: RequestInit): Promise<Response>;
}

export async function openTwoNamespaces(): Promise<TwoNamespaces> {
  const dir = await tempDir('namespaces');
  const fleet = await startFleet({
    ...(Object.fromEntries(ports) as NodeJS.ProcessEnv),
    TMWS_AUTH: 'on',
    TMWS_ADMIN_KEY: adminKey,
    TMWS_DATA_DIR: join(dir.path, 'data'),
    TMWS_CACHE_DIR: cacheDir(),
    TMWS_LOG_LEVEL: 'silent',
  });
  const http = `http://${fleet.addresses.http}`;
  const alertmanager = `http://${fleet.addresses.alertmanager}`;
  const word = `secret${randomBytes(8).toString('hex')}`;
  const ask = (key: string, url: string, init: RequestInit = {}): Promise<Response> =>
    fetch(url, { ...init, headers: { ...(init.headers as Record<string, string>), authorization: `Bearer ${key}` } });
  const send = async (key: string, url: string, body: unknown, type = 'application/json'): Promise<Record<string, unknown>> => {
    const answer = await ask(key, url, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': type } });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${url}: ${answer.status} ${text}`);
    return (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  };
  const keyOf = async (namespace: string): Promise<string> =>
    (await send(adminKey, `${http}/api/v1/auth/keys`, { name: namespace, role: 'admin', namespaces: [namespace] }))
      .secret as string;
  const keys = { a: await keyOf(ownNamespace), b: await keyOf(otherNamespace) };

  /** @returns the ids of what was made */
  const fill = async (key: string, mark: string): Promise<Record<string, string>> => {
    const executionId = `run-${randomBytes(4).toString('hex')}`;
    const event = (type: string, data: object) => ({
      ...{ specversion: '1.0', id: randomBytes(8).toString('hex'), source: '/test', type, time: '2026-03-01T12:00:00Z' },
      data: { executionId, workflow: { name: `flow-${mark}`, version: '1' }, ...data },
    });
    const step = { stepId: `step-${mark}`, name: mark, startedAt: '2026-03-01T12:00:00Z', finishedAt: '2026-03-01T12:00:05Z' };
    const input = { inline: { text: mark } };
    const events = [
      event('tmws.step.completed', { ...step, input, attributes: { model: mark } }),
      event('tmws.execution.completed', { finishedAt: '2026-03-01T12:00:06Z' }),
    ];
    await send(key, `${http}/api/v1/events`, events, 'application/cloudevents-batch+json');
    const traceID = randomBytes(16).toString('hex');
    const span = { traceID, spanID: randomBytes(8).toString('hex'), operationName: mark, references: [], processID: 'p1' };
    const spans = [{ ...span, startTime: 1_772_366_400_000_000, duration: 1_000_000, tags: [] }];
    const file = { data: [{ traceID, spans, processes: { p1: { serviceName: mark, tags: [] } } }] };
    const imported = await send(key, `${http}/api/v1/imports?wait=20s&name=${mark}.json`, file);
    await send(key, `${alertmanager}/api/v2/alerts`, [
      { labels: { alertname: `Down-${mark}`, job: mark }, annotations: { summary: mark } },
    ]);
    const silence = await send(key, `${alertmanager}/api/v2/silences`, {
      ...{ matchers: [{ name: 'job', value: `${mark}-quiet`, isRegex: false }], createdBy: mark, comment: mark },
      ...{ startsAt: new Date().toISOString(), endsAt: new Date(Date.now() + 3_600_000).toISOString() },
    });
    let rows: { stepKey?: string }[] = [];
    await eventually(async () => {
      const answer = await ask(key, `${http}/api/v1/executions/${executionId}/timeline`);
      rows = ((await answer.json()) as { rows?: typeof rows }).rows ?? [];
      return rows.length > 0;
    });
    const alerts = (await (await ask(key, `${alertmanager}/api/v2/alerts`)).json()) as { fingerprint: string }[];
    const operation = imported.id as string;
    return {
      execution: executionId,
      step: rows[0]?.stepKey ?? '',
      operation,
      import: operation,
      alert: alerts[0]?.fingerprint ?? '',
      silence: silence.silenceID as string,
    };
  };
  const filled = (async () => {
    await fill(keys.a, 'own');
    return await fill(keys.b, word);
  })();
  const ids = await filled.catch(async (error: unknown) => {
    await fleet.stop();
    throw error;
  });
  return {
    ...{ http, grpc: fleet.addresses.grpc, alertmanager, keys, word, ids, ask },
    async [Symbol.asyncDispose]() {
      await fleet.stop();
      await dir.remove();
    },
  };
}
