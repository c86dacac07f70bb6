import { chmod, mkdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { tempDir } from '../temp-dir.ts';
import { makeRunnable } from './debian.ts';
import { run } from './run.ts';

/** A tree as `dpkg -x` leaves it: files with their text, links with where they lead. */
async function unpacked(dir: string, files: Record<string, string>, links: Record<string, string> = {}): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  for (const [path, target] of Object.entries(links)) await symlink(target, join(dir, path));
}

test('a program unpacked without root finds its libraries, those in /lib and in folders of their own too', async () => {
  await using dir = await tempDir('debian');
  await unpacked(dir.path, {
    'usr/bin/tells': '#!/bin/sh\nprintf %s "$LD_LIBRARY_PATH"\n',
    'usr/lib/x86_64-linux-gnu/libpulse.so.0': '',
    'usr/lib/x86_64-linux-gnu/pulseaudio/libpulsecommon-16.1.so': '',
    'usr/lib/x86_64-linux-gnu/dri/no-library': '',
    'lib/x86_64-linux-gnu/libdbus-1.so.3': '',
  });
  await chmod(join(dir.path, 'usr/bin/tells'), 0o755);
  await makeRunnable(dir.path, ['usr/bin/tells']);
  const said = await run(join(dir.path, 'bin/tells'), [], { env: { PATH: process.env.PATH } });
  const here = await realpath(dir.path);
  expect(
    said
      .trim()
      .split(':')
      .map((path) => path.replace(`${here}/`, '')),
  ).toEqual(['usr/lib', 'usr/lib/x86_64-linux-gnu', 'usr/lib/x86_64-linux-gnu/pulseaudio', 'lib', 'lib/x86_64-linux-gnu']);
});

test('links lead into the tree where it has their target, a link to its own folder too', async () => {
  await using dir = await tempDir('debian');
  await unpacked(
    dir.path,
    { 'etc/alternatives-target': 'in the tree' },
    { 'etc/absolute': '/etc/alternatives-target', 'etc/self': '.', 'etc/machine': '/proc/version' },
  );
  await makeRunnable(dir.path, []);
  expect(await readFile(join(dir.path, 'etc/absolute'), 'utf8')).toBe('in the tree');
  expect(await readFile(join(dir.path, 'etc/self/absolute'), 'utf8')).toBe('in the tree');
  expect(await realpath(join(dir.path, 'etc/machine'))).toBe(await realpath('/proc/version'));
});
