// Narrow windows, great zoom, and people who want nothing to move.
import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { figuresOf } from './figures.ts';
import { openPage, phone, zoomed } from './open-browser.ts';
import type { Stage } from './stage.ts';
import { open, views } from './views.ts';

const overflowing = `(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const wide = [...document.querySelectorAll('body *')].filter((each) => each.getBoundingClientRect().right > clientWidth + 1);
  return ['it is ' + scrollWidth + ' px wide in a window of ' + clientWidth + ': ' +
    wide.slice(0, 4).map((each) => each.localName + '.' + each.className).join(', ')];
})()`;

/** What makes the page wider than its window. */
export const overflowOf = (page: Page): Promise<string[]> => page.evaluate<string[]>(overflowing);

// What would still move: animations that run, and transitions that would.
const moving = `[
  ...document.getAnimations().filter((each) => each.playState === 'running' && each.effect.getComputedTiming().activeDuration > 50)
    .map((each) => 'the animation ' + (each.animationName ?? each.transitionProperty) + ' runs on ' + each.effect.target.localName + '.' + each.effect.target.className),
  ...[...document.querySelectorAll('body *')].filter((each) => getComputedStyle(each).transitionDuration.split(',').some((part) => parseFloat(part) > 0.05))
    .slice(0, 4).map((each) => 'changes of ' + each.localName + '.' + each.className + ' take ' + getComputedStyle(each).transitionDuration),
]`;

export async function fitsAndKeepsStill({ browser, url }: Stage): Promise<void> {
  const found: string[] = [];
  const shifts: string[] = [];
  for (const viewport of [phone, zoomed])
    for (const view of views) {
      await using opened = await openPage(browser, url, { viewport, reducedMotion: 'reduce', expected: view.expected });
      const { page, faults } = opened;
      await open(page, view);
      const told = [...(await overflowOf(page)), ...(await page.evaluate<string[]>(moving))];
      found.push(
        ...[...faults, ...told, ...(await unreachable(page))].map((fault) => `${view.name} at ${viewport.width} px: ${fault}`),
      );
      const { shift } = await figuresOf(page);
      if (shift > 0.1) shifts.push(`${view.name} at ${viewport.width} px: ${shift.toFixed(2)}`);
    }
  if (shifts.length > 0) console.log(`  layout shifts over 0.1: ${shifts.join('; ')}`);
  assert.deepEqual(found, []);
}

/** What a reader needs is there to be scrolled to: each heading and control that shows at all lies within the width. */
async function unreachable(page: Page): Promise<string[]> {
  return await page.evaluate(`(() => {
    const cut = [...document.querySelectorAll('h1, h2, button, input, a[href]')].filter((each) => {
      if (!each.checkVisibility({ visibilityProperty: true }) || each.closest('.skip, .visually-hidden') !== null) return false;
      const { left, right, width } = each.getBoundingClientRect();
      if (width <= 1) return false;
      for (let around = each.parentElement; around !== null; around = around.parentElement)
        if (['auto', 'scroll'].includes(getComputedStyle(around).overflowX) && around.scrollWidth > around.clientWidth) return false;
      return right < 1 || left > innerWidth - 1;
    });
    return cut.map((each) => each.localName + '.' + each.className + ' "' + (each.ariaLabel ?? each.textContent).slice(0, 30) + '" lies outside of the window');
  })()`);
}
