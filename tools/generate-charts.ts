// What of charts/ is made of the rest: values.schema.json from each values.yaml, and charts/tests/golden from each ci/*-values.yaml by
// Helm 4. Run by `npx -y pnpm@10 generate:charts`; `test:charts` fails when the result differs from what is committed.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { cacheDir, installHelm } from '@tmws/testkit';
import { goldens, goldenText } from './charts/golden.ts';
import { type RenderOptions, runHelm, templateArguments } from './charts/helm.ts';
import { writeSchemas } from './charts/schema/write-schemas.ts';

writeSchemas();
const { helm } = await installHelm(cacheDir(), 4);
const wanted = goldens();
const folder = dirname(wanted[0]?.path ?? '');
mkdirSync(folder, { recursive: true });
const render = (options: RenderOptions) => runHelm(helm, templateArguments(options));
for (const { options, base, path } of wanted) {
  writeFileSync(path, goldenText(await render(options), base === undefined ? undefined : await render(base)));
}
const names = new Set(wanted.map(({ path }) => basename(path)));
for (const name of readdirSync(folder)) if (!names.has(name)) rmSync(join(folder, name));
