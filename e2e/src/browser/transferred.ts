// What a first visit of a page transfers, as the network saw it: compressed, with headers.
import type { Browser } from 'playwright-core';
import { openPage } from './open-browser.ts';
import { open, type View } from './views.ts';

export interface Transferred {
  /** Of the page, its scripts, styles and icon, in KB of 1,000 bytes. */
  readonly kb: number;
  readonly scriptKb: number;
  /** What it asked the API for. */
  readonly dataKb: number;
  readonly requests: number;
}

/** Opens a view with an empty cache; timers stand still, so what is loaded ahead for later is not counted. */
export async function transferredBy(browser: Browser, url: string, view: View): Promise<Transferred> {
  await using opened = await openPage(browser, url);
  const { page, context } = opened;
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  const kinds = new Map<string, string>();
  const bytes = new Map<string, number>();
  session.on('Network.responseReceived', ({ requestId, type }) => kinds.set(requestId, type));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => bytes.set(requestId, encodedDataLength));
  await page.clock.install();
  await open(page, view);
  await page.waitForLoadState('load');
  const sum = (wanted: readonly string[]): number =>
    [...bytes].filter(([id]) => wanted.includes(kinds.get(id) ?? '')).reduce((total, [, each]) => total + each, 0) / 1_000;
  return {
    kb: sum(['Document', 'Script', 'Stylesheet', 'Image', 'Font', 'Other']),
    scriptKb: sum(['Script']),
    dataKb: sum(['Fetch', 'XHR']),
    requests: bytes.size,
  };
}
