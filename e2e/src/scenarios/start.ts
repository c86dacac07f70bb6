// Starting: what a second process, a newer folder and a wrong setting are told, and what is written for others to find.
import { strict as assert } from 'node:assert';
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProcess, tempDir } from '@tmws/testkit';
import { readAddresses, type Running, startOneProcess } from '../fleet.ts';
import type { Scenario } from '../scenario.ts';

export function startScenarios(): Scenario[] {
  return [{ name: 'start: addresses are written, and what stands in the way is said in one sentence', seconds: 25, run: starts }];
}

async function starts(): Promise<void> {
  await using dir = await tempDir('e2e-start');
  const fleet = await startOneProcess(dir.path);
  try {
    const addresses = await readAddresses(dir.path);
    assert.equal(`http://${String(addresses.http)}`, fleet.url);
    assert.equal(addresses.grpc, fleet.grpc);
    assert.equal(addresses.kafka, fleet.kafka);
    assert.equal(addresses.otlpGrpc, fleet.otlpGrpc);
    assert.equal(`http://${String(addresses.otlpHttp)}`, fleet.otlpHttp);
    assert.equal(`http://${String(addresses.alertmanager)}`, fleet.alertmanager);
    assert.equal(addresses.pid, fleet.pid('fleet'));
    assert.match(String(addresses.startedAt), /^\d{4}-/);
    await refusals(dir.path, fleet);
  } finally {
    await fleet.stop();
  }
  await assert.rejects(access(join(dir.path, 'addresses.json')), 'no addresses of a fleet that has ended');
  await writeFile(join(dir.path, 'layout.json'), '{"layout":999}');
  await assert.rejects(start({ TMWS_DATA_DIR: dir.path }), /was written by a newer version \(layout 999/);
}

async function refusals(dataDir: string, fleet: Running): Promise<void> {
  await using other = await tempDir('e2e-start-other');
  await assert.rejects(start({ TMWS_DATA_DIR: dataDir }), /the data folder .* is in use by another process/);
  for (const [setting, address] of [
    ['TMWS_HTTP_PORT', fleet.url],
    ['TMWS_GRPC_PORT', fleet.grpc],
    ['TMWS_KAFKA_PORT', fleet.kafka],
    ['TMWS_OTLP_GRPC_PORT', fleet.otlpGrpc],
    ['TMWS_OTLP_HTTP_PORT', fleet.otlpHttp],
    ['TMWS_ALERTMANAGER_PORT', fleet.alertmanager],
  ] as const) {
    const port = address.slice(address.lastIndexOf(':') + 1);
    // Without a message of its own: what it says instead is then told.
    await assert.rejects(start({ TMWS_DATA_DIR: other.path, [setting]: port }), new RegExp(`${port}.*(in use|another process)`));
  }
  await assert.rejects(
    start({ TMWS_DATA_DIR: other.path, TMWS_HTTP_PORT: 'eighty', TMWS_LOG_LEVEL: 'loud' }),
    /2 settings of fleet are wrong: TMWS_HTTP_PORT must be a port/,
  );
  const open = { TMWS_DATA_DIR: other.path, TMWS_BIND: '0.0.0.0' };
  await assert.rejects(start(open), /TMWS_AUTH is on and nobody could come in.*TMWS_ADMIN_KEY_FILE/);
  await assert.rejects(start({ ...open, TMWS_AUTH: 'off' }), /TMWS_BIND is 0\.0\.0\.0/);
}

/** A start that is expected to fail: the error has what was printed. */
async function start(env: NodeJS.ProcessEnv): Promise<void> {
  const ports = ['HTTP', 'GRPC', 'KAFKA', 'ADMIN', 'OTLP_GRPC', 'OTLP_HTTP', 'ALERTMANAGER'];
  const free = Object.fromEntries(ports.map((name) => [`TMWS_${name}_PORT`, '0']));
  const main = join(import.meta.dirname, '../../../services/fleet/src/main.ts');
  const one = await startProcess([main], { until: /^tmws ready$/, env: { ...free, ...env }, timeoutMs: 60_000 });
  await one.kill('SIGTERM');
}
