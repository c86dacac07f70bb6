import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deployables, root } from '../mesh/call-graph.ts';
import type { Dashboard, Row } from './dashboard.ts';
import { alertingRows } from './dashboards/alerting.ts';
import { fleetRows } from './dashboards/fleet.ts';
import { gatewayRows } from './dashboards/gateway.ts';
import { databaseRow, grpcPanels, kafkaRow, processRow } from './dashboards/process.ts';
import { timelineRows } from './dashboards/workflow-timeline.ts';
import type { MonitoredService } from './process-rules.ts';

/** Rows of a service beside what every service has. One that is not here has those. */
const ownRows: Readonly<Record<string, readonly Row[]>> = {
  alerting: alertingRows,
  gateway: gatewayRows,
  'workflow-timeline': timelineRows,
};

/** Services that run as processes of their own. */
export const monitoredServices = (): MonitoredService[] =>
  deployables().map((name) => ({ name, consumes: sourcesOf(name).some((text) => /\bevents\.consume\(/.test(text)) }));

export const serviceDashboard = ({ name, consumes }: MonitoredService): Dashboard => ({
  uid: `tmws-${name}`,
  title: `TMWS / ${name}`,
  description: `What ${name} does and whether it is well.`,
  job: `tmws-${name}`,
  rows: [
    ...(ownRows[name] ?? []),
    { title: 'gRPC', panels: grpcPanels },
    ...(consumes ? [kafkaRow] : []),
    processRow,
    databaseRow,
  ],
});

export const fleetDashboard: Dashboard = {
  uid: 'tmws-fleet',
  title: 'TMWS / fleet',
  description: 'All services of a release: what fires, what waits, what it costs.',
  job: 'tmws-.+',
  rows: fleetRows,
};

function sourcesOf(service: string): string[] {
  return globSync(`services/${service}/src/**/*.ts`, { cwd: root })
    .filter((path) => !path.endsWith('.test.ts'))
    .map((path) => readFileSync(join(root, path), 'utf8'));
}
