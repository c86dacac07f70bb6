// A fleet whose alerts are told at once, a receiver that takes them, and a browser.
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { eventually, tempDir } from '@tmws/testkit';
import type { Browser } from 'playwright-core';
import { type Running, startOneProcess } from '../fleet.ts';
import { openBrowser } from './open-browser.ts';

export interface AlertsStage extends AsyncDisposable {
  readonly fleet: Running;
  /** `http://host:port` */
  readonly url: string;
  readonly browser: Browser;
}

const config = (url: string): string => `
route: { receiver: sink, group_by: [alertname, service], group_wait: 100ms, group_interval: 1s, repeat_interval: 4h }
receivers: [{ name: sink, webhook_configs: [{ url: "${url}" }] }]
`;

export async function openAlertsStage(): Promise<AlertsStage> {
  await using open = new AsyncDisposableStack();
  const browser = open.adopt(await openBrowser(), (each) => each.close());
  const dir = open.use(await tempDir('e2e-console-alerts')).path;
  const sink = createServer((request, response) => {
    request.resume();
    response.end();
  }).listen(0, '127.0.0.1');
  open.defer(() => void sink.close());
  await once(sink, 'listening');
  const file = join(dir, 'alertmanager.yml');
  await writeFile(file, config(`http://127.0.0.1:${(sink.address() as AddressInfo).port}`));
  const fleet = open.adopt(await startOneProcess(join(dir, 'data'), { ALERTING_CONFIG_FILE: file }), (each) => each.stop());
  const opened = open.move();
  return { fleet, url: fleet.url, browser, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

export interface Fired {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

const hourMs = 3_600e3;

/** Has alerts fire for the hour that comes, as Prometheus would. */
export async function fire({ fleet }: AlertsStage, alerts: readonly Fired[]): Promise<void> {
  const startsAt = new Date().toISOString();
  const endsAt = new Date(Date.now() + hourMs).toISOString();
  const response = await fetch(`${fleet.alertmanager}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alerts.map((each) => ({ ...each, startsAt, endsAt }))),
  });
  assert.equal(response.status, 200, await response.text());
}

export const several = (alertname: string, count: number, more: Readonly<Record<string, string>> = {}): Fired[] =>
  Array.from({ length: count }, (_, at) => ({
    labels: { alertname, service: 'checkout', severity: 'critical', instance: `10.0.0.${at}:9100`, ...more },
    annotations: { summary: `${at} of 100 requests fail`, runbook_url: 'https://runbooks.example.org/requests' },
  }));

export interface GroupCounts {
  readonly alertCount: number;
  readonly acknowledgedCount: number;
  readonly suppressedCount: number;
}

/** What the API says of the groups of alerts of a name, added up. */
export async function countsOf({ url }: AlertsStage, alertname: string): Promise<GroupCounts> {
  const filter = encodeURIComponent(`alertname="${alertname}"`);
  const response = await fetch(`${url}/api/v1/alerts/groups?filter=${filter}`);
  const { items } = (await response.json()) as { items: GroupCounts[] };
  const sum = (name: keyof GroupCounts): number => items.reduce((all, each) => all + each[name], 0);
  return {
    alertCount: sum('alertCount'),
    acknowledgedCount: sum('acknowledgedCount'),
    suppressedCount: sum('suppressedCount'),
  };
}

/** Waits until groups say so. */
export async function countsAre(stage: AlertsStage, alertname: string, counts: Partial<GroupCounts>): Promise<void> {
  await eventually(async () => assert.partialDeepStrictEqual(await countsOf(stage, alertname), counts), { timeoutMs: 15_000 });
}
