import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The checkout. */
export const root = join(import.meta.dirname, '../..');

export interface Package {
  /** From the root: `libs/log`. */
  readonly dir: string;
  /** `@tmws/log`. */
  readonly name: string;
  /** Folders of the packages it needs when it runs, in order of the alphabet. */
  readonly needs: readonly string[];
}

/** Every package of the workspace, by folder. */
export function packages(): Package[] {
  const manifests = globSync('{libs,services}/*/package.json', { cwd: root }).concat('bench/package.json', 'e2e/package.json');
  const read = manifests.toSorted().map((path) => {
    const manifest = JSON.parse(textOf(path)) as { name: string; dependencies?: Record<string, string> };
    return { dir: dirname(path), name: manifest.name, dependencies: Object.keys(manifest.dependencies ?? {}) };
  });
  const dirOf = new Map(read.map(({ name, dir }) => [name, dir]));
  return read.map(({ dir, name, dependencies }) => ({
    dir,
    name,
    needs: dependencies.flatMap((needed) => dirOf.get(needed) ?? []).toSorted(),
  }));
}

/** A file of the checkout, as text; '' where there is none. */
export function textOf(path: string): string {
  const whole = join(root, path);
  return existsSync(whole) ? readFileSync(whole, 'utf8') : '';
}

/** The last part of a folder: `log`. */
export const shortName = (dir: string): string => dir.slice(dir.lastIndexOf('/') + 1);

/** The needs that no other need brings along: as few arrows as say the same. */
export function directNeeds(all: readonly Package[]): Map<string, string[]> {
  const needsOf = new Map(all.map(({ dir, needs }) => [dir, needs]));
  const brings = (dir: string, seen = new Set<string>()): Set<string> => {
    for (const need of needsOf.get(dir) ?? []) {
      if (seen.has(need)) continue;
      seen.add(need);
      brings(need, seen);
    }
    return seen;
  };
  return new Map(
    all.map(({ dir, needs }) => [dir, needs.filter((need) => !needs.some((other) => other !== need && brings(other).has(need)))]),
  );
}
