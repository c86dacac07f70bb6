// The whole fleet, started as people start it, driven by real clients. `--full` runs what is too long for every commit;
// other words choose scenarios by part of their name.
import { parseArgs } from 'node:util';
import { runScenarios } from './run-scenarios.ts';
import type { Scenario } from './scenario.ts';
import { alertReplicaScenarios } from './scenarios/alerts-replicas.ts';
import { alertScenarios } from './scenarios/alerts.ts';
import { auditScenarios } from './scenarios/audit.ts';
import { backupScenarios } from './scenarios/backup.ts';
import { clientScenarios } from './scenarios/clients.ts';
import { consoleAccessScenarios } from './scenarios/console-access.ts';
import { consoleAlertsScenarios } from './scenarios/console-alerts.ts';
import { consoleScenarios } from './scenarios/console.ts';
import { crashMatrixScenarios } from './scenarios/crash-matrix.ts';
import { crashScenarios } from './scenarios/crash.ts';
import { importScenarios } from './scenarios/import.ts';
import { examplesScenarios } from './scenarios/examples.ts';
import { mixedScenarios } from './scenarios/mixed.ts';
import { securityAlertScenarios } from './scenarios/security-alerts.ts';
import { securityBurstScenarios } from './scenarios/security-burst.ts';
import { startScenarios } from './scenarios/start.ts';
import { outageScenarios } from './scenarios/outage.ts';
import { rollingRestartScenarios } from './scenarios/rolling-restart.ts';

/** Two cores are kept busy by three that mostly wait. */
const lanes = 3;

const { values, positionals } = parseArgs({ options: { full: { type: 'boolean', default: false } }, allowPositionals: true });
const scenarios: Scenario[] = [
  ...startScenarios(),
  ...clientScenarios(),
  ...examplesScenarios(),
  ...mixedScenarios(),
  ...crashScenarios(values.full ? 60 : 4),
  ...alertScenarios(values.full ? 60 : 4),
  ...alertReplicaScenarios(values.full ? 1_000 : 40),
  ...crashMatrixScenarios(values),
  ...securityAlertScenarios(values.full ? 30 : 2, { exim: values.full }),
  ...securityBurstScenarios(values.full ? 15 : 1),
  ...auditScenarios(values.full ? 30 : 3),
  ...backupScenarios(values.full ? 200_000 : 0),
  ...importScenarios(values.full ? 20 : 3),
  ...(values.full ? rollingRestartScenarios(1) : []),
  ...outageScenarios(values.full ? 60_000 : 5000),
  // Browsers are judged by their frames.
  ...[...consoleAccessScenarios(), ...consoleAlertsScenarios(), ...consoleScenarios(values.full ? 100_000 : 10_000)].map(
    (each) => ({
      ...each,
      alone: true,
    }),
  ),
].filter(({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)));

const passed = await runScenarios(scenarios, { lanes, print: console.log });
for (const close of new Set(scenarios.map((each) => each.close))) await close?.();
console.log(`\n${passed} passed, ${scenarios.length - passed} failed`);
process.exit(passed === scenarios.length && scenarios.length > 0 ? 0 : 1);
