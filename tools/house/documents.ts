import { existsSync, globSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { root, textOf } from './packages.ts';

/** Every document people wrote. */
export const documents = (): string[] =>
  globSync('{*.md,{docs,libs,services,bench,e2e,tools,protos}/**/*.md}', {
    cwd: root,
    exclude: (name) => /(^|\/)(node_modules|dist)(\/|$)/.test(name),
  }).toSorted();

/** Links of a document to files of the checkout, or to headings, that lead nowhere. */
export function brokenLinks(path: string): string[] {
  const text = textOf(path).replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [file = '', heading] = target.split('#');
      const found = file === '' ? path : normalize(join(dirname(path), file));
      return !existsSync(join(root, found)) || (heading !== undefined && !headings(found).has(heading));
    });
}

/** As GitHub names them: small letters, without punctuation, hyphens for spaces. */
const headings = (path: string): Set<string> =>
  new Set(
    [...textOf(path).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^\p{Letter}\p{Number} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
