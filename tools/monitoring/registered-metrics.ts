import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openMetrics } from '../../libs/telemetry/src/index.ts';
import { root } from '../mesh/call-graph.ts';

/** Names of all metrics the code registers, with those of a histogram's series, and what Prometheus itself adds. */
export function registeredMetrics(): Set<string> {
  const files = ['libs', 'services'].flatMap((room) => globSync(`${room}/*/src/**/*.ts`, { cwd: root }));
  const own = files.flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return [...text.matchAll(/\.(counter|gauge|histogram)\(\s*'(\w+)'/g)].flatMap(([, kind, name = '']) => seriesOf(name, kind));
  });
  const always = openMetrics().registry.getMetricsAsArray();
  return new Set([...own, ...always.flatMap(({ name, type }) => seriesOf(name, type)), 'up', 'ALERTS']);
}

const seriesOf = (name: string, kind: unknown): string[] =>
  kind === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => `${name}${end}`) : [name];

/** Names of series an expression selects. Each selector of ours has matchers. */
export const metricsIn = (expr: string): string[] => [...expr.matchAll(/([a-zA-Z_:][\w:]*)\{/g)].map(([, name = '']) => name);

/** What looks like one of our series and has no matchers. */
export const bareMetricsIn = (expr: string): string[] =>
  [...expr.replaceAll(/"[^"]*"/g, '""').matchAll(/\b(?:tmws|alertmanager|process|nodejs)[_:][\w:]*(?![\w:{])/g)].map(
    ([name]) => name,
  );
