import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the fleet answers, as `host:port`. A listener that another server stands in for is absent. */
export interface Addresses {
  readonly http: string;
  readonly grpc: string;
  readonly kafka?: string;
  readonly otlpGrpc: string;
  readonly otlpHttp: string;
  readonly alertmanager: string;
  readonly admin: string;
  readonly pid: number;
  /** RFC 3339. */
  readonly startedAt: string;
}

const file = 'addresses.json';

/** Writes them whole: a reader sees the old file, none, or all of the new one. */
export function writeAddresses(dataDir: string, addresses: Addresses): void {
  const half = join(dataDir, `${file}.new`);
  writeFileSync(half, `${JSON.stringify(addresses, null, 2)}\n`);
  renameSync(half, join(dataDir, file));
}

/** Removes what an earlier process left, so that nobody calls the dead. */
export function removeAddresses(dataDir: string): void {
  rmSync(join(dataDir, file), { force: true });
}

/** What people read when the fleet is up. */
export function addressesText({ http, grpc, kafka, otlpGrpc, otlpHttp, alertmanager, admin }: Addresses): string {
  const lines = [
    ['console', `http://${http}`],
    ['REST', `http://${http}/api/v1/openapi.json`],
    ['gRPC', grpc],
    ...(kafka === undefined ? [] : [['Kafka', kafka]]),
    ['OTLP', `${otlpGrpc} (gRPC), http://${otlpHttp} (HTTP)`],
    ['alerts', `http://${alertmanager} (Alertmanager)`],
    ['metrics', `http://${admin}/metrics`],
  ];
  return [...lines.map(([name = '', address = '']) => `  ${name.padEnd(9)}${address}`), 'tmws ready'].join('\n');
}
