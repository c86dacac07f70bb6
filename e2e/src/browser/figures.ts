// What can be counted in a page: elements, bytes of script objects, long tasks, shifts of the layout.
import type { Page } from 'playwright-core';

export interface PageFigures {
  /** Elements of the document. */
  readonly elements: number;
  /** What script holds after a garbage collection, typed arrays included. */
  readonly heapMb: number;
  /** Tasks over 50 ms since the page was opened. */
  readonly longTasks: number;
  readonly longestTaskMs: number;
  /** Cumulative layout shift. */
  readonly shift: number;
}

export async function figuresOf(page: Page): Promise<PageFigures> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  const seen = await page.evaluate<{ longTasks: number[]; shift: number }>('globalThis.seen');
  return {
    elements: await page.evaluate<number>("document.querySelectorAll('*').length"),
    heapMb: (usedSize + backingStorageSize) / 1e6,
    longTasks: seen.longTasks.length,
    longestTaskMs: Math.max(0, ...seen.longTasks),
    shift: seen.shift,
  };
}

/** Forgets the long tasks so far. */
export async function freshTasks(page: Page): Promise<void> {
  await page.evaluate('void (globalThis.seen.longTasks = [])');
}

/** `elements 512, heap 4.2 MB, …`, for the output of a run. */
export function words(figures: object): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? Math.round(value * 100) / 100 : String(value)}`)
    .join(', ');
}

/** From the last byte of the steps to the first picture of the chart; NaN where the page has drawn none. */
export async function drawnAfterMs(page: Page): Promise<number> {
  return await page.evaluate<number>(`(() => {
    const [drawn] = performance.getEntriesByName('tmws timeline drawn');
    const answers = performance.getEntriesByType('resource').filter(({ name }) => /\\/timeline(\\?|$)/.test(name));
    return drawn === undefined || answers[0] === undefined ? NaN : drawn.startTime - answers[0].responseEnd;
  })()`);
}
