import { execFileSync } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildConsole, type ConsoleAssets } from '../build.ts';

const assets = buildConsole();
const gzKiB = (body: Buffer): number => gzipSync(body).length / 1_024;

test('every file the page names is there, under a name that holds its hash', async () => {
  const { index, files } = await assets;
  const named = [...index.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path);
  expect(named).toEqual(
    expect.arrayContaining([
      expect.stringContaining('/boot-'),
      expect.stringContaining('/main-'),
      expect.stringContaining('/console-'),
    ]),
  );
  for (const path of named) {
    expect(path).toMatch(/^\/assets\/[\w-]+-[A-Z0-9]{8}\.(js|css|svg)$/);
    expect(files.has(path ?? '')).toBe(true);
  }
});

test('the first load of any page is at most 120 KB, 90 KB of it script, and the frame 30 KB of script', async () => {
  const { index, files } = await assets;
  const sizes = new Map([...files].map(([path, { body }]) => [path, gzKiB(body)]));
  const sum = (paths: Iterable<string>): number => [...paths].reduce((total, path) => total + (sizes.get(path) ?? 0), 0);
  const scripts = [...sizes.keys()].filter((path) => path.endsWith('.js'));
  const frame = scripts.filter((path) => index.includes(path));
  const styles = [...sizes.keys()].filter((path) => path.endsWith('.css'));
  expect(sum(frame)).toBeLessThan(30);
  expect(sum(styles)).toBeLessThan(15);
  const pages = scripts.filter((path) => /-page-/.test(path));
  expect(pages).toHaveLength(5);
  for (const page of pages) {
    const script = sum(neededBy(page, files));
    expect(script).toBeLessThan(60);
    expect(sum(new Set([...frame, ...neededBy(page, files)]))).toBeLessThan(90);
    expect(sum(new Set([...frame, ...neededBy(page, files), ...styles])) + gzKiB(Buffer.from(index))).toBeLessThan(120);
  }
});

/** A script and all that it imports at once. */
function neededBy(path: string, files: ConsoleAssets['files'], known = new Set<string>()): Set<string> {
  known.add(path);
  const text = files.get(path)?.body.toString() ?? '';
  for (const [, name] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g))
    if (!known.has(`/assets/${name}`)) neededBy(`/assets/${name}`, files, known);
  return known;
}

test('nothing in the page needs more than its own origin: no inline script, no inline style', async () => {
  const { index, files } = await assets;
  expect(index).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:|\{\{/);
  for (const { body } of files.values()) expect(body.toString()).not.toMatch(/@import|\beval\(|new Function/);
});

test('each file is sent as what it is', async () => {
  const types = [...(await assets).files].map(([path, { contentType }]) => [path.slice(path.lastIndexOf('.')), contentType]);
  expect(Object.fromEntries(types)).toEqual({
    '.js': 'text/javascript; charset=utf-8',
    '.css': 'text/css; charset=utf-8',
    '.svg': 'image/svg+xml',
  });
});

test('the same sources get the same names, so a cached file is never a wrong one', async () => {
  expect([...(await buildConsole()).files.keys()].toSorted()).toEqual([...(await assets).files.keys()].toSorted());
});

test('a build for an image writes what it returns', async () => {
  const outDir = await mkdtemp(join(tmpdir(), 'console-'));
  try {
    const { index, files } = await buildConsole({ outDir });
    expect(await readFile(join(outDir, 'index.html'), 'utf8')).toBe(index);
    for (const [path, { body }] of files) expect((await readFile(join(outDir, path))).equals(body)).toBe(true);
  } finally {
    await rm(outDir, { recursive: true });
  }
});

test('an image without esbuild serves what was made ahead', async () => {
  const image = await mkdtemp(join(tmpdir(), 'console-image-'));
  try {
    const { index, files } = await buildConsole({ outDir: join(image, 'dist') });
    await copyFile(join(import.meta.dirname, '../build.ts'), join(image, 'build.ts'));
    const script = `import { buildConsole } from './build.ts';
      const { index, files } = await buildConsole();
      console.log(JSON.stringify({ index, files: [...files].map(([path, { body, contentType }]) => [path, body.length, contentType]) }));`;
    const read = JSON.parse(
      execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: image, encoding: 'utf8' }),
    ) as {
      index: string;
      files: unknown[];
    };
    expect(read.index).toBe(index);
    expect(read.files.toSorted()).toEqual(
      [...files].map(([path, { body, contentType }]) => [path, body.length, contentType]).toSorted(),
    );
  } finally {
    await rm(image, { recursive: true });
  }
});
