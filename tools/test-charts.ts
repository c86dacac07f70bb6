// Runs the tests of charts/: installs both majors of Helm, Kubernetes' types and promtool, renders every chart with every values file
// once, runs jest over charts/tests with the given arguments. Ends with jest's code, or with 1 when a program cannot be had.
import { spawnSync } from 'node:child_process';
import { cacheDir, installHelm, installKubernetesTypes, installPrometheus, tempDir } from '@tmws/testkit';
import { matrix, renderAll, Renders } from './charts/matrix.ts';

const root = new URL('..', import.meta.url).pathname;

async function main(args: readonly string[]): Promise<number> {
  const startMs = performance.now();
  const seconds = () => `${((performance.now() - startMs) / 1000).toFixed(1)} s`;
  const [helm4, helm3, { promtool }] = await Promise.all([
    installHelm(cacheDir(), 4),
    installHelm(cacheDir(), 3),
    installPrometheus(cacheDir()),
    installKubernetesTypes(cacheDir()),
  ]);
  console.log(`test charts: Helm 4, Helm 3 and promtool ready after ${seconds()}`);

  await using folder = await tempDir('tmws-charts');
  const entries = matrix();
  const faults = await renderAll(entries, new Renders({ 4: helm4.helm, 3: helm3.helm }, folder.path));
  console.log(`test charts: ${String(entries.length)} renders, ${String(faults.length)} of them refused, after ${seconds()}`);

  const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  const { status } = spawnSync(process.execPath, [...jest, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      TMWS_TEST_CHARTS: '1',
      TMWS_TEST_CHARTS_HELM_4: helm4.helm,
      TMWS_TEST_CHARTS_HELM_3: helm3.helm,
      TMWS_TEST_CHARTS_PROMTOOL: promtool,
      TMWS_TEST_CHARTS_RENDERS: folder.path,
    },
  });
  console.log(`test charts: all in ${seconds()}`);
  return status ?? 1;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`test charts: ${(error as Error).message}`);
  return 1;
});
