// The charts of the checkout, by their folders: what else is said of them is in them.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parse } from 'yaml';

export const chartsDir = join(import.meta.dirname, '../../charts');

export interface Chart {
  readonly name: string;
  readonly dir: string;
  readonly library: boolean;
  readonly version: string;
  readonly description: string;
  /** By the name their values have in this chart. */
  readonly dependencies: readonly Dependency[];
  /** `ci/NAME-values.yaml`: values somebody may run it with. */
  readonly valuesFiles: readonly { readonly name: string; readonly path: string }[];
}

export interface Dependency {
  readonly key: string;
  readonly chart: string;
  /** The value that switches it off. */
  readonly condition?: string;
  /** What of the dependency's `exports` is laid below this chart's own values. */
  readonly imports: readonly string[];
}

/** Every chart, by name. */
export function charts(): Map<string, Chart> {
  const dirs = globSync('*/Chart.yaml', { cwd: chartsDir }).map((path) => join(chartsDir, dirname(path)));
  return new Map(dirs.toSorted().map((dir) => [basename(dir), chartIn(dir)]));
}

export function chartNamed(name: string): Chart {
  const chart = charts().get(name);
  if (chart === undefined) throw new Error(`charts/${name} is no chart; there are ${[...charts().keys()].join(', ')}`);
  return chart;
}

/** Charts of a single service: applications that are of the same name as a service, or whatever the umbrella has as a part. */
export const serviceCharts = (): Chart[] =>
  chartNamed('tmws')
    .dependencies.map(({ chart }) => chartNamed(chart))
    .filter(({ library }) => !library);

interface ChartFile {
  readonly name: string;
  readonly type?: string;
  readonly version: string;
  readonly description?: string;
  readonly dependencies?: readonly { name: string; alias?: string; condition?: string; 'import-values'?: readonly string[] }[];
}

function chartIn(dir: string): Chart {
  const file = parse(readFileSync(join(dir, 'Chart.yaml'), 'utf8')) as ChartFile;
  return {
    name: file.name,
    dir,
    library: file.type === 'library',
    version: file.version,
    description: file.description ?? '',
    dependencies: (file.dependencies ?? []).map(({ name, alias, condition, 'import-values': imports = [] }) => ({
      key: alias ?? name,
      chart: name,
      imports,
      ...(condition === undefined ? {} : { condition }),
    })),
    valuesFiles: globSync('ci/*-values.yaml', { cwd: dir })
      .toSorted()
      .map((path) => ({ name: basename(path, '-values.yaml'), path: join(dir, path) })),
  };
}

/** The text of a chart's values.yaml; '' without one. */
export function valuesText(chart: Chart): string {
  const path = join(chart.dir, 'values.yaml');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
