// Lighthouse over a page, offline: only what does not depend on how fast the machine is.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir, installChromium, installLighthouse, run, tempDir } from '@tmws/testkit';
import { alone } from './open-browser.ts';

export interface Audited {
  /** 0 … 100 by category. */
  readonly scores: Readonly<Record<string, number>>;
  /** The audits that cost points. */
  readonly lost: readonly string[];
}

interface Report {
  readonly categories: Readonly<Record<string, { readonly id: string; readonly score: number | null }>>;
  readonly audits: Readonly<Record<string, { readonly id: string; readonly title: string; readonly score: number | null }>>;
}

const limitMs = 180_000;

/** @throws when Lighthouse or Chromium cannot be had, or a category has no score */
export async function audited(url: string): Promise<Audited> {
  const [chromium, lighthouse] = await Promise.all([installChromium(cacheDir()), installLighthouse(cacheDir())]);
  await using dir = await tempDir('lighthouse');
  const report = join(dir.path, 'report.json');
  const flags = alone.map((flag) => (flag.includes(' ') ? `"${flag}"` : flag)).join(' ');
  const asked = ['--preset=desktop', '--only-categories=accessibility,best-practices', '--no-enable-error-reporting', '--quiet'];
  await run(
    process.execPath,
    [lighthouse, url, ...asked, '--output=json', `--output-path=${report}`, `--chrome-flags=${flags}`],
    {
      env: { ...process.env, CHROME_PATH: chromium, TMPDIR: dir.path },
      timeoutMs: limitMs,
    },
  );
  const { categories, audits } = JSON.parse(await readFile(report, 'utf8')) as Report;
  return {
    scores: Object.fromEntries(Object.values(categories).map(({ id, score }) => [id, Math.round((score ?? 0) * 100)])),
    lost: Object.values(audits)
      .filter(({ score }) => score !== null && score < 1)
      .map(({ id, title }) => `${id} (${title})`),
  };
}
