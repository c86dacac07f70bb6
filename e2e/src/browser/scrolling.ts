// Scrolling as a hand does: turns of the wheel, each in a frame of its own.
import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { eventually } from '@tmws/testkit';

const turns = 150;

/** Down a list until its last row of `count` was reached, page by page, and up again. */
export async function scrollList(page: Page, count: number): Promise<void> {
  await page.mouse.move(700, 600);
  for (let turn = 0; turn < turns; turn++) await page.mouse.wheel(0, 240);
  await eventually(
    async () => {
      await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
      const last = await page.evaluate(
        "Math.max(...[...document.querySelectorAll('tr[aria-rowindex]')].map((row) => +row.ariaRowIndex))",
      );
      assert.equal(last, count + 1);
    },
    { timeoutMs: 60_000 },
  );
  for (let turn = 0; turn < turns; turn++) await page.mouse.wheel(0, -240);
}

/** Down the rows of a timeline, in on a part of it with Ctrl, along the axis with Shift, out again, and up. */
export async function scrollTimeline(page: Page): Promise<void> {
  const box = await page.locator('.gantt-grid').boundingBox();
  assert.ok(box !== null);
  await page.mouse.move(box.x + box.width * 0.6, Math.min(box.y + 100, 880));
  const turn = async (times: number, dx: number, dy: number): Promise<void> => {
    for (let i = 0; i < times; i++) await page.mouse.wheel(dx, dy);
  };
  const top = (): Promise<number> => page.evaluate("document.querySelector('.gantt-grid').scrollTop");
  await page.evaluate("document.querySelector('.gantt-grid').scrollTop = 0");
  await turn(turns, 0, 240);
  await eventually(async () => assert.ok((await top()) > 5_000, `the wheel scrolls the rows: by ${await top()} px`));
  await page.keyboard.down('Control');
  await turn(turns / 3, 0, -60);
  await page.keyboard.up('Control');
  await page.waitForURL(/[?&]t=/);
  await turn(turns / 3, 120, 0);
  await page.keyboard.down('Control');
  await turn(turns / 3, 0, 60);
  await page.keyboard.up('Control');
  await turn(turns, 0, -240);
}
