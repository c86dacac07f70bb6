// Where modules of a bundle say they are: at their place in the workspace, below the folder of the bundle.
import { dirname, join } from 'node:path';

/** What modules name beside themselves, as paths in the workspace. */
export interface Found {
  readonly threads: Set<string>;
  readonly named: Set<string>;
}

/** The file of a thread in the folder of the bundle. */
export const threadFile = (path: string): string => `${path.replace(/\.ts$/, '').replaceAll('/', '-')}.mjs`;

/**
 * The text of a module for a bundle that lies flat in a folder.
 *
 *   P1  `import.meta.dirname` and files named by `new URL('…', import.meta.url)` are where they are in the workspace, below that folder
 *   P2  a thread, `new Worker(new URL('….ts', import.meta.url)`, is the file of its own bundle
 *   P3  no module of it is the program, `import.meta.main`
 *   P4  lines stay lines
 *
 * @param at     the module's path in the workspace
 * @param found  what the module names is added to it
 */
export function rewritten(source: string, at: string, found: Found): string {
  const dir = dirname(at);
  return source
    .replaceAll(
      /(new Worker\(\s*)?new URL\(\s*'([^']+)',\s*import\.meta\.url\s*\)/g,
      (_whole, worker: string | undefined, to: string) => {
        const path = join(dir, to);
        if (worker === undefined) {
          if (!path.endsWith('.ts')) found.named.add(path);
          return `new URL(${JSON.stringify(path)}, import.meta.url)`;
        }
        found.threads.add(path);
        return `${worker}new URL(${JSON.stringify(threadFile(path))}, import.meta.url)`;
      },
    )
    .replaceAll(/\bimport\.meta\.dirname\b/g, `(import.meta.dirname + ${JSON.stringify(`/${dir}`)})`)
    .replaceAll(/\bimport\.meta\.main\b/g, 'false');
}
