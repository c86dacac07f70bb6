// The console's alerts in a real browser: acted on by keys and by thumb, silenced as previewed, live, readable by everyone, many.
import { strict as assert } from 'node:assert';
import { eventually } from '@tmws/testkit';
import type { Locator, Page } from 'playwright-core';
import { type AlertsStage, countsAre, fire, openAlertsStage, several } from '../browser/alerts-stage.ts';
import { figuresOf, words } from '../browser/figures.ts';
import { framesOf, leastOf } from '../browser/frames.ts';
import { focusedOn } from '../browser/keyboard.ts';
import { openPage, phone, zoomed } from '../browser/open-browser.ts';
import { overflowOf } from '../browser/reflow.ts';
import { faultsOfView } from '../browser/sign-in.ts';
import type { Scenario } from '../scenario.ts';

export function consoleAlertsScenarios(): Scenario[] {
  let opening: Promise<AlertsStage> | undefined;
  const close = async (): Promise<void> => {
    const stage = await opening?.catch(() => undefined);
    opening = undefined;
    await stage?.[Symbol.asyncDispose]();
  };
  const scenario = (name: string, run: (stage: AlertsStage) => Promise<void>): Scenario => ({
    name: `console alerts: ${name}`,
    run: async () => run(await (opening ??= openAlertsStage())),
    close,
  });
  return [
    scenario('a group is acknowledged by keys alone, and it can be taken back', byKeys),
    scenario('a silence mutes as many as its button said', asPreviewed),
    scenario('what fires shows by itself, and moves nothing that is looked at', arrives),
    scenario('on a phone a group is acknowledged and silenced for an hour', byThumb),
    scenario('every view is readable in each theme at 1400, 375 and 320 px', readable),
    scenario('2,100 alerts in 300 groups are scrolled through with few elements and no long tasks', many),
  ];
}

const cardOf = (page: Page, alertname: string): Locator => page.locator('article.card', { hasText: alertname });

async function byKeys(stage: AlertsStage): Promise<void> {
  await fire(stage, several('ByKeys', 3));
  await countsAre(stage, 'ByKeys', { alertCount: 3 });
  await using opened = await openPage(stage.browser, stage.url);
  const { page } = opened;
  await page.goto('/alerts?filter=alertname%3D"ByKeys"');
  await page.locator('.headline', { hasText: '1 group needs you' }).waitFor();
  await page.keyboard.press('j');
  await focusedOn(page, '[data-card]');
  await page.keyboard.press('a');
  await page.getByText('Acknowledged 3 alerts').first().waitFor();
  await countsAre(stage, 'ByKeys', { acknowledgedCount: 3 });
  await page.locator('.headline', { hasText: 'Nothing needs you' }).waitFor();
  await page.keyboard.press('o');
  await page.getByText('Assigned 3 alerts to you').first().waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.alert-row').nth(2).waitFor();
  await page.keyboard.press('s');
  await focusedOn(page, '.silence-form textarea');
  await page.keyboard.press('Escape');
  await focusedOn(page, '[data-card]');
  await page.getByRole('button', { name: 'Take back' }).click();
  await countsAre(stage, 'ByKeys', { acknowledgedCount: 0 });
  await page.keyboard.press('?');
  for (const does of ['Acknowledge', 'Silence', 'Make them mine', 'Open the runbook'])
    await page.locator('dialog.sheet[open]').getByText(does, { exact: true }).waitFor();
  assert.deepEqual(opened.faults, []);
}

