// Bundles the console with esbuild: at the gateway's start in development, ahead of time for images (`node services/console/build.ts`).
// An image has no esbuild; there the `dist/` made ahead is read instead.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type * as esbuildApi from 'esbuild';

export interface ConsoleAsset {
  body: Buffer;
  contentType: string;
}

export interface ConsoleAssets {
  /** The page, the same for every path of the console. It names the files by their hashes, so it is never to be cached. */
  index: string;
  /** By URL path: `/assets/main-4XG2KQ7A.js`. The name holds a hash of the content, so each may be cached for ever. */
  files: Map<string, ConsoleAsset>;
}

export interface BuildOptions {
  /** A folder to write the files to as well; what it held before goes. */
  outDir?: string;
  /** Default true. */
  minify?: boolean;
}

const source = join(import.meta.dirname, 'src');
const madeAhead = join(import.meta.dirname, 'dist');
const assetsPath = '/assets/';
const contentTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.map': 'application/json; charset=utf-8',
};

/** The console's page and files. Throws what esbuild says about a source that does not build. */
export async function buildConsole(options: BuildOptions = {}): Promise<ConsoleAssets> {
  const esbuild = await loadEsbuild();
  if (esbuild === undefined) return readAssets(madeAhead);
  const assets = await bundle(esbuild, options.minify ?? true);
  if (options.outDir !== undefined) await writeAssets(assets, options.outDir);
  return assets;
}

type Esbuild = typeof esbuildApi;

/** esbuild, or nothing where it is not installed and a `dist/` made ahead takes its place. */
async function loadEsbuild(): Promise<Esbuild | undefined> {
  try {
    return await import('esbuild');
  } catch (error) {
    if (existsSync(join(madeAhead, 'index.html'))) return undefined;
    throw new Error('The console cannot be built: esbuild is not installed and no dist/ was made ahead; install or build it.', {
      cause: error,
    });
  }
}

async function bundle(esbuild: Esbuild, minify: boolean): Promise<ConsoleAssets> {
  const each = {
    absWorkingDir: source,
    outdir: 'out',
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    target: 'es2022',
    sourcemap: minify ? false : 'linked',
    minify,
    write: false,
    metafile: true,
    logLevel: 'silent',
    plugins: [sheetsAsText(esbuild, minify)],
  } satisfies esbuildApi.BuildOptions;
  const page = await esbuild.build({
    ...each,
    entryPoints: ['main.tsx', 'styles/console.css', 'icon.svg'],
    loader: { '.svg': 'copy' },
    format: 'esm',
    splitting: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
  });
  const { metafile } = page;
  const pages = {
    executions: 'pages/executions-page.tsx',
    execution: 'pages/execution-page.tsx',
    alerts: 'pages/alerts-page.tsx',
    alert: 'pages/alerts-page.tsx',
    rule: 'pages/alerts-page.tsx',
    audit: 'pages/audit-page.tsx',
  };
  const scripts = Object.entries(pages).map(([name, entryPoint]) => [name, scriptsOf(metafile, entryPoint)]);
  // The page waits for this one before it paints: a classic script, and nothing shared with the others.
  const boot = await esbuild.build({
    ...each,
    entryPoints: ['ui/boot.ts'],
    format: 'iife',
    define: { pageScripts: JSON.stringify(Object.fromEntries(scripts)) },
  });
  // The compiler is a process of its own; nobody needs it after this.
  await esbuild.stop();
  const outputs = [...page.outputFiles, ...boot.outputFiles];
  const files = new Map(outputs.map(({ path, contents }) => assetOf(basename(path), Buffer.from(contents))));
  return { index: await pageNaming([...files.keys()], scriptsOf(metafile, 'main.tsx').slice(1)), files };
}

/** `*.sheet.css` belongs to a page that most visits do not open: its text is in that page's script, which puts it to use. */
const sheetsAsText = ({ transform }: Esbuild, minify: boolean): esbuildApi.Plugin => ({
  name: 'sheets as text',
  setup({ onLoad }) {
    onLoad({ filter: /\.sheet\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), { loader: 'css', minify });
      return { contents: code, loader: 'text' };
    });
  },
});

/** The script made of an entry, and those it needs before it can run: asked for at once, not one after the other. */
function scriptsOf({ outputs }: esbuildApi.Metafile, entryPoint: string): string[] {
  const found = Object.entries(outputs).find(([, output]) => output.entryPoint === entryPoint);
  if (found === undefined) throw new Error(`the build made no script of ${entryPoint}`);
  const [own, { imports }] = found;
  const needed = imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => path);
  return [own, ...needed].map((path) => assetsPath + basename(path));
}

const assetOf = (name: string, body: Buffer): [string, ConsoleAsset] => [
  assetsPath + name,
  { body, contentType: contentTypes[extname(name)] ?? 'application/octet-stream' },
];

/** index.html with `{{name.ext}}` replaced by the path of that file's hashed name, `{{preloads}}` by links to `needed`. */
async function pageNaming(paths: string[], needed: readonly string[]): Promise<string> {
  const template = await readFile(join(source, 'index.html'), 'utf8');
  const links = needed.map((path) => `<link rel="modulepreload" href="${path}" />`).join('\n    ');
  return template.replace('{{preloads}}', links).replaceAll(/\{\{(\w+)(\.\w+)\}\}/g, (whole, name: string, extension: string) => {
    const path = paths.find((each) => each.startsWith(`${assetsPath}${name}-`) && extname(each) === extension);
    if (path === undefined)
      throw new Error(`index.html names ${whole}, which the build did not make; it made ${paths.join(', ')}`);
    return path;
  });
}

async function writeAssets({ index, files }: ConsoleAssets, outDir: string): Promise<void> {
  await rm(outDir, { recursive: true, force: true });
  await mkdir(join(outDir, assetsPath), { recursive: true });
  await Promise.all([...files].map(([path, { body }]) => writeFile(join(outDir, path), body)));
  await writeFile(join(outDir, 'index.html'), index);
}

async function readAssets(dir: string): Promise<ConsoleAssets> {
  const names = await readdir(join(dir, assetsPath));
  const files = await Promise.all(names.map(async (name) => assetOf(name, await readFile(join(dir, assetsPath, name)))));
  return { index: await readFile(join(dir, 'index.html'), 'utf8'), files: new Map(files) };
}

if (import.meta.main) await buildConsole({ outDir: madeAhead });
