// An execution that grows by 1,000 step events a second while somebody looks at it.
import { strict as assert } from 'node:assert';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@tmws/testkit';
import type { Page } from 'playwright-core';
import { report, steps } from './content.ts';
import { figuresOf, freshTasks, type PageFigures, words } from './figures.ts';
import { openPage } from './open-browser.ts';
import type { Stage } from './stage.ts';
import { open, timelineView } from './views.ts';

export interface LiveFigures extends PageFigures {
  readonly eventsPerSecond: number;
  /** From the last answer to the last step's name on the page. */
  readonly lastSeenMs: number;
}

const perBatch = 100;
const everyMs = 100;
const id = 'growing';
const last = 'the-very-last-step';

/** Two events a step, a batch every 100 ms as far as the fleet keeps up, for some seconds; then a last step that fails. */
export async function watchGrowing({ browser, url }: Stage, seconds: number): Promise<LiveFigures> {
  const now = () => new Date().toISOString();
  const facts = [
    { type: 'tmws.execution.started', execution: { startedAt: now() } },
    { type: 'tmws.step.started', step: { stepId: 'first', startedAt: now() } },
  ];
  await report(url, [{ executionId: id, workflow: 'e2e-live', facts }]);
  await steps(url, id, 1, 'running');
  await using opened = await openPage(browser, url);
  const { page, faults } = opened;
  await open(page, { ...timelineView, path: `/executions/${id}` });
  await freshTasks(page);
  const batches = (seconds * 1_000) / everyMs;
  const begunMs = performance.now();
  for (let batch = 0; batch < batches; batch++) {
    await delay(Math.max(0, begunMs + batch * everyMs - performance.now()));
    const reports = Array.from({ length: perBatch / 2 }, (_, i) => {
      const stepId = `step-${batch * (perBatch / 2) + i}`;
      const step = { stepId, name: `work ${i % 25}`, startedAt: now() };
      const done = { type: 'tmws.step.completed', step: { ...step, finishedAt: now() } };
      return [{ type: 'tmws.step.started', step }, done].map((fact) => ({
        executionId: id,
        workflow: 'e2e-live',
        facts: [fact],
      }));
    });
    await report(url, reports.flat());
  }
  const eventsPerSecond = (batches * perBatch) / ((performance.now() - begunMs) / 1_000);
  const end = { stepId: last, startedAt: now(), finishedAt: now(), error: { type: 'Stop', message: 'enough' } };
  const ending = [
    { type: 'tmws.step.failed', step: end },
    { type: 'tmws.execution.failed', execution: { finishedAt: now() } },
  ];
  await report(url, [{ executionId: id, workflow: 'e2e-live', facts: ending }]);
  const toldMs = performance.now();
  await page.locator('main').getByText(last).first().waitFor({ timeout: 60_000 });
  const lastSeenMs = performance.now() - toldMs;
  const count = (batches * perBatch) / 2 + 2;
  // What the page has now is what the fleet has: all of it.
  await eventually(async () => assert.match(await page.locator('main').innerText(), new RegExp(count.toLocaleString('en'))), {
    timeoutMs: 30_000,
  });
  const figures = await figuresOf(page);
  const asTheyCame = await rowsShown(page);
  await page.reload();
  await page.locator(timelineView.ready).first().waitFor();
  assert.deepEqual(asTheyCame, await rowsShown(page), 'rows that came while one looked stand where a reload places them');
  assert.deepEqual(faults, []);
  return { eventsPerSecond, lastSeenMs, ...figures };
}

/** The rows, none folded, at the top and far down. */
async function rowsShown(page: Page): Promise<readonly string[]> {
  const folding = page.getByRole('button', { name: 'Fold repeated' });
  if ((await folding.getAttribute('aria-pressed')) === 'true') await folding.click();
  await page.locator('.toggle[aria-pressed="false"]', { hasText: 'Fold repeated' }).waitFor();
  await page.locator('.gantt-row:not([hidden]) .count:has-text("×")').first().waitFor({ state: 'detached' });
  const shown: string[] = [];
  for (const part of [0, 0.5, 1]) {
    await page.evaluate(`(() => {
      const grid = document.querySelector('.gantt-grid');
      grid.scrollTop = ${part} * (grid.scrollHeight - grid.clientHeight);
      return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    })()`);
    const words =
      "[...document.querySelectorAll('.gantt-row:not([hidden])')].map((row) => row.ariaRowIndex + ' ' + row.textContent)";
    shown.push(...(await page.evaluate<string[]>(words)));
  }
  return shown.sort();
}

export async function followsLive(stage: Stage): Promise<void> {
  const figures = await watchGrowing(stage, 5);
  console.log(`  ${words(figures)}`);
  assert.ok(figures.elements < 2_500, `${figures.elements} elements`);
  assert.ok(figures.heapMb < 60, `${figures.heapMb} MB`);
}
