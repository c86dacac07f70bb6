// The list of executions as one looks at it: nothing in it moves by itself, and what is gone goes.
import { strict as assert } from 'node:assert';
import { eventually } from '@tmws/testkit';
import { report, steps } from './content.ts';
import { figuresOf } from './figures.ts';
import { desktop, openPage, phone, zoomed } from './open-browser.ts';
import type { Stage } from './stage.ts';
import { listView, open } from './views.ts';

/** Where nothing ever moved; 0.1 is what Web Vitals calls good. */
const mostShift = 0.02;
const leastTargetPx = 24;
// All that comes with an answer of its own: the rows, the counts, the facets.
const complete = '.histogram svg ~ figcaption';

/** At each width: from the first moment until all parts are there the layout does not shift, and what is pressed is large enough. */
export async function staysStill({ browser, url }: Stage): Promise<void> {
  const found: string[] = [];
  for (const viewport of [desktop, phone, zoomed]) {
    await using opened = await openPage(browser, url, { viewport });
    const { page, faults } = opened;
    await open(page, listView);
    await page.locator(complete).first().waitFor({ state: 'attached' });
    const { shift } = await figuresOf(page);
    console.log(`  at ${viewport.width} px: shift ${shift.toFixed(4)}`);
    if (shift > mostShift) found.push(`at ${viewport.width} px the layout shifts by ${shift.toFixed(3)}`);
    const small = await page.evaluate<string[]>(smallTargets);
    found.push(...[...faults, ...small].map((fault) => `at ${viewport.width} px: ${fault}`));
  }
  assert.deepEqual(found, []);
}

// WCAG 2.5.8: what is in a line of text may be as small as the text.
const smallTargets = `[...document.querySelectorAll('main :is(a[href], button, input, select, summary)')].flatMap((each) => {
  if (!each.checkVisibility({ visibilityProperty: true }) || each.closest('thead, .visually-hidden') !== null && innerWidth <= 640) return [];
  const { width, height } = (each.matches('.executions a') ? each.closest('tr') : each).getBoundingClientRect();
  return width < ${leastTargetPx} || height < ${leastTargetPx}
    ? [each.localName + '.' + each.className + ' "' + each.textContent.slice(0, 30) + '" is ' + Math.round(width) + ' × ' + Math.round(height) + ' px']
    : [];
})`;

/** An execution that is deleted leaves the open list by itself; the rows above it stay where they are. */
export async function forgetsDeleted({ browser, url }: Stage): Promise<void> {
  const beganMs = Date.now() - 5_000;
  const told = (id: string, atMs: number) => {
    const times = { startedAt: new Date(atMs).toISOString(), finishedAt: new Date(atMs + 1_000).toISOString() };
    const facts = [
      { type: 'tmws.step.completed', step: { stepId: 'only', ...times } },
      { type: 'tmws.execution.completed', execution: times },
    ];
    return { executionId: id, workflow: 'e2e-deleted', facts };
  };
  await report(url, [told('kept', beganMs + 1_000), told('forgotten', beganMs)]);
  for (const id of ['kept', 'forgotten']) await steps(url, id, 1, 'completed');
  await using opened = await openPage(browser, url);
  const { page, faults } = opened;
  await open(page, { ...listView, path: '/?workflow=e2e-deleted' });
  const ids = (): Promise<string[]> =>
    page.evaluate(`[...document.querySelectorAll('tr[data-id]')].map((row) => row.dataset.id)`);
  assert.deepEqual(await ids(), ['kept', 'forgotten']);
  const response = await fetch(`${url}/api/v1/executions/forgotten`, { method: 'DELETE' });
  assert.equal(response.ok, true, await response.text());
  // Long before those in sight are asked for, which retention needs.
  await eventually(async () => assert.deepEqual(await ids(), ['kept']), { timeoutMs: 8_000 });
  assert.deepEqual(faults, []);
}
