// An execution of 100,000 steps on its page: how soon its picture is there, and what script a frame of it takes.
import { strict as assert } from 'node:assert';
import { drawnAfterMs, figuresOf } from '@tmws/e2e/browser/figures';
import { framesOf } from '@tmws/e2e/browser/frames';
import { openPage } from '@tmws/e2e/browser/open-browser';
import { scrollTimeline } from '@tmws/e2e/browser/scrolling';
import type { Stage } from '@tmws/e2e/browser/stage';
import { timelineView } from '@tmws/e2e/browser/views';
import { loadExecution } from './timeline-load.ts';

const tries = 3;
const frames = 240;
const path = '/executions/bench-console?fold=off';

/** Of a few tries the best of each figure: what is worse is the machine's. The wheel is turned in the last one. */
export async function largeExecution({ browser, url }: Stage, steps: number): Promise<Record<string, object>> {
  await loadExecution(url, 'bench-console', steps);
  const seen: Record<string, number>[] = [];
  for (let i = 1; ; i++) {
    await using opened = await openPage(browser, url);
    const { page, faults } = opened;
    const opening = await framesOf(browser, page, async () => {
      await page.goto(path, { timeout: 120_000 });
      await page.locator(timelineView.ready).first().waitFor({ timeout: 120_000 });
    });
    const pictureMs = await drawnAfterMs(page);
    const dataKb = (await page.evaluate<number>(columnsBytes)) / 1_000;
    // Keys are hashed and the path is asked for after the picture; frames are measured in peace.
    await page.waitForTimeout(3_000);
    const steady = await framesOf(browser, page, () => page.evaluate(scrollAndZoom));
    assert.ok(steady.frames >= frames / 2, `${steady.frames} frames were begun of ${frames} asked for`);
    const { heapMb } = await figuresOf(page);
    const { scriptP50Ms, scriptP95Ms } = steady;
    seen.push({
      pictureMs,
      openingCpuMs: opening.busyCpuMs,
      dataKb,
      steadyScriptP50Ms: scriptP50Ms,
      steadyScriptP95Ms: scriptP95Ms,
      heapMb,
    });
    assert.deepEqual(faults, []);
    if (i < tries) continue;
    const wheel = await framesOf(browser, page, () => scrollTimeline(page));
    return { large: best(seen), large_wheel: wheel, large_page: await figuresOf(page) };
  }
}

function best(seen: readonly Record<string, number>[]): Record<string, number> {
  const names = Object.keys(seen[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, Math.min(...seen.map((each) => each[name] ?? NaN))]));
}

const columnsBytes = `performance.getEntriesByType('resource').find(({ name }) => /\\/timeline(\\?|$)/.test(name)).encodedBodySize`;

/** Half of the frames scroll, half zoom in and out where the pointer is: each frame has work, whatever the machine does. */
const scrollAndZoom = `new Promise((resolve) => {
  const grid = document.querySelector('.gantt-grid');
  let frame = 0;
  const step = () => {
    if (frame >= ${frames}) return resolve();
    if (frame < ${frames} / 2) grid.scrollTop += 137;
    else {
      const { right, top } = grid.getBoundingClientRect();
      const deltaY = frame % 60 < 30 ? -60 : 60;
      const where = { clientX: right - 300, clientY: top + 50, bubbles: true, cancelable: true };
      grid.dispatchEvent(new WheelEvent('wheel', { ctrlKey: true, deltaY, ...where }));
    }
    frame++;
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})`;
