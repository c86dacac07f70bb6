import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  kubeVersions,
  type HelmMajor,
  type Helms,
  type KubeVersion,
  manifestsIn,
  type RenderOptions,
  runHelm,
  templateArguments,
} from './helm.ts';
import { type Manifest } from './manifest.ts';
import { charts } from './tree.ts';

/** A values file of a chart, as rendered by a Helm for a Kubernetes. */
export interface MatrixEntry extends RenderOptions {
  readonly helm: HelmMajor;
  readonly title: string;
}

/** Every chart's every values file: by Helm 4 for each Kubernetes, by Helm 3 for the one in the middle, the default values for each. */
export function matrix(): MatrixEntry[] {
  return [...charts().values()].flatMap(({ name, valuesFiles }) =>
    valuesFiles.flatMap((file) =>
      ([4, 3] as const).flatMap((helm) =>
        kubesOf(helm, file.name).map((kube) => ({
          title: `${name} with ${file.name} by Helm ${helm} for ${kube}`,
          chart: name,
          valuesFiles: [file.path],
          helm,
          kube,
        })),
      ),
    ),
  );
}

/** What a template makes of a version of Kubernetes is the same in both majors, so one values file shows it. */
export const kubesOf = (helm: HelmMajor, valuesFile: string): readonly KubeVersion[] =>
  helm === 4 || valuesFile === 'default' ? kubeVersions : ['1.30'];

/** Renders each once: what was rendered is kept in a folder, so that processes share it. */
export class Renders {
  readonly #helms: Helms;
  readonly #folder: string;
  readonly #running = new Map<string, Promise<string>>();

  /** @param folder  for renders of charts that do not change while it is used */
  constructor(helms: Helms, folder: string) {
    this.#helms = helms;
    this.#folder = folder;
  }

  /** @throws Error with what helm said */
  text(options: RenderOptions): Promise<string> {
    const args = [this.#helms[options.helm ?? 4], ...templateArguments(options)];
    return this.#once(`${hashOf(args)}.yaml`, () => runHelm(args[0] ?? '', args.slice(1)));
  }

  /** The objects of a render, parsed once too. */
  async objects(options: RenderOptions): Promise<Manifest[]> {
    const text = await this.text(options);
    const json = await this.#once(`${hashOf([text])}.json`, () => Promise.resolve(JSON.stringify(manifestsIn(text))));
    return JSON.parse(json) as Manifest[];
  }

  #once(name: string, make: () => Promise<string>): Promise<string> {
    const known = this.#running.get(name) ?? this.#kept(join(this.#folder, name), make);
    this.#running.set(name, known);
    return known;
  }

  async #kept(path: string, make: () => Promise<string>): Promise<string> {
    const kept = await readFile(path, 'utf8').catch(() => undefined);
    if (kept !== undefined) return kept;
    const text = await make();
    const unfinished = `${path}.${String(process.pid)}`;
    await writeFile(unfinished, text);
    await rename(unfinished, path);
    return text;
  }
}

const hashOf = (parts: readonly string[]) => createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);

/** Does all of it, `atOnce` at a time. @returns the faults */
export async function renderAll(entries: readonly MatrixEntry[], renders: Renders, atOnce = 3): Promise<string[]> {
  const faults: string[] = [];
  const waiting = [...entries];
  const render = async (entry: MatrixEntry) => {
    try {
      await (entry.helm === 4 ? renders.objects(entry) : renders.text(entry));
    } catch (error) {
      faults.push(`${entry.title}: ${(error as Error).message}`);
    }
  };
  const worker = async () => {
    for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift()) await render(entry);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return faults;
}
