import { globSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { root, textOf } from './packages.ts';

export interface Source {
  /** From the root. */
  readonly path: string;
  readonly lines: number;
  readonly text: string;
  /** Our files it imports by a relative path, for their types too. */
  readonly imports: readonly string[];
}

/** Every TypeScript file that people wrote, in order of the alphabet. */
export function sources(): Source[] {
  const found = globSync('{libs,services,bench,e2e,tools}/**/*.{ts,tsx}', {
    cwd: root,
    exclude: (name) => /(^|\/)(node_modules|gen|dist)(\/|$)/.test(name),
  });
  const paths = new Set(found.toSorted());
  return [...paths].map((path) => {
    const text = textOf(path);
    const imports = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g)]
      .map(([, specifier = '']) => normalize(join(dirname(path), specifier)))
      .filter((target) => paths.has(target));
    return { path, lines: text.split('\n').length - 1, text, imports };
  });
}

/** Groups of files that import each other, however far around; a file that imports itself is one too. Tarjan's components. */
export function circles(files: readonly Pick<Source, 'path' | 'imports'>[]): string[][] {
  const importsOf = new Map(files.map(({ path, imports }) => [path, imports]));
  const index = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (path: string): number => {
    const mine = index.size;
    index.set(path, mine);
    let lowest = mine;
    stack.push(path);
    for (const next of importsOf.get(path) ?? []) {
      const known = index.get(next);
      if (known === undefined) lowest = Math.min(lowest, visit(next));
      else if (stack.includes(next)) lowest = Math.min(lowest, known);
    }
    if (lowest === mine) {
      const circle = stack.splice(stack.indexOf(path));
      if (circle.length > 1 || (importsOf.get(path) ?? []).includes(path)) found.push(circle.toSorted());
    }
    return lowest;
  };
  for (const { path } of files) if (!index.has(path)) visit(path);
  return found;
}
