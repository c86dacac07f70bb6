// The house as people who come to it read it: what documents say of it is so, and what STYLE asks of its shape holds.
import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { queryKeys } from '../services/workflow-timeline/src/domain/query/query.ts';
import { brokenLinks, documents } from './house/documents.ts';
import { withMap } from './house/map.ts';
import { directNeeds, packages, root, textOf } from './house/packages.ts';
import { circles, sources } from './house/sources.ts';

const files = sources();

/** Files above 400 lines, and why they are one. */
const longFiles: Readonly<Record<string, string>> = {
  'libs/events/src/accept.test.ts': 'a table of every rule of the door',
  'libs/events/test/event-bus.contract.ts': 'one suite for the embedded broker and Kafka',
  'services/workflow-timeline/test/timeline.contract.ts': 'one suite for both stores',
  'services/workflow-timeline/src/inbound/imports/temporal/read-temporal.test.ts': 'one history, event by event',
};

/** What a service's folder and its src may hold (STYLE, "Anatomy of a service"). */
const rooms = /^(README\.md|package\.json|migrations|src|test|dist|node_modules)$/;
const sourceRooms = /^((main|app|config|ports|[a-z]+-ports)\.ts|domain|usecases|inbound|outbound)$/;

/** Programs of another shape, and files beside the rooms; each with its reason. */
const otherShapes: Readonly<Record<string, string>> = {
  'services/cli': 'a program of the terminal: commands and drawings, no store and no wire of its own',
  'services/console': 'runs in a browser: pages, models and state',
  'services/fleet': 'composes the services: host, data folder and embedded servers only',
  'services/alerting/src/open-detection.ts': 'a part of app.ts, loaded where there are rules',
  'services/alerting/src/open-own-api.ts': 'a part of app.ts',
  'services/alerting/src/open-rules.ts': 'a part of app.ts',
  'services/alerting/src/open-deliveries.ts': 'a part of app.ts',
  'services/alerting/src/open-backtest.ts': 'a part of app.ts',
  'services/gateway/src/open-access.ts': 'a part of app.ts',
  'services/workflow-timeline/src/open-imports.ts': 'a part of app.ts',
  'services/workflow-timeline/src/import-worker.ts': 'the main.ts of a thread',
};

test('no file imports one that imports it, for its types neither', () => {
  expect(circles(files)).toEqual([]);
});

test('a circle is found however far around it goes', () => {
  const around = [
    { path: 'a', imports: ['b'] },
    { path: 'b', imports: ['c'] },
    { path: 'c', imports: ['a', 'd'] },
    { path: 'd', imports: [] },
    { path: 'e', imports: ['d', 'a'] },
    { path: 'f', imports: ['f'] },
  ];
  expect(circles(around)).toEqual([['a', 'b', 'c'], ['f']]);
});

test('half of the files have at most 120 lines, and those above 400 a reason', () => {
  const lines = files.map((file) => file.lines).toSorted((a, b) => a - b);
  expect(lines[Math.floor(lines.length / 2)]).toBeLessThanOrEqual(120);
  const long = files.filter((file) => file.lines > 400).map(({ path }) => path);
  expect(long.toSorted()).toEqual(Object.keys(longFiles).toSorted());
});

test('the map in docs/architecture.md is what the code says; `npx -y pnpm@10 draw-map` draws it', () => {
  const document = textOf('docs/architecture.md');
  expect(withMap(document)).toBe(document);
});

test('an arrow that others imply is left out of the map', () => {
  const needs = directNeeds([
    { dir: 'a', name: 'a', needs: ['b', 'c'] },
    { dir: 'b', name: 'b', needs: ['c'] },
    { dir: 'c', name: 'c', needs: [] },
  ]);
  expect(Object.fromEntries(needs)).toEqual({ a: ['b'], b: ['c'], c: [] });
});

describe.each(packages().map(({ dir }) => dir))('%s', (dir) => {
  const readme = textOf(`${dir}/README.md`);

  test('has a README of one screen that says its promise', () => {
    expect(readme).toMatch(/^\*\*Promises?\.\*\*/m);
    expect(readme.split('\n').length).toBeLessThanOrEqual(80);
  });

  test('has a paragraph in docs/architecture.md', () => {
    expect(textOf('docs/architecture.md')).toContain(`](../${dir}/README.md)** `);
  });

  if (globSync(`${dir}/src/*config.ts`, { cwd: root }).length > 0) {
    test('has its settings in a table that a test holds against its config', () => {
      expect(readme).toMatch(/^\| setting \| default \| meaning \|$/m);
      expect(textOf(`${dir}/test/readme.test.ts`)).toContain('settingsTable(');
    });
  }
});

test('services have the rooms of STYLE under their names', () => {
  const strange = globSync('services/*/{*,src/*}', { cwd: root })
    .filter(
      (path) =>
        !Object.keys(otherShapes).some(
          (known) => path === known || (known.split('/').length === 2 && path.startsWith(`${known}/`)),
        ),
    )
    .filter((path) => !(path.includes('/src/') ? sourceRooms : rooms).test(path.split('/').at(-1) ?? ''));
  expect(strange).toEqual([]);
  expect(Object.keys(otherShapes).filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('every decision is listed in docs/architecture.md, with a number of its own', () => {
  const decisions = globSync('docs/adr/*.md', { cwd: root }).toSorted();
  const document = textOf('docs/architecture.md');
  expect(decisions.filter((path) => !document.includes(`](${path.replace('docs/', '')})`))).toEqual([]);
  decisions.forEach((path, index) => {
    expect(path).toContain(`/${String(index + 1).padStart(4, '0')}-`);
    for (const part of ['Context', 'Decision', 'Consequences']) expect(textOf(path)).toContain(`**${part}.**`);
  });
});

test('every document is reached from the root README', () => {
  const reached = new Set(['README.md']);
  for (const path of reached) {
    for (const [, target = ''] of textOf(path).matchAll(/\]\(([^)\s#]+\.md)[^)]*\)/g)) reached.add(join(dirname(path), target));
  }
  expect(documents().filter((path) => !reached.has(path))).toEqual([]);
});

test('links between documents lead somewhere', () => {
  expect(documents().flatMap((path) => brokenLinks(path).map((link) => `${path}: ${link}`))).toEqual([]);
});

test('docs/query.md has every key of the query language, and no other', () => {
  const keys = [...textOf('docs/query.md').matchAll(/^\| (`-?[a-z-]+:.*?) +\| /gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`-?([a-z][a-z-]*):/g)].map(([, key = '']) => key),
  );
  expect([...new Set(keys)].toSorted()).toEqual(Object.keys(queryKeys).toSorted());
});
