// Going through pages by keys alone, and where the focus is meanwhile.
import { strict as assert } from 'node:assert';
import { eventually } from '@tmws/testkit';
import type { Page } from 'playwright-core';

export interface Focus {
  /** `button.sort "Started"`; empty where the page itself has it. */
  readonly what: string;
  /** Whether it has a size, is in the window, and nothing lies over its middle. */
  readonly seen: boolean;
  /** Whether it looks different for having the focus: an outline or a shadow around it. */
  readonly marked: boolean;
}

const readFocus = `(() => {
  const at = document.activeElement;
  if (at === null || at === document.body || at === document.documentElement) return { what: '', seen: true, marked: true };
  const name = (at.getAttribute('aria-label') ?? at.textContent ?? '').trim().slice(0, 40);
  const box = at.getBoundingClientRect();
  const [x, y] = [Math.min(innerWidth - 1, Math.max(0, box.x + box.width / 2)), Math.min(innerHeight - 1, Math.max(0, box.y + box.height / 2))];
  const over = document.elementFromPoint(x, y);
  const inWindow = box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight;
  const marks = [at, at.parentElement, ...at.querySelectorAll(':scope > *')].some((each) => {
    if (each === null) return false;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);
    return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) || boxShadow !== 'none';
  });
  return {
    what: at.localName + (at.id === '' ? '' : '#' + at.id) + [...at.classList].map((each) => '.' + each).join('') + ' "' + name + '"',
    seen: inWindow && over !== null && (at.contains(over) || over.contains(at)),
    marked: marks,
  };
})()`;

const focusOf = (page: Page): Promise<Focus> => page.evaluate(readFocus);

/** Waits until the focus is on what a selector finds. */
export async function focusedOn(page: Page, selector: string): Promise<Focus> {
  await eventually(async () => {
    const there = await page.evaluate(`document.activeElement?.matches(${JSON.stringify(selector)}) === true`);
    assert.ok(there, `the focus is on ${(await focusOf(page)).what}, not on ${selector}`);
  });
  return await focusOf(page);
}

const most = 150;

/** Goes by Tab from the top through the whole page. @returns where it was, in order, until it left the page */
export async function tabThrough(page: Page): Promise<Focus[]> {
  await page.evaluate('document.activeElement?.blur()');
  const path: Focus[] = [];
  for (let presses = 0; presses < most; presses++) {
    await page.keyboard.press('Tab');
    const focus = await focusOf(page);
    if (focus.what === '') return path;
    path.push(focus);
  }
  throw new Error(
    `${most} Tabs do not leave the page; the last were on ${path
      .slice(-4)
      .map(({ what }) => what)
      .join(', ')}`,
  );
}

/** Presses a key until a check of the focus holds. @returns how often */
export async function pressUntil(page: Page, key: string, matches: string): Promise<number> {
  for (let presses = 1; presses <= most; presses++) {
    await page.keyboard.press(key);
    if ((await page.evaluate(`document.activeElement?.matches(${JSON.stringify(matches)}) === true`)) === true) return presses;
  }
  throw new Error(`${most} times ${key} do not reach ${matches}`);
}
