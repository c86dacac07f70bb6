// The console in Chromium, its figures beside their limits.
import { strict as assert } from 'node:assert';
import { fillWithRuns } from '@tmws/e2e/browser/content';
import { figuresOf } from '@tmws/e2e/browser/figures';
import { framesOf } from '@tmws/e2e/browser/frames';
import { audited } from '@tmws/e2e/browser/lighthouse';
import { watchGrowing } from '@tmws/e2e/browser/live';
import { openPage } from '@tmws/e2e/browser/open-browser';
import { scrollList } from '@tmws/e2e/browser/scrolling';
import { openStage, type Stage } from '@tmws/e2e/browser/stage';
import { transferredBy } from '@tmws/e2e/browser/transferred';
import { listView, open, timelineView } from '@tmws/e2e/browser/views';
import type { Bench, BenchOptions } from './bench.ts';
import { largeExecution } from './console-large.ts';
import { tracedLive } from './console-live.ts';

/** What is no matter of how busy the machine is: bytes, memory, scores, CPU time of the page's main thread. */
const atMost: Readonly<Record<string, number>> = {
  list_kb: 120,
  list_script_kb: 90,
  timeline_kb: 120,
  timeline_script_kb: 90,
  large_opening_cpu_ms: 1_000,
  large_steady_script_p95_ms: 3,
  large_heap_mb: 80,
  live_traced_longest_task_cpu_ms: 50,
};
const leastScore = 95;

type Part = (stage: Stage, options: BenchOptions) => Promise<Record<string, object>>;

const parts: Readonly<Record<string, Part>> = {
  async visits({ browser, url }) {
    const found: Record<string, object> = {};
    for (const view of [listView, timelineView]) {
      found[view.name] = await transferredBy(browser, url, view);
      found[`${view.name}_lighthouse`] = (await audited(`${url}${view.path}`)).scores;
    }
    return found;
  },

  async list({ browser, url }) {
    await fillWithRuns(url, 'many', 3_000);
    await using opened = await openPage(browser, url);
    const { page } = opened;
    await open(page, { ...listView, path: '/?namespace=many' });
    const frames = await framesOf(browser, page, () => scrollList(page, 3_000));
    return { list_3000: { ...frames, ...(await figuresOf(page)) } };
  },

  large: (stage, { steps = '100000' }) => largeExecution(stage, Number(steps)),

  async live(stage, { seconds = '10' }) {
    return { live: await watchGrowing(stage, Number(seconds)), live_traced: await tracedLive(stage, Number(seconds)) };
  },
};

/** `--part list,large` takes some of the parts. Gates are on what is the page's own; frames a second and times by the clock are told. */
export const consolePages: Bench = {
  what: `the console in Chromium: first visits, 3,000 runs, 100k steps, 1,000 step events/s (--part ${Object.keys(parts).join(',')})`,
  async run(options) {
    const chosen = options.part?.split(',') ?? Object.keys(parts);
    const unknown = chosen.filter((name) => !(name in parts));
    assert.deepEqual(unknown, [], `--part takes ${Object.keys(parts).join(', ')}, by commas`);
    await using stage = await openStage(options.data);
    const figures: Record<string, number> = {};
    for (const name of chosen) {
      for (const [of, found] of Object.entries((await parts[name]?.(stage, options)) ?? {}))
        for (const [figure, value] of Object.entries(found)) figures[`${of}_${snakeCase(figure)}`] = Number(value);
    }
    console.log(figures);
    for (const [figure, limit] of Object.entries(atMost))
      if (figure in figures) assert.ok((figures[figure] ?? NaN) <= limit, `${figure} is ${figures[figure]}, above ${limit}`);
    for (const [figure, score] of Object.entries(figures))
      if (figure.includes('_lighthouse_')) assert.ok(score >= leastScore, `${figure} is ${score}, below ${leastScore}`);
    const limits = Object.fromEntries(Object.entries(atMost).map(([figure, limit]) => [`limit_${figure}`, limit] as const));
    return { ...figures, ...limits, limit_lighthouse: leastScore };
  },
};

const snakeCase = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll('-', '_');
