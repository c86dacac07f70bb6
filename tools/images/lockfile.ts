// Reads which packages of the registry a program needs in production out of pnpm's lockfile (version 9).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { workspace } from './services.ts';

/** A package as the registry has it. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** `sha512-…`, of its archive. */
  readonly integrity: string | undefined;
  /** Changed by a patch of the workspace. */
  readonly patched: boolean;
  /** `name@version` of those it needs, sorted. */
  readonly needs: readonly string[];
}

export interface Needed {
  /** Sorted by `name@version`. */
  readonly packages: readonly LockedPackage[];
  /** Those that code of the workspace names itself, sorted. */
  readonly direct: readonly string[];
}

type Direct = Record<string, { version: string }>;
type References = Record<string, string>;

export interface Lockfile {
  readonly lockfileVersion: string;
  readonly importers: Record<string, { dependencies?: Direct; devDependencies?: Direct }>;
  readonly packages: Record<string, { resolution: { integrity?: string } }>;
  readonly snapshots: Record<string, { dependencies?: References; optionalDependencies?: References }>;
}

/** @throws Error when it is of another version */
export function readLockfile(text = readFileSync(join(workspace, 'pnpm-lock.yaml'), 'utf8')): Lockfile {
  const lockfile = parse(text) as Lockfile;
  if (lockfile.lockfileVersion !== '9.0') {
    throw new Error(`pnpm-lock.yaml is of version ${lockfile.lockfileVersion}; tools/images/lockfile.ts reads 9.0`);
  }
  return lockfile;
}

/**
 * The production dependencies of a package of the workspace, and of those of the workspace it needs.
 *
 * @param except  names of packages that do not come along, nor what only they need
 */
export function productionNeeds(lockfile: Lockfile, importer: string, except: readonly string[] = []): Needed {
  const direct = new Set<string>();
  const importers = new Set([importer]);
  for (const path of importers) {
    const dependencies = lockfile.importers[path]?.dependencies;
    if (lockfile.importers[path] === undefined) throw new Error(`pnpm-lock.yaml has no package ${path} of the workspace`);
    for (const [name, { version }] of Object.entries(dependencies ?? {})) {
      if (version.startsWith('link:')) importers.add(join(path, version.slice('link:'.length)));
      else if (!except.includes(name)) direct.add(keyOf(name, version));
    }
  }
  const keys = new Set(direct);
  for (const key of keys) for (const needed of needsOf(lockfile, key, except)) keys.add(needed);
  const packages = new Map([...keys].map((key) => [plain(key), locked(lockfile, key, except)]));
  return {
    packages: [...packages].toSorted(([a], [b]) => compare(a, b)).map(([, each]) => each),
    direct: [...direct].map(plain).toSorted(compare),
  };
}

/** Of the Node that images bring. */
export function nodeVersion({ importers }: Lockfile): string {
  const version = importers['.']?.devDependencies?.node?.version;
  if (version === undefined) throw new Error('pnpm-lock.yaml has no node among the devDependencies of the workspace');
  return version;
}

/** A snapshot's key: the name may be another than the one it is asked for by. */
const keyOf = (name: string, version: string): string => (/^@?[^(@]+@/.test(version) ? version : `${name}@${version}`);

/** Without what stands in brackets: which peers it was given, and the patch. */
const plain = (key: string): string => key.replace(/\(.*$/, '');

/** By code units, the same everywhere. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function needsOf({ snapshots }: Lockfile, key: string, except: readonly string[]): string[] {
  const { dependencies = {}, optionalDependencies = {} } = snapshots[key] ?? {};
  return Object.entries({ ...dependencies, ...optionalDependencies })
    .filter(([name]) => !except.includes(name))
    .map(([name, version]) => keyOf(name, version));
}

function locked(lockfile: Lockfile, key: string, except: readonly string[]): LockedPackage {
  const own = plain(key);
  const at = own.lastIndexOf('@');
  return {
    name: own.slice(0, at),
    version: own.slice(at + 1),
    integrity: lockfile.packages[own]?.resolution.integrity,
    patched: key.includes('(patch_hash='),
    needs: [...new Set(needsOf(lockfile, key, except).map(plain))].toSorted(compare),
  };
}
