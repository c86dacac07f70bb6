// What is measured of a contender. Each measure checks that nothing was refused, lost or told twice.
import { strict as assert } from 'node:assert';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@tmws/testkit';
import { alertsBody, instanceOf, openAlertsClient } from './alerts-client.ts';
import type { Contender, Started } from './alerts-contenders.ts';
import { type AlertsSink, openAlertsSink } from './alerts-sink.ts';

export type Figures = Record<string, number>;

/** Every alert a group of its own that is told at once, or few groups that wait. */
const config = (url: string, each: 'told at once' | 'grouped'): string =>
  each === 'told at once'
    ? `route: { receiver: sink, group_by: [alertname, instance], group_wait: 0s, group_interval: 5m, repeat_interval: 4h }
receivers: [{ name: sink, webhook_configs: [{ url: "${url}" }] }]
`
    : `route: { receiver: sink, group_by: [alertname], group_wait: 30s, group_interval: 5m, repeat_interval: 4h }
receivers: [{ name: sink, webhook_configs: [{ url: "${url}" }] }]
`;

async function having(
  contender: Contender,
  each: 'told at once' | 'grouped',
  work: (started: Started, sink: AlertsSink) => Promise<Figures>,
): Promise<Figures> {
  await using sink = await openAlertsSink();
  const started = await contender.start(config(sink.url, each));
  try {
    return await work(started, sink);
  } finally {
    await started.stop();
  }
}

/** Posts all of them, in order, over so many connections. @returns ms that each request took */
async function postAll(url: string, bodies: readonly Buffer[], connections: number): Promise<number[]> {
  const client = await openAlertsClient(url, connections);
  const took: number[] = [];
  let next = 0;
  const one = async (): Promise<void> => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const beganMs = performance.now();
      await client.post(body);
      took.push(performance.now() - beganMs);
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
  client.close();
  return took;
}

export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

async function fetchAlerts(url: string): Promise<{ count: number; bytes: number; ms: number; firstByteMs: number }> {
  const beganMs = performance.now();
  const answer = await fetch(`${url}/api/v2/alerts`);
  assert.equal(answer.status, 200);
  const parts: Uint8Array[] = [];
  let firstByteMs = NaN;
  for await (const part of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    if (parts.length === 0) firstByteMs = performance.now() - beganMs;
    parts.push(part);
  }
  const ms = performance.now() - beganMs;
  const text = Buffer.concat(parts);
  return { count: (JSON.parse(text.toString()) as unknown[]).length, bytes: text.length, ms, firstByteMs };
}

const connections = 32;
const distinct = 2_000;
const batch = 64;

/** Bodies of so many alerts each, numbered on and on below `of`. */
const bodiesOf = (prefix: string, count: number, alerts: number, of: number): Buffer[] =>
  Array.from({ length: count }, (_, i) =>
    alertsBody(
      prefix,
      Array.from({ length: alerts }, (_, at) => (i * alerts + at) % of),
    ),
  );

/** Posts over 32 connections, one alert a request and 64: alerts that are new, and alerts that are known and sent again. */
export async function accepting(contender: Contender, singles: number, batches: number): Promise<Figures> {
  return await having(contender, 'grouped', async ({ url, cpu }) => {
    const figures: Figures = {};
    let posted = 0;
    const measure = async (name: string, prefix: string, count: number, alerts: number, of: number): Promise<void> => {
      const bodies = bodiesOf(prefix, count, alerts, of);
      const before = cpu();
      const beganMs = performance.now();
      const took = await postAll(url, bodies, connections);
      const seconds = (performance.now() - beganMs) / 1000;
      figures[`${name}_per_s`] = (count * alerts) / seconds;
      figures[`${name}_p50_ms`] = percentile(took, 0.5);
      figures[`${name}_p99_ms`] = percentile(took, 0.99);
      for (const [part, at] of Object.entries(cpu()))
        figures[`${name}_cpu_s_per_100k_${part}`] = ((at - (before[part] ?? 0)) / (count * alerts)) * 100_000;
      if (!name.endsWith('again')) posted += Math.min(of, count * alerts);
    };
    // Code runs several times slower until it is compiled, and a server runs for longer than that.
    await measure('warm', 'warm', singles / 2, 1, 500);
    await measure('warm_batch', 'warm-batch', batches / 2, batch, 20 * batch);
    await measure('single_new', 'new', distinct, 1, distinct);
    await measure('single_again', 'new', singles, 1, distinct);
    await measure('batch_new', 'many', batches, batch, batches * batch);
    await measure('batch_again', 'warm-batch', batches, batch, 20 * batch);
    assert.equal((await fetchAlerts(url)).count, posted, 'every alert that was posted is there');
    return withoutWarm(figures);
  });
}

const withoutWarm = (figures: Figures): Figures =>
  Object.fromEntries(Object.entries(figures).filter(([name]) => !name.startsWith('warm')));

