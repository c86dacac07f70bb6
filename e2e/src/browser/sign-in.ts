// A fleet that asks who one is, and people who come to its console.
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from '@tmws/testkit';
import type { Browser, Page } from 'playwright-core';
import { startOneProcess } from '../fleet.ts';
import { seriousFaults } from './accessibility.ts';
import { openBrowser } from './open-browser.ts';
import { overflowOf } from './reflow.ts';
import { showTheme, themes } from './views.ts';

export interface GuardedStage extends AsyncDisposable {
  readonly url: string;
  readonly browser: Browser;
  readonly adminKey: string;
}

/** A fleet with sign-in on, filled with nothing. */
export async function openGuardedStage(): Promise<GuardedStage> {
  await using open = new AsyncDisposableStack();
  const browser = open.adopt(await openBrowser(), (each) => each.close());
  const dir = open.use(await tempDir('e2e-sign-in')).path;
  const adminKey = randomBytes(32).toString('hex');
  const file = join(dir, 'admin.key');
  await writeFile(file, adminKey);
  const env = { TMWS_AUTH: 'on', TMWS_ADMIN_KEY_FILE: file };
  const fleet = open.adopt(await startOneProcess(join(dir, 'data'), env), (each) => each.stop());
  const opened = open.move();
  return { url: fleet.url, browser, adminKey, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** Types a key into the form and sends it by Enter. */
export async function enterKey(page: Page, key: string): Promise<void> {
  await page.getByLabel('API key').fill(key);
  await page.keyboard.press('Enter');
}

export const signedOut = (page: Page) => page.getByRole('heading', { name: 'Sign in' });

/** What is wrong with how the page is now, in any theme; and with its width. */
export async function faultsOfView(page: Page, name: string): Promise<string[]> {
  const found: string[] = await overflowOf(page);
  for (const theme of themes) {
    await showTheme(page, theme);
    found.push(...(await seriousFaults(page, theme === 'light' ? 'all' : 'colours')).map((fault) => `${theme}: ${fault}`));
  }
  const width = page.viewportSize()?.width ?? 0;
  return found.map((fault) => `${name} at ${width} px: ${fault}`);
}
