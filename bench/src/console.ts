// The console in the machine's Chromium, its figures beside their limits.
import { openStage } from '@tmws/e2e/browser/stage';
import { fillWithRuns } from '@tmws/e2e/browser/content';
import { drawnAfterMs, figuresOf } from '@tmws/e2e/browser/figures';
import { framesOf } from '@tmws/e2e/browser/frames';
import { audited } from '@tmws/e2e/browser/lighthouse';
import { watchGrowing } from '@tmws/e2e/browser/live';
import { openPage } from '@tmws/e2e/browser/open-browser';
import { scrollList, scrollTimeline } from '@tmws/e2e/browser/scrolling';
import { transferredBy } from '@tmws/e2e/browser/transferred';
import { listView, open, timelineView } from '@tmws/e2e/browser/views';
import type { Bench } from './bench.ts';
import { loadExecution } from './timeline-load.ts';

const limits = {
  kb_limit: 120,
  script_kb_limit: 90,
  drawn_ms_limit: 1_000,
  script_p95_ms_limit: 3,
  heap_mb_limit: 80,
  long_tasks_limit: 0,
  lighthouse_limit: 95,
};

/** Script times are CPU time of the page's main thread, but late frames and long tasks are the machine's too: quiet cores are needed for those. */
export const consolePages: Bench = {
  what: 'the console in Chromium: first load, 3,000 runs and 100k steps scrolled, 1,000 step events/s watched, Lighthouse',
  async run({ data, seconds = '10' }) {
    await using stage = await openStage(data);
    const { browser, url } = stage;
    const figures: Record<string, number> = {};
    const add = (name: string, found: object): void => {
      for (const [figure, value] of Object.entries(found))
        figures[`${name}_${figure.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`] = Number(value);
    };
    for (const view of [listView, timelineView]) {
      add(view.name, await transferredBy(browser, url, view));
      const { scores } = await audited(`${url}${view.path}`);
      add(
        `${view.name}_lighthouse`,
        Object.fromEntries(Object.entries(scores).map(([id, score]) => [id.replace('-', '_'), score])),
      );
    }
    await fillWithRuns(url, 'many', 3_000);
    {
      await using opened = await openPage(browser, url);
      const { page } = opened;
      await open(page, { ...listView, path: '/?namespace=many' });
      add('list_3000', await framesOf(browser, page, () => scrollList(page, 3_000)));
      add('list_3000', await figuresOf(page));
    }
    await loadExecution(url, 'bench-console', 100_000);
    {
      await using opened = await openPage(browser, url);
      const { page } = opened;
      await open(page, { ...timelineView, path: '/executions/bench-console?fold=off' });
      add('steps_100k', { drawnMs: await drawnAfterMs(page) });
      add('steps_100k', await framesOf(browser, page, () => scrollTimeline(page)));
      add('steps_100k', await figuresOf(page));
    }
    add('live', await watchGrowing(stage, Number(seconds)));
    return { ...figures, ...limits };
  },
};
