import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ruleFiles } from '../../tools/monitoring/rule-files.ts';
import { promtool } from './rendered.ts';

const root = join(import.meta.dirname, '../..');

test('the Prometheus of compose takes its configuration, with the rules of every chart', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'compose-'));
  const config = await readFile(join(root, 'compose/prometheus/prometheus.yml'), 'utf8');
  const path = join(dir, 'prometheus.yml');
  await writeFile(path, config.replaceAll('/etc/prometheus/charts', join(root, 'charts')));
  const { stdout } = await promisify(execFile)(promtool(), ['check', 'config', path]);
  await rm(dir, { recursive: true });
  expect(stdout).toContain(`SUCCESS: ${ruleFiles().length} rule files found`);
});