/** From the first byte of a POST to the webhook, at so many alerts a second; each is a group of its own and told at once. */
export async function telling(contender: Contender, perSecond: number, seconds: number, standing = 0): Promise<Figures> {
  return await having(contender, 'told at once', async ({ url, cpu }, sink) => {
    await stood(url, sink, standing);
    const client = await openAlertsClient(url, connections);
    const offer = async (prefix: string, count: number): Promise<Figures> => {
      const postedAtMs = new Map<string, number>();
      const answers: Promise<void>[] = [];
      const beganMs = performance.now();
      for (let n = 0; n < count; n++) {
        await delay(Math.max(0, beganMs + (n * 1000) / perSecond - performance.now()));
        postedAtMs.set(instanceOf(prefix, n), performance.now());
        answers.push(client.post(alertsBody(prefix, [n])));
      }
      await Promise.all(answers);
      return await toldOf(sink, postedAtMs);
    };
    await offer('warm', perSecond * 3);
    const before = cpu();
    const told = await offer('paced', perSecond * seconds);
    client.close();
    const cost = Object.entries(cpu()).map(([part, at]) => [`cpu_s_${part}`, at - (before[part] ?? 0)] as const);
    return { ...told, ...Object.fromEntries(cost) };
  });
}

/** So many groups fire and are told. */
async function stood(url: string, sink: AlertsSink, groups: number): Promise<void> {
  await postAll(url, bodiesOf('standing', Math.ceil(groups / 256), 256, groups), 4);
  await eventually(() => assert.ok(sink.toldAtMs.size >= groups), { timeoutMs: 180_000, everyMs: 100 });
}

/** The same for so many groups at once, in batches of 256 over few connections, as Prometheus sends them. */
export async function storm(contender: Contender, groups: number): Promise<Figures> {
  return await having(contender, 'told at once', async ({ url, cpu }, sink) => {
    await warmed(url, sink);
    const before = cpu();
    const postedAtMs = new Map<string, number>();
    const client = await openAlertsClient(url, 4);
    const took: number[] = [];
    const beganMs = performance.now();
    let next = 0;
    const one = async (): Promise<void> => {
      while (next < groups) {
        const numbers = Array.from({ length: Math.min(256, groups - next) }, (_, at) => next + at);
        next += numbers.length;
        const body = alertsBody('storm', numbers);
        const postedMs = performance.now();
        for (const n of numbers) postedAtMs.set(instanceOf('storm', n), postedMs);
        await client.post(body);
        took.push(performance.now() - postedMs);
      }
    };
    await Promise.all([one(), one(), one(), one()]);
    client.close();
    const seconds = (performance.now() - beganMs) / 1000;
    const told = await toldOf(sink, postedAtMs);
    const cost = Object.entries(cpu()).map(([part, at]) => [`cpu_s_${part}`, at - (before[part] ?? 0)] as const);
    const posts = { accepted_per_s: groups / seconds, post_p50_ms: percentile(took, 0.5), post_p99_ms: percentile(took, 0.99) };
    return { ...posts, ...told, ...Object.fromEntries(cost) };
  });
}

async function warmed(url: string, sink: AlertsSink): Promise<void> {
  await postAll(url, bodiesOf('warm', 500, 1, 500), 8);
  await eventually(() => assert.ok(sink.toldAtMs.size >= 500), { timeoutMs: 60_000, everyMs: 20 });
}

/** Waits until all are told. @returns how long each took */
async function toldOf(sink: AlertsSink, postedAtMs: ReadonlyMap<string, number>): Promise<Figures> {
  await eventually(
    () => {
      const missing = [...postedAtMs.keys()].filter((instance) => !sink.toldAtMs.has(instance)).length;
      assert.equal(missing, 0, `${missing} of ${postedAtMs.size} alerts are not told`);
    },
    { timeoutMs: 180_000, everyMs: 100 },
  );
  assert.deepEqual([...sink.doubled], [], 'nobody is told twice');
  const took = [...postedAtMs].map(([instance, atMs]) => (sink.toldAtMs.get(instance) ?? NaN) - atMs);
  const last = Math.max(...[...postedAtMs.keys()].map((instance) => sink.toldAtMs.get(instance) ?? NaN));
  const first = Math.min(...postedAtMs.values());
  return {
    told_p50_ms: percentile(took, 0.5),
    told_p99_ms: percentile(took, 0.99),
    told_max_ms: percentile(took, 1),
    told_per_s: (took.length / (last - first)) * 1000,
  };
}

/** `GET /api/v2/alerts` of so many alerts: the first, and the median of five that follow. */
export async function listing(contender: Contender, count: number): Promise<Figures> {
  return await having(contender, 'grouped', async ({ url }) => {
    await postAll(url, bodiesOf('listed', Math.ceil(count / 256), 256, count), 4);
    const first = await fetchAlerts(url);
    const then = [];
    for (let i = 0; i < 5; i++) then.push(await fetchAlerts(url));
    for (const each of [first, ...then]) assert.equal(each.count, count);
    return {
      first_ms: first.ms,
      first_to_first_byte_ms: first.firstByteMs,
      then_ms: percentile(
        then.map(({ ms }) => ms),
        0.5,
      ),
      megabytes: first.bytes / 1e6,
    };
  });
}
