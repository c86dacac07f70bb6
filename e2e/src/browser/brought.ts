// What one chooses from afar is brought into sight, and what is taken along looks like the page.
import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { failure } from './content.ts';
import { openPage, phone } from './open-browser.ts';
import type { Stage } from './stage.ts';
import { open, showTheme, themes, timelineView } from './views.ts';

/** On a phone the details of a step lie below the chart: `n` and a link of the summary bring the reader to them. */
export async function bringsToFailure({ browser, url }: Stage): Promise<void> {
  for (const way of ['key', 'link'] as const) {
    await using opened = await openPage(browser, url, { viewport: phone, reducedMotion: 'reduce' });
    const { page, faults } = opened;
    await open(page, timelineView);
    if (way === 'key') await page.keyboard.press('n');
    else await page.locator('.first-failure button').click();
    await page.locator('.attempt-error').getByText(failure.message).waitFor();
    const { y: top = -1 } = (await page.locator('.step-panel h2').boundingBox()) ?? {};
    assert.ok(top >= 0 && top < phone.height - 120, `by ${way} the details begin at ${top} px of ${phone.height}`);
    assert.deepEqual(faults, []);
  }
}

/** The ground of a picture in each theme; services/workflow-timeline holds them to the console's. */
const grounds = { light: '#ffffff', dark: '#12171f', contrast: '#000000' } as const;

export async function pictureInTheme({ browser, url }: Stage): Promise<void> {
  await using opened = await openPage(browser, url, { acceptDownloads: true });
  const { page, faults } = opened;
  await open(page, timelineView);
  for (const theme of themes) {
    await showTheme(page, theme);
    await page.keyboard.press('c');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Picture as a file (SVG)' }).click(),
    ]);
    const svg = await readFile(await download.path(), 'utf8');
    assert.match(svg, new RegExp(`^<svg[^>]*>.*<rect width="[\\d.]+" height="[\\d.]+" fill="${grounds[theme]}"/>`, 's'));
  }
  assert.deepEqual(faults, []);
}
