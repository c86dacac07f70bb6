// The fleet on a cluster, as its users install, change, break and remove it. Prints a line a check and, last, all of it as JSON.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Checks } from './checks.ts';
import { Client } from './client.ts';
import { Cluster } from './cluster.ts';
import { chartedServices, makeImages } from './images.ts';
import { readSettings } from './settings.ts';
import type { Stage, Step } from './stage.ts';
import { describeCluster } from './describe.ts';
import { steps } from './steps/all.ts';

const noImages = { registry: '', tag: '', previousTag: '', migration: '', count: 0, sentBytes: 0 };
const wanted = process.argv.slice(2);
const print = (line: string): void => console.log(line);
const dir = await mkdtemp(join(tmpdir(), 'tmws-e2e-cluster-'));
let cluster: Cluster | undefined;
const checks = new Checks(print, () => (cluster === undefined ? Promise.resolve('') : describeCluster(cluster)));
try {
  await play();
} finally {
  await rm(dir, { recursive: true, force: true });
}
const { text, ok } = checks.summary();
print(text);
process.exitCode = ok ? 0 : 1;

async function play(): Promise<void> {
  const stage = await prepare();
  if (stage === undefined) return;
  const stop = (): void => void stage.cluster.end().finally(() => process.exit(130));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    for (const step of steps) if (isWanted(step)) await runStep(step, stage);
  } finally {
    if (!stage.settings.keep) await checks.check('cleanup: the namespaces of this run are removed', () => removed(stage.cluster));
  }
}

async function prepare(): Promise<Stage | undefined> {
  let stage: Stage | undefined;
  await checks.check('cluster: it answers, and the settings are right', async () => {
    const settings = readSettings(process.env);
    cluster = await Cluster.open(settings.helmMajor);
    const client = new Client(cluster, 'client');
    const services = await chartedServices();
    const nodes = await cluster.list('nodes');
    stage = { settings, cluster, images: noImages, services, dir, client, checks };
    const version = /"gitVersion": "([^"]+)"/.exec(await cluster.kubectlAll(['get', '--raw', '/version']))?.[1] ?? 'unknown';
    return `Kubernetes ${version}, ${nodes.length} nodes, Helm ${settings.helmMajor}, namespace ${cluster.namespace}`;
  });
  if (stage === undefined) return undefined;
  const { settings } = stage;
  const registry = {
    address: settings.registry,
    ...(settings.credential === undefined ? {} : { credential: settings.credential }),
  };
  const made = await checks.check('images: made of this checkout and pushed without an engine', async () => {
    const begin = performance.now();
    const images = await makeImages(registry, settings.pullRegistry, dir);
    stage = { ...stage!, images };
    const megabytes = Math.round(images.sentBytes / 1e5) / 10;
    const seconds = Math.round((performance.now() - begin) / 100) / 10;
    return { seen: `${images.count} images, ${megabytes} MB sent, tag ${images.tag}`, figures: { imagesSeconds: seconds } };
  });
  return made ? stage : undefined;
}

/** Without words all; the first one always, as the others go on from it. */
function isWanted(step: Step): boolean {
  return wanted.length === 0 || step === steps[0] || wanted.includes(step.name);
}

/** A step that cannot go on is a failure of its own. */
async function runStep(step: Step, stage: Stage): Promise<void> {
  try {
    await step.run(stage);
  } catch (error) {
    await checks.check(`${step.name}: goes through`, () =>
      Promise.reject(Error.isError(error) ? error : new Error(String(error))),
    );
  }
}

async function removed(of: Cluster): Promise<string> {
  await of.end();
  return `${of.namespace} is gone`;
}
