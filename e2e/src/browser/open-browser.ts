// The machine's Chromium, driven by playwright-core, that asks nobody but the fleet.
import { cacheDir, installChromium } from '@tmws/testkit';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Alone: nothing of the browser's own goes out, no name but loopback's is found, no proxy of the machine is asked. */
export const alone = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-proxy-server',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** @throws naming Chromium when it cannot be had or does not start */
export async function openBrowser(): Promise<Browser> {
  const executablePath = await installChromium(cacheDir());
  try {
    // It ends when this process does, whose signals are its own business.
    const signals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
    return await chromium.launch({ executablePath, args: alone, timeout: 60_000, ...signals });
  } catch (cause) {
    throw new Error(`Chromium (${executablePath}) does not start: ${(cause as Error).message}`, { cause });
  }
}

export const desktop = { width: 1400, height: 900 };
export const phone = { width: 375, height: 812 };
/** A window 1280 px wide at a zoom of 400 %, which WCAG 1.4.10 (reflow) asks for. */
export const zoomed = { width: 320, height: 256 };

export interface Opened extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What went wrong in the page by itself: errors, messages on the console, requests to anyone but the fleet. */
  readonly faults: readonly string[];
}

/** What the page is expected to be refused, as far as a page is about that: `404 (Not Found)`. */
export interface Expecting {
  readonly expected?: RegExp;
}

/** A fresh browser profile with one empty page, watched from its first moment. */
export async function openPage(
  browser: Browser,
  url: string,
  { expected, ...options }: BrowserContextOptions & Expecting = {},
): Promise<Opened> {
  const context = await browser.newContext({ viewport: desktop, baseURL: url, serviceWorkers: 'block', ...options });
  const faults: string[] = [];
  const note = (fault: string): void => {
    if (expected?.test(fault) !== true) faults.push(fault);
  };
  context.on('weberror', (error) => note(`error in the page: ${error.error().stack ?? error.error().message}`));
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      note(`${message.type()} on the console: ${message.text()} (${message.location().url})`);
  });
  context.on('request', (request) => {
    const asked = new URL(request.url());
    if (!['data:', 'blob:'].includes(asked.protocol) && asked.origin !== url)
      note(`asked ${request.url()}, which is not the fleet`);
  });
  await context.addInitScript(watching);
  const page = await context.newPage();
  return { page, context, faults, [Symbol.asyncDispose]: () => context.close() };
}

// Kept in the page for `figures.ts`: long tasks and shifts of the layout.
const watching = `
  globalThis.seen = { longTasks: [], shift: 0 };
  new PerformanceObserver((list) => list.getEntries().forEach((each) => seen.longTasks.push(each.duration)))
    .observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => list.getEntries().forEach((each) => { if (!each.hadRecentInput) seen.shift += each.value; }))
    .observe({ type: 'layout-shift', buffered: true });`;
