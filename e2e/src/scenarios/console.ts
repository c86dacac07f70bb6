// The console in a real browser, held to what can be held on any machine. Times are told, never judged.
import { strict as assert } from 'node:assert';
import { seriousFaults } from '../browser/accessibility.ts';
import { fillWithRuns, fillWithSteps } from '../browser/content.ts';
import { bringsToFailure, pictureInTheme } from '../browser/brought.ts';
import { drawnAfterMs, figuresOf, words } from '../browser/figures.ts';
import { type FrameFigures, framesOf, leastOf } from '../browser/frames.ts';
import { audited } from '../browser/lighthouse.ts';
import { goesByKeysAlone } from '../browser/keys-alone.ts';
import { forgetsDeleted, staysStill } from '../browser/list.ts';
import { followsLive } from '../browser/live.ts';
import { desktop, openPage, phone } from '../browser/open-browser.ts';
import { fitsAndKeepsStill } from '../browser/reflow.ts';
import { scrollList, scrollTimeline } from '../browser/scrolling.ts';
import { type Stage, sharedStage } from '../browser/stage.ts';
import { staysWhileItComes } from '../browser/still.ts';
import { transferredBy } from '../browser/transferred.ts';
import { listView, open, showTheme, themes, timelineView, views } from '../browser/views.ts';
import type { Scenario } from '../scenario.ts';

/** CPU time of script a frame, p95: twice what is aimed at, since caches and clocks of a shared machine are shared too. */
const mostScriptP95Ms = 6;
const mostTries = 3;
/** What Web Vitals calls good is 0.1. */
const mostShift = 0.05;

/** @param steps  of the long execution that is scrolled through */
export function consoleScenarios(steps: number): Scenario[] {
  const stage = sharedStage();
  const scenario = (name: string, run: (stage: Stage) => Promise<void>): Scenario => ({
    name: `console: ${name}`,
    run: async () => run(await stage.open()),
    close: stage.close,
  });
  return [
    scenario('axe finds nothing serious in any view, theme and width', axe),
    scenario('by keys alone from the list to the error of a failed step and back', goesByKeysAlone),
    scenario('on a phone the reader is brought to the failed step', bringsToFailure),
    scenario('a picture to take along has the theme of the page', pictureInTheme),
    scenario('a first visit transfers at most 120 KB, 90 KB of it script', sizes),
    scenario('the list stays still at 1400, 375 and 320 px while its parts arrive', staysStill),
    scenario('a deleted execution leaves the open list', forgetsDeleted),
    scenario('3,000 runs are scrolled through with few elements', longList),
    scenario(`${steps.toLocaleString('en')} steps are scrolled through and zoomed with few elements`, (at) =>
      longTimeline(at, steps),
    ),
    scenario('an execution is followed while 1,000 step events a second arrive', followsLive),
    scenario('Lighthouse gives list and execution at least 95 for accessibility and best practices', audits),
    scenario('an execution stays where it is while it comes, at 1400, 375 and 320 px', staysWhileItComes),
    scenario('every view fits 375 and 320 px, and keeps still for those who ask', fitsAndKeepsStill),
  ];
}

async function axe({ browser, url }: Stage): Promise<void> {
  const found = await Promise.all(
    [desktop, phone].map(async (viewport) => {
      const faults: string[] = [];
      for (const view of views) {
        await using opened = await openPage(browser, url, { viewport, reducedMotion: 'reduce', expected: view.expected });
        await open(opened.page, view);
        for (const theme of themes) {
          await showTheme(opened.page, theme);
          const serious = await seriousFaults(opened.page, theme === 'light' ? 'all' : 'colours');
          faults.push(...serious.map((fault) => `${view.name}, ${theme}, ${viewport.width} px: ${fault}`));
        }
        faults.push(...opened.faults.map((fault) => `${view.name}, ${viewport.width} px: ${fault}`));
      }
      return faults;
    }),
  );
  assert.deepEqual(found.flat(), []);
}

async function audits({ url }: Stage): Promise<void> {
  for (const { name, path } of [listView, timelineView]) {
    const found = await audited(`${url}${path}`);
    console.log(`  ${name}: ${words(found.scores)}`);
    for (const [category, score] of Object.entries(found.scores))
      assert.ok(score >= 95, `${name} has ${score} for ${category}: ${found.lost.join('; ')}`);
  }
}

async function sizes({ browser, url }: Stage): Promise<void> {
  for (const view of [listView, timelineView]) {
    const found = await transferredBy(browser, url, view);
    console.log(`  ${view.name}: ${words(found)}`);
    assert.ok(found.scriptKb > 5 && found.scriptKb <= 90, `${view.name}: ${found.scriptKb} KB of script`);
    assert.ok(found.kb <= 120, `${view.name}: ${found.kb} KB`);
  }
}

async function longList({ browser, url }: Stage): Promise<void> {
  await fillWithRuns(url, 'many', 3_000);
  await using opened = await openPage(browser, url);
  const { page, faults } = opened;
  await open(page, { ...listView, path: '/?namespace=many' });
  const frames = await leastScript(() => framesOf(browser, page, () => scrollList(page, 3_000)));
  const figures = await figuresOf(page);
  console.log(`  ${words(frames)}\n  ${words(figures)}`);
  assert.deepEqual(faults, []);
  assert.ok(figures.shift <= mostShift, `scrolled rows are seen to move: by ${figures.shift}`);
  assert.ok(figures.elements < 2_500, `${figures.elements} elements`);
  assert.ok(figures.heapMb < 60, `${figures.heapMb} MB`);
}

async function longTimeline({ browser, url }: Stage, steps: number): Promise<void> {
  await fillWithSteps(url, 'many-steps', steps);
  await using opened = await openPage(browser, url);
  const { page, faults } = opened;
  await open(page, { ...timelineView, path: '/executions/many-steps?fold=off' });
  const drawnMs = await drawnAfterMs(page);
  const first = await figuresOf(page);
  const frames = await leastScript(() => framesOf(browser, page, () => scrollTimeline(page)));
  const figures = await figuresOf(page);
  console.log(`  ${words({ drawnMs, ...frames })}\n  ${words(figures)}`);
  assert.deepEqual(faults, []);
  assert.ok(drawnMs > 0, 'the page marks its first picture');
  assert.ok(figures.elements < 2_500, `${figures.elements} elements`);
  assert.ok(figures.heapMb < 80, `${figures.heapMb} MB`);
  assert.ok(figures.heapMb - first.heapMb < 20, `scrolling left ${figures.heapMb - first.heapMb} MB behind`);
}

/** The least of up to three tries, so that two noisy cores fail it for what the page does. @throws above the limit each time */
async function leastScript(trace: () => Promise<FrameFigures>): Promise<FrameFigures> {
  const tries: FrameFigures[] = [];
  for (;;) {
    tries.push(await trace());
    const least = leastOf(tries);
    assert.ok(least.frames > 50, 'frames were traced');
    if (least.scriptP95Ms <= mostScriptP95Ms) return least;
    assert.ok(tries.length < mostTries, `script of a frame takes ${least.scriptP95Ms} ms (p95), above ${mostScriptP95Ms}`);
  }
}
