// Every view of the console there is, how one gets there, and by what it is seen to be there.
import type { Page } from 'playwright-core';
import { failedRun, failure } from './content.ts';

export interface View {
  readonly name: string;
  readonly path: string;
  /** What is seen when the view is complete. */
  readonly ready: string;
  /** What is still to be done after the page is there. */
  readonly reach?: (page: Page) => Promise<void>;
  /** What the page is refused here and the browser tells its console. */
  readonly expected?: RegExp;
}

const run = `/executions/${failedRun}`;
// The parts that come after the chart: the critical path, and what the failed step said.
const complete = `main:has(section.path):has(.first-failure:has-text("${failure.message}"))`;
const rows = 'table.executions tbody tr[data-id]';
export const listView: View = { name: 'list', path: '/', ready: rows };
export const timelineView: View = { name: 'timeline', path: run, ready: '.gantt-row:not([hidden])' };

export const views: readonly View[] = [
  listView,
  { name: 'list, narrowed', path: '/?q=status%3Afailed', ready: `.chips, ${rows}` },
  { name: 'list, nothing matches', path: '/?q=no-such-run-anywhere', ready: 'main section' },
  { name: 'list, nothing yet', path: '/?namespace=empty', ready: 'section.empty' },
  { name: 'timeline, all of it', path: run, ready: `${complete} .gantt-row:not([hidden])` },
  { name: 'timeline with a step', path: run, ready: `${complete} .gantt-row:not([hidden])`, reach: chooseFailure },
  { name: 'table', path: `${run}?tab=table`, ready: '.steps-row' },
  { name: 'graph', path: `${run}?tab=graph`, ready: '#steps svg, #steps canvas' },
  { name: 'json', path: `${run}?tab=json`, ready: '#steps pre, #steps details, #steps [role="tree"]' },
  { name: 'unknown execution', path: '/executions/nobody', ready: '.problem', expected: /404/ },
  { name: 'no such page', path: '/nowhere/at/all', ready: 'h1:has-text("No such page")', expected: /404/ },
  { name: 'audit, with sign-in off', path: '/audit', ready: '.not-to-be-had' },
  { name: 'operations', path: '/', ready: rows, reach: (page) => press(page, ']', '#operations') },
  { name: 'keys', path: '/', ready: rows, reach: (page) => press(page, '?', 'dialog.sheet[open]') },
];

export async function open(page: Page, { path, ready, reach }: View): Promise<void> {
  await page.goto(path);
  try {
    await page.locator(ready).first().waitFor({ timeout: 60_000 });
  } catch (cause) {
    const shown = (await page.locator('body').innerText()).slice(0, 1_000);
    throw new Error(`${path} does not show ${ready}; it shows:\n${shown}`, { cause });
  }
  await reach?.(page);
}

export const themes = ['light', 'dark', 'contrast'] as const;

/** Changes the theme of an open page by its address, as Back and Forward would. */
export async function showTheme(page: Page, theme: (typeof themes)[number]): Promise<void> {
  await page.evaluate(`(() => {
    const to = new URL(location.href);
    to.searchParams.set('theme', '${theme}');
    history.replaceState(history.state, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  })()`);
  await page.locator(`html[data-theme="${theme}"]`).waitFor();
}

async function chooseFailure(page: Page): Promise<void> {
  await press(page, 'n', '.attempt-error');
}

async function press(page: Page, key: string, seen: string): Promise<void> {
  await page.keyboard.press(key);
  await page.locator(seen).first().waitFor();
}
