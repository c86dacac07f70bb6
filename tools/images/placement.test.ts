import { type Found, rewritten } from './placement.ts';

const at = 'libs/postgres/src/embedded/worker-client.ts';
const nothingFound = (): Found => ({ threads: new Set(), named: new Set() });

test('a folder beside a module is below the folder of the bundle', () => {
  expect(rewritten("join(import.meta.dirname, '..')", at, nothingFound())).toBe(
    `join((import.meta.dirname + "/libs/postgres/src/embedded"), '..')`,
  );
});

test('a file that a module names is found there, and goes with the bundle', () => {
  const found = nothingFound();
  expect(rewritten("readFileSync(new URL('../../table.json', import.meta.url))", at, found)).toBe(
    'readFileSync(new URL("libs/postgres/table.json", import.meta.url))',
  );
  expect([...found.named]).toEqual(['libs/postgres/table.json']);
});

test('a thread is a bundle of its own beside the program, and lines stay lines', () => {
  const found = nothingFound();
  const source = "const worker = new Worker(new URL('./pglite-worker.ts', import.meta.url), {\n  execArgv: [],\n});\n";
  expect(rewritten(source, at, found)).toBe(
    'const worker = new Worker(new URL("libs-postgres-src-embedded-pglite-worker.mjs", import.meta.url), {\n  execArgv: [],\n});\n',
  );
  expect([...found.threads]).toEqual(['libs/postgres/src/embedded/pglite-worker.ts']);
  expect([...found.named]).toEqual([]);
});

test('another program that a module names does not go with the bundle', () => {
  const found = nothingFound();
  rewritten("fileURLToPath(new URL('../../../fleet/src/main.ts', import.meta.url))", 'services/cli/src/commands/up.ts', found);
  expect([...found.threads, ...found.named]).toEqual([]);
});

test('no module of a bundle takes itself for the program', () => {
  expect(rewritten('if (import.meta.main) await build();', at, nothingFound())).toBe('if (false) await build();');
});
