import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram, installDebian, isRoot, unpackDebian } from './debian.ts';
import { run } from './run.ts';

// What distributions call it. Ubuntu's package chromium-browser is an empty one that wants snap, so a program of that name is tried last.
const names = ['chromium', 'google-chrome-stable', 'google-chrome', 'chromium-browser'];

/**
 * Chromium, the machine's if it has one, else Debian's: installed by root, unpacked into the cache by anybody else.
 *
 * @returns the path of a program that was seen to run; it wants `--no-sandbox` where the kernel or root forbids a sandbox
 * @throws  an error that names it and says what was tried
 */
export async function installChromium(cache: string): Promise<string> {
  try {
    for (const name of names) {
      const there = await findProgram(name);
      if (there !== undefined && (await runs(there))) return there;
    }
    if (!isRoot()) return await unpackChromium(cache);
    await installDebian(['chromium', 'fonts-dejavu-core']);
    return '/usr/bin/chromium';
  } catch (cause) {
    throw new Error(
      `Chromium could not be installed from Debian's package chromium (none of ${names.join(', ')} is on the machine): ${(cause as Error).message}`,
      { cause },
    );
  }
}

const runs = (program: string): Promise<boolean> =>
  run(program, ['--version'], { timeoutMs: 30_000 }).then(
    () => true,
    () => false,
  );

/** Chromium with the libraries and fonts the machine lacks, in the cache. @returns the path of the program */
async function unpackChromium(cache: string): Promise<string> {
  const packages = ['chromium', 'chromium-common', 'fontconfig-config', 'fonts-dejavu-core'];
  const dir = await unpackDebian(cache, 'chromium', packages, ['usr/bin/chromium-there'], findingItsFonts);
  return join(dir, 'bin/chromium-there');
}

// The package's own script reads settings of the machine; and without fonts of its own Chromium finds none where none are installed.
async function findingItsFonts(dir: string): Promise<void> {
  await writeFile(
    join(dir, 'fonts.conf'),
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`,
  );
  const program = join(dir, 'usr/bin/chromium-there');
  await writeFile(
    program,
    `#!/bin/sh
there=$(cd "$(dirname "$0")/../.." && pwd)
export FONTCONFIG_FILE="$there/fonts.conf"
exec "$there/usr/lib/chromium/chromium" "$@"
`,
  );
  await chmod(program, 0o755);
}
