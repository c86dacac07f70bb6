import { join } from 'node:path';
import { type Helms, type RenderOptions, runHelm } from '../../tools/charts/helm.ts';
import { type Manifest } from '../../tools/charts/manifest.ts';
import { Renders } from '../../tools/charts/matrix.ts';
import { charts, chartsDir } from '../../tools/charts/tree.ts';

const given = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set; these tests are run by \`npx -y pnpm@10 -s test:charts\``);
  return value;
};

const helms: Helms = { 4: given('TMWS_TEST_CHARTS_HELM_4'), 3: given('TMWS_TEST_CHARTS_HELM_3') };
const renders = new Renders(helms, given('TMWS_TEST_CHARTS_RENDERS'));

export const promtool = (): string => given('TMWS_TEST_CHARTS_PROMTOOL');
export const helm = (major: 4 | 3, ...args: string[]): Promise<string> => runHelm(helms[major], args);
export const renderedText = (options: RenderOptions): Promise<string> => renders.text(options);

/** The objects of a render, by Helm 4 for Kubernetes 1.30 with every operator unless said otherwise. */
export const rendered = (options: RenderOptions): Promise<Manifest[]> => renders.objects(options);

/** The umbrella with `ci/NAME-values.yaml`, and values laid over it. */
export const umbrella = (name: string, more: Omit<RenderOptions, 'chart'> = {}): Promise<Manifest[]> =>
  rendered({ ...more, chart: 'tmws', valuesFiles: [valuesFile('tmws', name)] });

export const valuesFile = (chart: string, name: string): string => join(chartsDir, chart, 'ci', `${name}-values.yaml`);

/** What helm says when it renders none. @throws when it does */
export async function refusal(options: RenderOptions): Promise<string> {
  const error = await renders.text(options).then(
    () => undefined,
    (thrown: unknown) => thrown as Error,
  );
  if (error === undefined) throw new Error(`helm rendered ${options.chart} with ${JSON.stringify(options.set)}`);
  return error.message;
}

/** Every chart's every values file: `[title, options]`, for `test.each`. */
export const everyValuesFile: readonly (readonly [title: string, options: RenderOptions])[] = [...charts().values()].flatMap(
  ({ name, valuesFiles }) =>
    valuesFiles.map((file) => [`${name} with ${file.name}`, { chart: name, valuesFiles: [file.path] }] as const),
);
