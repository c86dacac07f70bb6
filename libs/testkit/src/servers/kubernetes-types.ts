import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { installOnce } from './cache.ts';
import { run } from './run.ts';

const name = '@kubernetes/client-node';
const version = '2.0.1';

/** A field of a Kubernetes object: `type` as the client names it (`string`, `Array<V1Container>`, `{ [key: string]: string; }`, …). */
export interface KubernetesField {
  readonly type: string;
  readonly required: boolean;
}

/** Fields by name, by the client's name of the type, such as `V1PodSpec`. */
export type KubernetesTypes = Readonly<Record<string, Readonly<Record<string, KubernetesField>>>>;

/** The types of Kubernetes 1.36's own objects, out of the JavaScript client's models: 3 MB by npm into the cache. */
export async function installKubernetesTypes(cache: string): Promise<KubernetesTypes> {
  try {
    const dir = await installOnce(cache, `kubernetes-types-${version}`, async (into) => {
      await run('npm', ['pack', '--silent', '--loglevel=error', `${name}@${version}`], { cwd: into });
      const archive = (await readdir(into)).find((file) => file.endsWith('.tgz'));
      if (archive === undefined) throw new Error('npm pack left no archive');
      await run('tar', ['-xzf', archive, 'package/dist/gen/models'], { cwd: into });
      await writeFile(join(into, 'types.json'), JSON.stringify(await typesOf(join(into, 'package/dist/gen/models'))));
      await rm(join(into, 'package'), { recursive: true });
      await rm(join(into, archive));
    });
    return JSON.parse(await readFile(join(dir, 'types.json'), 'utf8')) as KubernetesTypes;
  } catch (cause) {
    throw new Error(
      `the types of Kubernetes could not be read from npm's package ${name}@${version}: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
}

/** Each model is a script with its fields as JSON and a declaration that says which of them may be absent. */
async function typesOf(models: string): Promise<KubernetesTypes> {
  const types: Record<string, Record<string, KubernetesField>> = {};
  for (const file of (await readdir(models)).filter((entry) => entry.endsWith('.js') && entry !== 'ObjectSerializer.js')) {
    const type = basename(file, '.js');
    const script = await readFile(join(models, file), 'utf8');
    const fields = /\.attributeTypeMap = (\[.*?\n?\]);/s.exec(script)?.[1];
    if (fields === undefined) continue;
    const declared = await readFile(join(models, `${type}.d.ts`), 'utf8');
    types[type] = Object.fromEntries(
      (JSON.parse(fields) as { name: string; baseName: string; type: string }[]).map((field) => [
        field.baseName,
        { type: field.type, required: declared.includes(`    '${field.name}': `) },
      ]),
    );
  }
  if (types.V1PodSpec?.containers?.required !== true) throw new Error('its models are of another shape than expected');
  return types;
}
