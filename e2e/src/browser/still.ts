// Nothing of the execution page moves by itself while it comes: what stands above the chart is there with it, or its room is.
import { strict as assert } from 'node:assert';
import { failedRun } from './content.ts';
import { figuresOf } from './figures.ts';
import { desktop, openPage, phone, zoomed } from './open-browser.ts';
import type { Stage } from './stage.ts';
import { open, views } from './views.ts';

const mostShift = 0.02;

export async function staysWhileItComes({ browser, url }: Stage): Promise<void> {
  const moved: string[] = [];
  const shown = views.filter(({ path }) => path.startsWith(`/executions/${failedRun}`));
  for (const viewport of [desktop, phone, zoomed])
    for (const view of shown) {
      await using opened = await openPage(browser, url, { viewport });
      await open(opened.page, { name: view.name, path: view.path, ready: view.ready });
      const { shift } = await figuresOf(opened.page);
      if (shift > mostShift) moved.push(`${view.name} at ${viewport.width} px moves by ${shift.toFixed(3)}`);
    }
  assert.deepEqual(moved, [], `of all that moves at most ${mostShift} is allowed`);
}
