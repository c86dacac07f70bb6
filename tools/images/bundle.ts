// Bundles a program with esbuild. Where a module stood in the workspace it stands in the image, below the bundle's folder:
// `import.meta.dirname` of libs/postgres/src/migrate.ts is `<bundle>/libs/postgres/src`, so what it reads beside itself is found
// once it is copied there (assets.ts). Everything bundled lies flat in that folder, threads beside the program.
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { type Found, rewritten, threadFile } from './placement.ts';
import { workspace } from './services.ts';

/** A program, or a thread it starts. */
export interface BundledFile {
  /** `program.mjs`, `services-workflow-timeline-src-import-worker.mjs` */
  readonly name: string;
  readonly code: string;
  /** Without the sources' text: it tells lines, in paths of the workspace. */
  readonly map: string;
}

export interface Bundle {
  readonly files: readonly BundledFile[];
  /** Paths in the workspace of all modules in it. */
  readonly modules: readonly string[];
  /** Paths in the workspace of files that its modules name as `new URL('…', import.meta.url)`. */
  readonly named: readonly string[];
}

/** Packages that stay packages: they read files of their own, or are absent from images. */
const notBundled = ['@electric-sql/pglite', 'esbuild', 'pg-native'];

/** Packages a program of the workspace names and no image has: the console is built ahead, a database is a server's. */
export const notInImages = (embedded: boolean): string[] => [
  'esbuild',
  ...(embedded ? [] : ['@electric-sql/pglite', '@electric-sql/pglite-pgvector']),
];

export interface BundleOptions {
  /** Whether the thread of the embedded database goes with it. */
  readonly embedded: boolean;
  /** What a program of the workspace says is its version; 0.0.0 in a checkout. */
  readonly version?: string;
}

/** @param entry  path in the workspace: `services/gateway/src/main.ts` */
export async function bundleProgram(entry: string, options: BundleOptions): Promise<Bundle> {
  const found: Found = { threads: new Set(), named: new Set() };
  const files: BundledFile[] = [];
  const modules = new Set<string>();
  const take = async (path: string, name: string): Promise<void> => {
    const made = await bundleOne(path, name, imageTarget, found, options.version);
    files.push(made.file);
    for (const module of made.modules) modules.add(module);
  };
  await take(entry, 'program.mjs');
  for (const path of found.threads) {
    if (!options.embedded && ofEmbeddedDatabase(path)) continue;
    await take(path, threadFile(path));
  }
  return { files, modules: [...modules].toSorted(), named: [...found.named].toSorted() };
}

/** Whoever is given an address of a server never opens it, and has no need of it. */
const ofEmbeddedDatabase = (path: string): boolean => path.startsWith('libs/postgres/src/embedded/');

/** How a program is bundled for a version of Node. */
interface Target {
  readonly node: 'node22' | 'node24';
  /** First in the file. */
  readonly banner: readonly string[];
  readonly sourcemap: 'linked' | false;
}

/** CommonJS inside the bundle asks for these. */
const commonJs = [
  "import { createRequire as __createRequire } from 'node:module';",
  'const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;',
];

const imageTarget: Target = { node: 'node24', banner: commonJs, sourcemap: 'linked' };

/** For any Node from 22, which lacks what the last line brings. The program's own first line says what runs it. */
const commandTarget: Target = {
  node: 'node22',
  banner: [...commonJs, "import { types as __types } from 'node:util';", 'Error.isError ??= __types.isNativeError;'],
  sourcemap: false,
};

/** A program of the terminal as one file. @returns its code, and the modules in it */
export async function bundleCommand(entry: string, version: string): Promise<{ code: string; modules: readonly string[] }> {
  const found: Found = { threads: new Set(), named: new Set() };
  const { file, modules } = await bundleOne(entry, 'program.mjs', commandTarget, found, version);
  const missing = [...found.threads, ...found.named].filter((path) => !ofEmbeddedDatabase(path));
  if (missing.length > 0) throw new Error(`${entry} reads files beside itself, and one file has none: ${missing.join(', ')}`);
  return { code: file.code, modules };
}

async function bundleOne(entry: string, name: string, target: Target, found: Found, version?: string) {
  const options = {
    absWorkingDir: workspace,
    entryPoints: [entry],
    outfile: name,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: target.node,
    external: notBundled,
    banner: { js: target.banner.join('\n') },
    sourcemap: target.sourcemap,
    sourcesContent: false,
    legalComments: 'none',
    write: false,
    metafile: true,
    logLevel: 'silent',
    plugins: [standingWhereTheyStood(found), ofVersion(version), loadingSqliteLate],
  } satisfies BuildOptions;
  const { outputFiles, metafile } = await build(options);
  const code = outputFiles.find(({ path }) => path.endsWith('.mjs'));
  const map = outputFiles.find(({ path }) => path.endsWith('.map'));
  if (code === undefined) throw new Error(`esbuild made nothing of ${entry}`);
  return { file: { name, code: code.text, map: map?.text ?? '' }, modules: Object.keys(metafile.inputs) };
}

/** Loading it prints a warning on Node 22: so only those who need it do, where an import of a bundle is for all. */
const loadingSqliteLate: Plugin = {
  name: 'SQLite is loaded late',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:sqlite$/ }, ({ path }) => ({ path, namespace: 'late' }));
    onLoad({ filter: /.*/, namespace: 'late' }, () => ({
      contents: "export const { DatabaseSync } = process.getBuiltinModule('node:sqlite');",
    }));
  },
};

/** A program that imports its own package.json finds `version` in it. */
const ofVersion = (version: string | undefined): Plugin => ({
  name: 'of a version',
  setup({ onLoad }) {
    if (version === undefined) return;
    onLoad({ filter: /\/services\/[^/]+\/package\.json$/ }, () => ({ contents: JSON.stringify({ version }), loader: 'json' }));
  },
});

/** Rewrites what our modules say of their own place, and notes the threads and files they name. */
function standingWhereTheyStood(found: Found): Plugin {
  return {
    name: 'modules stand where they stood',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const at = relative(workspace, path);
        if (!/^(libs|services)\//.test(at) || at.includes('node_modules/')) return undefined;
        return { contents: rewritten(await readFile(path, 'utf8'), at, found), loader: 'ts' };
      });
    },
  };
}
