// From the list to the failed step's error and back without a mouse; and Tab through both pages.
import { strict as assert } from 'node:assert';
import { failedRun, failure } from './content.ts';
import { type Focus, focusedOn, pressUntil, tabThrough } from './keyboard.ts';
import { openPage } from './open-browser.ts';
import type { Stage } from './stage.ts';
import { listView, open, timelineView } from './views.ts';

export async function goesByKeysAlone({ browser, url }: Stage): Promise<void> {
  await using opened = await openPage(browser, url, { reducedMotion: 'reduce' });
  const { page, faults } = opened;
  const { keyboard } = page;
  const marked = (focus: Focus): void =>
    assert.ok(focus.seen && focus.marked, `the focus cannot be seen: ${JSON.stringify(focus)}`);
  await open(page, listView);

  await keyboard.press('/');
  marked(await focusedOn(page, 'main input[type="search"]'));
  await keyboard.type('status:failed');
  await keyboard.press('Enter');
  await page.waitForURL(/q=status/);
  await keyboard.press('Escape');
  await page.locator('table.executions:not(.stale) tr.failed').first().waitFor();
  await keyboard.press('j');
  const [first] = await page.locator('tr[data-id]').all();
  const firstId = await first?.getAttribute('data-id');
  marked(await focusedOn(page, `tr[data-id="${firstId ?? ''}"] a`));
  await keyboard.press('j');
  await focusedOn(page, `tr[data-id]:not([data-id="${firstId ?? ''}"]) a`);
  await keyboard.press('k');
  await focusedOn(page, `tr[data-id="${firstId ?? ''}"] a`);
  await pressUntil(page, 'j', `tr[data-id="${failedRun}"] a`).catch(() => pressUntil(page, 'k', `tr[data-id="${failedRun}"] a`));
  await keyboard.press('Enter');
  await page.waitForURL(`**/executions/${failedRun}*`);

  // By `n` at once …
  await page.locator(timelineView.ready).first().waitFor();
  await keyboard.press('n');
  await page.locator('.attempt-error').getByText(failure.message).waitFor();
  await keyboard.press('Escape');
  await page.locator('.attempt-error').waitFor({ state: 'detached' });
  marked(await focusedOn(page, '.gantt-row'));

  // … and by arrows, from the first step down to the one that failed, with Enter into its details.
  await keyboard.press('Home');
  await focusedOn(page, '.gantt-row[aria-rowindex="1"]');
  for (const row of [2, 3]) {
    await keyboard.press('ArrowDown');
    marked(await focusedOn(page, `.gantt-row[aria-rowindex="${row}"]`));
  }
  await keyboard.press('Enter');
  await focusedOn(page, '.step-panel');
  await page.locator('.attempt-error').getByText(failure.message).waitFor();
  await keyboard.press('Escape');
  await focusedOn(page, '.gantt-row[aria-rowindex="3"]');

  // Tabs by arrows.
  await keyboard.press('Shift+Tab');
  await pressUntil(page, 'Shift+Tab', '[role="tab"]');
  for (const tab of ['table', 'graph', 'json', 'timeline']) {
    await keyboard.press('ArrowRight');
    marked(await focusedOn(page, `#tab-${tab}[aria-selected="true"]`));
  }
  // Up to the list as it was left, by key and by the link, which a reload does not take away.
  await keyboard.press('Escape');
  await page.waitForURL((at) => at.pathname === '/' && at.searchParams.get('q') === 'status:failed');
  await page.locator(listView.ready).first().waitFor();
  await page.locator(`tr[data-id="${failedRun}"] a`).first().click();
  await page.waitForURL(`**/executions/${failedRun}*`);
  await page.reload();
  await page.locator('.crumbs a').click();
  await page.waitForURL((at) => at.pathname === '/' && at.searchParams.get('q') === 'status:failed');
  await page.locator(listView.ready).first().waitFor();

  const lost: string[] = [];
  for (const view of [listView, timelineView]) {
    await open(page, view);
    for (const focus of await tabThrough(page))
      if (!focus.seen || !focus.marked)
        lost.push(`${view.name}: ${focus.what} is ${focus.seen ? 'not marked' : 'not in sight'} when it has the focus`);
  }
  assert.deepEqual([...faults, ...lost], []);
}
