// Every view of the console there is, how one gets there, and by what it is seen to be there.
import type { Page } from 'playwright-core';
import { failedRun } from './content.ts';

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
const rows = 'table.executions tbody tr[data-id]';
export const listView: View = { name: 'list', path: '/', ready: rows };
export const timelineView: View = { name: 'timeline', path: run, ready: '.gantt-row:not([hidden])' };

export const views: readonly View[] = [
  listView,
  { name: 'list, narrowed', path: '/?q=status%3Afailed', ready: `.chips, ${rows}` },
  { name: 'list, nothing matches', path: '/?q=no-such-run-anywhere', ready: 'main section' },
  { name: 'list, nothing yet', path: '/?namespace=empty', ready: 'section.empty' },
  timelineView,
  { name: 'timeline with a step', path: run, ready: '.gantt-row:not([hidden])', reach: chooseFailure },
  { name: 'table', path: `${run}?tab=table`, ready: '.steps-row' },
  { name: 'graph', path: `${run}?tab=graph`, ready: '#steps svg, #steps canvas' },
  { name: 'json', path: `${run}?tab=json`, ready: '#steps pre, #steps details, #steps [role="tree"]' },
  { name: 'unknown execution', path: '/executions/nobody', ready: '.problem', expected: /404/ },
  { name: 'no such page', path: '/nowhere/at/all', ready: 'h1:has-text("No such page")', expected: /404/ },
  { name: 'operations', path: '/', ready: rows, reach: (page) => press(page, ']', '#operations') },
  { name: 'keys', path: '/', ready: rows, reach: (page) => press(page, '?', 'dialog.sheet[open]') },
];

export async function open(page: Page, { path, ready, reach }: View): Promise<void> {
  await page.goto(path);
  await page.locator(ready).first().waitFor();
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
