// An execution that much happens in, watched: what it takes of the page's main thread.
import { framesOf } from '@tmws/e2e/browser/frames';
import { openPage } from '@tmws/e2e/browser/open-browser';
import type { Stage } from '@tmws/e2e/browser/stage';
import { timelineView } from '@tmws/e2e/browser/views';
import { sendLive } from './live-load.ts';

const rate = 1_000;

/** Traced for `seconds`, from when the page shows the first rows. @throws unless the page comes to know of every step */
export async function tracedLive({ browser, url }: Stage, seconds: number): Promise<object> {
  const sending = sendLive(url, 'bench-live', rate, (seconds + 6) * 1_000);
  await using opened = await openPage(browser, url);
  const { page } = opened;
  await page.goto('/executions/bench-live', { timeout: 60_000 });
  await page.locator(timelineView.ready).first().waitFor({ timeout: 60_000 });
  await page.waitForTimeout(1_000);
  const { frames, fps, scriptP95Ms, longestTaskCpuMs, longTasksCpu } = await framesOf(browser, page, () =>
    page.waitForTimeout(seconds * 1_000),
  );
  const steps = await sending;
  await page.locator('.summary', { hasText: steps.toLocaleString('en') }).waitFor({ timeout: 60_000 });
  return { steps, frames, fps, scriptP95Ms, longestTaskCpuMs, longTasksCpu };
}
