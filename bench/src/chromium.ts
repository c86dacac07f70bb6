import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
// Nothing that talks to anybody; no graphics card, as in CI.
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The machine's own browser; none is ever fetched. @throws Error where there is none */
export function openChromium(): Promise<Browser> {
  const executablePath = [process.env['TMWS_CHROMIUM'], ...places].find((path) => path !== undefined && existsSync(path));
  if (executablePath === undefined)
    throw new Error(`there is no chromium at ${places.join(', ')}; install Debian's, or name one by TMWS_CHROMIUM`);
  return chromium.launch({ executablePath, args: flags });
}