async function asPreviewed(stage: AlertsStage): Promise<void> {
  await fire(stage, [...several('AsPreviewed', 7), ...several('AsPreviewed', 4, { service: 'search' })]);
  await countsAre(stage, 'AsPreviewed', { alertCount: 11 });
  await using opened = await openPage(stage.browser, stage.url, { expected: /400 \(/ });
  const { page } = opened;
  await page.goto('/alerts?filter=alertname%3D"AsPreviewed"%2Cservice%3D"checkout"');
  await cardOf(page, 'AsPreviewed').getByRole('button', { name: 'Silence' }).click();
  await page.getByRole('button', { name: 'Silence 7 alerts' }).waitFor();
  // Without the service it is those of the other group too.
  await page.getByLabel('Value of label 2').fill('(');
  await page.getByLabel('How label 2 is compared').selectOption('=~');
  await page.locator('[data-part="matchers"] .problem-line').waitFor();
  await page.getByLabel('Value of label 2').fill('check.*|search');
  await page.getByRole('button', { name: 'Silence 11 alerts' }).waitFor();
  await page.getByRole('button', { name: 'Silence 11 alerts' }).click();
  await page.getByText('Say why').waitFor();
  await page.getByLabel('Why').fill('e2e');
  await page.getByRole('button', { name: 'Silence 11 alerts' }).click();
  await page.getByText('Silenced 11 alerts').first().waitFor();
  await countsAre(stage, 'AsPreviewed', { suppressedCount: 11 });
  await page.goto('/alerts/silences');
  await page.getByText('mutes 11 alerts').waitFor();
  await page.getByRole('button', { name: 'End it now' }).click();
  await countsAre(stage, 'AsPreviewed', { suppressedCount: 0 });
  assert.deepEqual(opened.faults, []);
}

async function arrives(stage: AlertsStage): Promise<void> {
  await using opened = await openPage(stage.browser, stage.url);
  const { page } = opened;
  await page.goto('/alerts?filter=alertname%3D~"Arrives.*"');
  await page.getByText('No alerts match').waitFor();
  await fire(stage, several('ArrivesFirst', 1, { severity: 'warning' }));
  await cardOf(page, 'ArrivesFirst').waitFor();
  await cardOf(page, 'ArrivesFirst').locator('[data-card]').focus();
  const before = await cardOf(page, 'ArrivesFirst').boundingBox();
  await fire(stage, several('ArrivesSecond', 2));
  await page.getByRole('button', { name: '1 new' }).waitFor();
  assert.equal(await cardOf(page, 'ArrivesSecond').count(), 0);
  assert.deepEqual(await cardOf(page, 'ArrivesFirst').boundingBox(), before);
  await page.getByRole('button', { name: '1 new' }).click();
  await cardOf(page, 'ArrivesSecond').waitFor();
  const names = await page.locator('[data-card]').allInnerTexts();
  assert.deepEqual(names, ['ArrivesSecond', 'ArrivesFirst'], 'the worst stands first');
  assert.deepEqual(opened.faults, []);
}

async function byThumb(stage: AlertsStage): Promise<void> {
  await fire(stage, several('ByThumb', 2));
  await countsAre(stage, 'ByThumb', { alertCount: 2 });
  await using opened = await openPage(stage.browser, stage.url, { viewport: phone, hasTouch: true, reducedMotion: 'reduce' });
  const { page } = opened;
  await page.goto('/alerts?filter=alertname%3D"ByThumb"');
  await page.getByRole('button', { name: 'Acknowledge 2' }).tap();
  await countsAre(stage, 'ByThumb', { acknowledgedCount: 2 });
  await cardOf(page, 'ByThumb').getByRole('button', { name: 'Silence' }).tap();
  await page.getByLabel('Why').fill('on my way');
  await page.getByRole('button', { name: 'Silence 2 alerts' }).tap();
  await countsAre(stage, 'ByThumb', { suppressedCount: 2 });
  assert.deepEqual(opened.faults, []);
}

async function readable(stage: AlertsStage): Promise<void> {
  await fire(stage, several('Readable', 25));
  await countsAre(stage, 'Readable', { alertCount: 25 });
  const found: string[] = [];
  for (const viewport of [{ width: 1400, height: 900 }, phone, zoomed]) {
    await using opened = await openPage(stage.browser, stage.url, { viewport, reducedMotion: 'reduce' });
    const { page } = opened;
    // Nothing but the room differs at the narrowest.
    const faultsOf = viewport === zoomed ? overflowOf : faultsOfView;
    const look = async (name: string): Promise<void> => void found.push(...(await faultsOf(page, name)));
    await page.goto('/alerts?filter=alertname%3D"Readable"');
    await cardOf(page, 'Readable').locator('[data-card]').click();
    await page.locator('.alert-row').first().getByRole('button', { name: 'Details' }).click();
    await look('an open group');
    await cardOf(page, 'Readable').getByRole('button', { name: 'Explain' }).click();
    await page.locator('.route-tree').waitFor();
    await look('a group explained');
    await cardOf(page, 'Readable').getByRole('button', { name: 'Silence' }).click();
    await page.getByRole('button', { name: 'Silence 25 alerts' }).waitFor();
    await page.getByLabel('until an exact time').check();
    await look('a silence being written');
    const one = await page.getByRole('link', { name: 'History and explain' }).first().getAttribute('href');
    await page.goto('/alerts/silences?new=alertname%3D"Readable"');
    await page.getByRole('button', { name: 'Silence 25 alerts' }).waitFor();
    await look('silences');
    await page.goto('/alerts/receivers');
    await page.locator('.receiver').first().waitFor();
    await page.locator('.route-tree').waitFor();
    await look('receivers');
    await page.getByRole('link', { name: 'Its messages' }).first().click();
    await page.locator('.message-what button').first().click();
    await page.locator('.message-doc .preview-alerts').waitFor();
    await look('a delivery');
    if (viewport.width === 1400) console.log(`  deliveries: ${words(await figuresOf(page))}`);
    await page.goto('/alerts/deliveries?status=dead');
    await page.getByRole('heading', { name: 'No dead letter' }).waitFor();
    await look('no dead letter');
    await page.goto('/alerts/rules');
    await page.locator('.rule, .empty').first().waitFor();
    await look('rules');
    if (viewport.width === 1400) console.log(`  rules: ${words(await figuresOf(page))}`);
    await page.goto('/alerts/history');
    await page.locator('.entry').first().waitFor();
    await look('history');
    await page.goto(one ?? '');
    await page.locator('.entry').first().waitFor();
    await page.locator('.route-tree').waitFor();
    await look('one alert');
    await page.goto(`/alerts?at=${new Date().toISOString()}`);
    await page.locator('.alert-row').first().waitFor();
    await look('what fired then');
    await page.goto('/alerts?namespace=empty');
    await page.getByText('No alert yet').waitFor();
    await look('nothing yet');
    found.push(...opened.faults);
  }
  assert.deepEqual(found, []);
}

const groups = 300;
const perGroup = 7;

async function many(stage: AlertsStage): Promise<void> {
  for (let at = 0; at < groups; at += 50)
    await fire(
      stage,
      Array.from({ length: 50 }, (_, of) => several(`Many${at + of}`, perGroup, { service: 'many', team: 'many' })).flat(),
    );
  await using opened = await openPage(stage.browser, stage.url);
  const { page } = opened;
  await page.goto('/alerts?filter=team%3D"many"');
  await page.getByText(`${(groups * perGroup).toLocaleString('en')} alerts in ${groups} groups`).waitFor({ timeout: 30_000 });
  const tries = [];
  do {
    tries.push(await framesOf(stage.browser, page, () => scrollThrough(page)));
  } while (leastOf(tries).longTasksCpu > 0 && tries.length < 3);
  const figures = await figuresOf(page);
  console.log(`  ${words(leastOf(tries))}\n  ${words(figures)}`);
  assert.equal(leastOf(tries).longTasksCpu, 0, `a task takes ${leastOf(tries).longestTaskCpuMs} ms of CPU`);
  assert.ok(figures.elements < 4_000, `${figures.elements} elements`);
  assert.ok(figures.heapMb < 60, `${figures.heapMb} MB`);
  assert.deepEqual(opened.faults, []);
}

/** Down until all groups were there, and up again. */
async function scrollThrough(page: Page): Promise<void> {
  await page.mouse.move(700, 600);
  for (let turn = 0; turn < 60; turn++) await page.mouse.wheel(0, 400);
  await eventually(
    async () => {
      await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
      assert.equal(await page.locator('.card-place').count(), groups);
    },
    { timeoutMs: 30_000 },
  );
  for (let turn = 0; turn < 60; turn++) await page.mouse.wheel(0, -400);
}
