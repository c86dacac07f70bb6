// Workflows of .github: what no linter of their syntax asks of them.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Job {
  readonly permissions?: unknown;
  readonly 'timeout-minutes'?: number;
}
interface Workflow {
  readonly permissions?: unknown;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const root = join(import.meta.dirname, '..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Readonly<Record<string, string>> };
const workflows = globSync('.github/workflows/*.yml', { cwd: root }).toSorted();

test('there are workflows for commits, dependencies, clusters, nights and releases', () => {
  expect(workflows.map((path) => path.split('/').at(-1))).toEqual([
    'ci.yml',
    'cluster.yml',
    'dependency-review.yml',
    'nightly.yml',
    'release.yml',
  ]);
});

describe.each(workflows)('%s', (path) => {
  const text = readFileSync(join(root, path), 'utf8');
  const workflow = parse(text) as Workflow;

  test('pins every action by its commit and says which version it is', () => {
    const uses = [...text.matchAll(/uses: (.*)$/gm)].map(([, used = '']) => used);
    expect(uses.filter((used) => !/^[\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(used))).toEqual([]);
  });

  test('grants nothing but what each job says, and ends each in time', () => {
    expect(workflow.permissions).toEqual({});
    expect(workflow.concurrency).toBeDefined();
    for (const job of Object.values(workflow.jobs)) {
      expect(job.permissions).toBeDefined();
      expect(job['timeout-minutes']).toBeGreaterThan(0);
    }
  });

  test('shows no secret to a pull request', () => {
    expect(text).not.toContain('pull_request_target');
    if (text.includes('pull_request')) expect(text).not.toContain('secrets.');
  });

  test('runs scripts that package.json has', () => {
    const ran = [...text.matchAll(/pnpm@10 (?:-s )?([\w:-]+)/g)].map(([, script = '']) => script);
    expect(ran.filter((word) => word !== 'install' && !(word in scripts))).toEqual([]);
  });
});
