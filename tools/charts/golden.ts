import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type RenderOptions } from './helm.ts';
import { lineDiff } from './line-diff.ts';
import { type Chart, charts, chartsDir } from './tree.ts';

/** A values file and where what it renders is kept: all of it, or what is different from the chart's default one. */
export interface Golden {
  readonly title: string;
  readonly options: RenderOptions;
  /** The default values file; absent for itself. */
  readonly base?: RenderOptions;
  readonly path: string;
}

/** One of every values file of every chart, by Helm 4 for Kubernetes 1.30 with every operator. */
export const goldens = (): Golden[] =>
  [...charts().values()].flatMap(({ name, valuesFiles }) =>
    valuesFiles.map((file) => ({
      title: `${name} with ${file.name}`,
      options: { chart: name, valuesFiles: [file.path] },
      ...baseOf(name, file.name, valuesFiles),
      path: join(chartsDir, 'tests/golden', `${name}-${file.name}.${file.name === 'default' ? 'yaml' : 'diff'}`),
    })),
  );

function baseOf(chart: string, name: string, files: Chart['valuesFiles']): { base?: RenderOptions } {
  const base = files.find((file) => file.name === 'default');
  return base === undefined || name === 'default' ? {} : { base: { chart, valuesFiles: [base.path] } };
}

/** What is kept of a render: all objects, or only how they are different from those of a base. */
export function goldenText(text: string, base?: string): string {
  const mine = documentsOf(text);
  if (base === undefined) return [...mine.values()].join('');
  const theirs = documentsOf(base);
  const gone = [...theirs.keys()].filter((title) => !mine.has(title)).map((title) => `# without ${title}`);
  const changed = [...mine].flatMap(([title, document]) => {
    const before = theirs.get(title);
    if (before === undefined) return [document.trimEnd()];
    const lines = lineDiff(before.split('\n'), document.split('\n'));
    return lines.length === 0 ? [] : [`--- # ${title}`, ...lines];
  });
  return `${['# What is different from the default values.', ...gone, ...changed].join('\n')}\n`;
}

/** Objects of a render as text, by their title. */
function documentsOf(text: string): Map<string, string> {
  const documents = normalised(text)
    .split(/^---\n/m)
    .filter((document) => /^kind: /m.test(document));
  return new Map(
    documents.map((document) => {
      const kind = /^kind: (.*)$/m.exec(document)?.[1] ?? '';
      const name = /^ {2}name: (.*)$/m.exec(document)?.[1] ?? '';
      return [`${kind}/${name}`, `---\n${document}`];
    }),
  );
}

/**
 * A render without what is different each time or in each version: random secrets, checksums, versions. Long texts (dashboards,
 * rules) are their hash: they have tests of their own.
 */
export function normalised(text: string): string {
  const versions = text
    .replaceAll(/^( *(?:[\w./-]*checksum[\w./-]*): ).*$/gm, '$1<checksum>')
    .replaceAll(/^( *helm\.sh\/chart: [a-z-]+)-\d.*$/gm, '$1-<version>')
    .replaceAll(/^( *app\.kubernetes\.io\/version: ).*$/gm, '$1<version>')
    .replaceAll(/^( *(?:admin-key|service-token|password): )"?[A-Za-z0-9+/=]{16,}"?$/gm, '$1<random>')
    .replaceAll(/(postgres(?:ql)?:\/\/[^:]+:)[A-Za-z0-9]{16,}@/g, '$1<random>@')
    .replaceAll(/^( *name: [a-z-]+-(?:migrate|contract))-\d+-\d+-\d+-(\d+)$/gm, '$1-<version>-$2')
    .replaceAll(standardLabels, '\n$1<the standard labels>')
    .replaceAll(/[ \t]+$/gm, '');
  return `${shortened(versions.split('\n'))
    .join('\n')
    .replaceAll(/\n{2,}/g, '\n')
    .trim()}\n`;
}

/** Those every object has: that it does is a test of its own. */
const standardLabels =
  /\n( +)app\.kubernetes\.io\/name: [\w-]+\n +app\.kubernetes\.io\/instance: tmws(?:\n +app\.kubernetes\.io\/component: [\w-]+)?\n +app\.kubernetes\.io\/part-of: tmws\n +app\.kubernetes\.io\/version: <version>\n +app\.kubernetes\.io\/managed-by: Helm\n +helm\.sh\/chart: [\w-]+-<version>/g;

/** Block texts of more than 20 lines as one line. */
function shortened(lines: readonly string[]): string[] {
  const result: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    result.push(line);
    const [, indent] = /^( *)[^\s#].*: [|>][-+]?$/.exec(line) ?? [];
    if (indent === undefined) continue;
    let end = at + 1;
    while (end < lines.length && (lines[end] === '' || lines[end]?.startsWith(`${indent} `))) end += 1;
    const block = lines.slice(at + 1, end);
    const hash = createHash('sha256').update(block.join('\n').trimEnd()).digest('hex').slice(0, 12);
    result.push(...(block.length > 20 ? [`${indent}  <${hash}: a text of ${String(block.length)} lines>`] : block));
    at = end - 1;
  }
  return result;
}
