// A real Prometheus pushes the alerts of its rules to our door. `TMWS_TEST_PROMETHEUS` names the program.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir, eventually, freePort, installPrometheus, startChild, tempDir } from '@tmws/testkit';
import type { TakenNotification } from '../src/ports.ts';
import { startAlerting } from './start-alerting.ts';

const long = { timeoutMs: 60_000, everyMs: 200 };

/** A target whose one metric is what a test says. */
async function openTarget() {
  const state = { value: 0 };
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4').end(`queue_length ${state.value}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { state, address: `127.0.0.1:${port}`, close: () => new Promise((resolve) => server.close(resolve)) };
}

async function startPrometheus(target: string, alertmanager: string) {
  const program = process.env.TMWS_TEST_PROMETHEUS ?? (await installPrometheus(cacheDir())).prometheus;
  const dir = await tempDir('prometheus');
  const port = await freePort();
  await writeFile(
    join(dir.path, 'rules.yml'),
    `groups:
  - name: queue
    rules:
      - alert: QueueLong
        expr: queue_length > 10
        labels: { severity: page }
        annotations: { summary: "queue of {{ $labels.instance }} has {{ $value }}" }
`,
  );
  await writeFile(
    join(dir.path, 'prometheus.yml'),
    `global: { scrape_interval: 500ms, evaluation_interval: 500ms }
rule_files: [rules.yml]
alerting: { alertmanagers: [{ static_configs: [{ targets: ["${alertmanager}"] }] }] }
scrape_configs: [{ job_name: queue, static_configs: [{ targets: ["${target}"] }] }]
`,
  );
  const child = await startChild(program, [
    `--config.file=${join(dir.path, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(dir.path, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--rules.alert.resend-delay=1s',
  ]);
  return {
    url: `http://127.0.0.1:${port}`,
    kill: () => child.kill(),
    async close() {
      await child.kill();
      await dir.remove();
    },
  };
}

interface Shown {
  readonly endsAt: string;
  readonly startsAt: string;
  readonly annotations: { readonly summary: string };
  readonly labels: Readonly<Record<string, string>>;
  readonly generatorURL: string;
}

async function alertsAt(url: string): Promise<Shown[]> {
  return (await (await fetch(`${url}/api/v2/alerts`)).json()) as Shown[];
}

async function counted(url: string, metric: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return text
    .split('\n')
    .filter((line) => line.startsWith(metric))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

test('an alert of Prometheus fires, is sent again with a later end, resolves when its condition is over, and ends by itself when Prometheus dies', async () => {
  const told: TakenNotification[] = [];
  const alerting = await startAlerting({
    databaseUrl: process.env.TMWS_TEST_DATABASE_URL,
    sent: (notification) => void told.push(notification),
  });
  const target = await openTarget();
  const prometheus = await startPrometheus(target.address, alerting.host);
  const fires = async (): Promise<Shown> => {
    const [alert] = await alertsAt(alerting.url);
    if (alert === undefined) throw new Error('nothing fires');
    return alert;
  };
  try {
    target.state.value = 42;
    const first = await eventually(fires, long);
    expect(first.labels).toEqual({ alertname: 'QueueLong', instance: target.address, job: 'queue', severity: 'page' });
    expect(first.annotations.summary).toBe(`queue of ${target.address} has 42`);
    expect(first.generatorURL).toContain('/graph?');
    await eventually(() => expect(told.map(({ firing }) => firing.length)).toEqual([1]), long);

    target.state.value = 43;
    const again = await eventually(async () => {
      const alert = await fires();
      expect(Date.parse(alert.endsAt)).toBeGreaterThan(Date.parse(first.endsAt));
      expect(alert.annotations.summary).toContain('has 43');
      return alert;
    }, long);
    expect(again.startsAt).toBe(first.startsAt);

    target.state.value = 0;
    await eventually(async () => expect(await alertsAt(alerting.url)).toEqual([]), long);
    await eventually(() => expect(told.map(({ resolved }) => resolved.length)).toEqual([0, 1]), long);

    target.state.value = 50;
    await eventually(fires, long);
    await prometheus.kill();
    await eventually(async () => expect(await alertsAt(alerting.url)).toEqual([]), long);
  } finally {
    await prometheus.close();
    await target.close();
    await alerting.stop();
  }
}, 180_000);

test('Prometheus counts none of its notifications as failed or dropped', async () => {
  const alerting = await startAlerting({ databaseUrl: process.env.TMWS_TEST_DATABASE_URL });
  const target = await openTarget();
  const prometheus = await startPrometheus(target.address, alerting.host);
  try {
    await eventually(
      async () => expect(await counted(prometheus.url, 'prometheus_notifications_alertmanagers_discovered')).toBe(1),
      long,
    );
    target.state.value = 42;
    await eventually(
      async () => expect(await counted(prometheus.url, 'prometheus_notifications_sent_total')).toBeGreaterThan(2),
      long,
    );
    expect(await counted(prometheus.url, 'prometheus_notifications_errors_total')).toBe(0);
    expect(await counted(prometheus.url, 'prometheus_notifications_dropped_total')).toBe(0);
    expect(await counted(alerting.url, 'alertmanager_alerts_received_total')).toBeGreaterThan(2);
  } finally {
    await prometheus.close();
    await target.close();
    await alerting.stop();
  }
}, 120_000);
