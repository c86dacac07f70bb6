// skaffold.yaml and compose.yaml have every service that is deployed, and nothing else: programs of services/ with a chart.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..');
const read = (path: string): unknown => parse(readFileSync(join(root, path), 'utf8'), { merge: true });

interface Artifact {
  readonly image: string;
  readonly docker: { readonly dockerfile: string; readonly buildArgs: { readonly SERVICE: string } };
}
interface Release {
  readonly name: string;
  readonly chartPath: string;
  readonly valuesFiles: readonly string[];
  readonly setValueTemplates?: Readonly<Record<string, string>>;
}
interface Skaffold {
  readonly build: { readonly artifacts: readonly Artifact[] };
  readonly deploy: { readonly helm: { readonly releases: readonly Release[] } };
  readonly profiles: readonly { readonly name: string; readonly patches?: readonly { readonly value: unknown }[] }[];
}
interface Compose {
  readonly services: Readonly<Record<string, { readonly build?: { readonly args: { readonly SERVICE: string } } }>>;
}

/** Programs that no chart is for: the fleet in one process, and the terminal's. */
const withoutChart = ['cli', 'fleet'];
const deployed = readdirSync(join(root, 'services'))
  .filter((name) => existsSync(join(root, 'services', name, 'src/main.ts')) && !withoutChart.includes(name))
  .filter((name) => existsSync(join(root, 'services', name, 'src/app.ts')))
  .toSorted();
const skaffold = read('skaffold.yaml') as Skaffold;
const compose = read('compose.yaml') as Compose;
const { artifacts } = skaffold.build;

test('each service that is deployed has an artifact, an image of the Dockerfile and a chart, and the reverse', () => {
  expect(artifacts.map(({ docker }) => docker.buildArgs.SERVICE).toSorted()).toEqual(deployed);
  for (const { image, docker } of artifacts) {
    expect(image).toBe(`tmws/${docker.buildArgs.SERVICE}`);
    expect(existsSync(join(root, docker.dockerfile))).toBe(true);
    expect(existsSync(join(root, 'charts', docker.buildArgs.SERVICE, 'Chart.yaml'))).toBe(true);
  }
});

test('the chart gets the repository and tag of every image that was built', () => {
  const release = skaffold.deploy.helm.releases.find(({ name }) => name === 'tmws');
  const wanted = deployed.flatMap((name) => {
    const word = name.replaceAll('-', '_');
    return [
      [`${name}.image.repository`, `{{.IMAGE_REPO_tmws_${word}}}`],
      [`${name}.image.tag`, `{{.IMAGE_TAG_tmws_${word}}}`],
    ];
  });
  expect(release?.setValueTemplates).toEqual(Object.fromEntries(wanted));
});

test('profiles name values files and charts there are', () => {
  expect(skaffold.profiles.map(({ name }) => name)).toEqual(['dev', 'full', 'e2e-local', 'prod']);
  const text = readFileSync(join(root, 'skaffold.yaml'), 'utf8');
  const paths = [...text.matchAll(/charts\/[\w./-]*[\w]/g)].map(([path]) => path);
  expect(paths.length).toBeGreaterThan(4);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('compose runs each service that is deployed', () => {
  const built = Object.entries(compose.services).filter(([name, { build }]) => build?.args.SERVICE === name);
  expect(built.map(([name]) => name).toSorted()).toEqual(deployed);
});
