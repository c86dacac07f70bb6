// What installed packages say of their licenses.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspace } from './services.ts';

const store = join(workspace, 'node_modules/.pnpm');

/** The license in the manifest of an installed package. */
export function licenseIn(name: string, version: string): string | undefined {
  const start = `${name.replace('/', '+')}@${version}`;
  const found = readdirSync(store).find((each) => each === start || each.startsWith(`${start}_`) || each.startsWith(`${start}(`));
  const manifest = join(store, found ?? start, 'node_modules', name, 'package.json');
  if (!existsSync(manifest)) return undefined;
  const { license } = JSON.parse(readFileSync(manifest, 'utf8')) as { license?: unknown };
  return typeof license === 'string' ? license : undefined;
}

/**
 * The licenses of all packages in a bundle, as those ask for that are given on with their notices.
 *
 * @param modules  paths in the workspace, as the bundle tells them
 */
export function noticesOf(modules: readonly string[]): string {
  const dirs = new Set(modules.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? []));
  const notices = [...dirs].map((dir) => {
    const { name, version, license } = JSON.parse(readFileSync(join(workspace, dir, 'package.json'), 'utf8')) as {
      name: string;
      version: string;
      license?: unknown;
    };
    const file = readdirSync(join(workspace, dir)).find((each) => /^(licen[cs]e|copying)(\.|-|$)/i.test(each));
    const text = file === undefined ? `License: ${String(license)}` : readFileSync(join(workspace, dir, file), 'utf8').trim();
    return `${name} ${version}\n\n${text}\n`;
  });
  return notices.toSorted((a, b) => (a < b ? -1 : 1)).join(`\n${'-'.repeat(80)}\n\n`);
}
