// Writes what every service's chart has for monitoring, and the dashboards: `node tools/monitoring/generate.ts`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../mesh/call-graph.ts';
import { type Dashboard, grafanaJson } from './dashboard.ts';
import { processRules } from './process-rules.ts';
import { fleetDashboard, monitoredServices, serviceDashboard } from './services.ts';

/** Texts by their path in the checkout. */
export function monitoringFiles(): Map<string, string> {
  const json = (dashboard: Dashboard): string => `${JSON.stringify(grafanaJson(dashboard), null, 1)}\n`;
  return new Map([
    ['charts/tmws/dashboards/fleet.json', json(fleetDashboard)],
    ...monitoredServices().flatMap((service): [string, string][] => [
      [`charts/${service.name}/rules/process.yaml`, processRules(service)],
      [`charts/${service.name}/dashboards/${service.name}.json`, json(serviceDashboard(service))],
    ]),
  ]);
}

if (import.meta.main) {
  for (const [path, text] of monitoringFiles()) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
