import { strict as assert } from 'node:assert';
import { startOneProcess } from '@tmws/e2e';
import { tempDir } from '@tmws/testkit';
import type { Bench } from './bench.ts';

/** From the start of the node process to `tmws ready`: on an empty data folder, then on the same again. */
export const start: Bench = {
  what: 'time from the node process to "tmws ready", first and second start (limit of the second: 4 s)',
  async run() {
    await using dir = await tempDir('bench-start');
    const seconds: number[] = [];
    for (let i = 0; i < 6; i++) {
      const begin = performance.now();
      const fleet = await startOneProcess(dir.path);
      seconds.push((performance.now() - begin) / 1000);
      const answer = await fetch(`${fleet.url}/readyz`);
      assert.equal(answer.status, 200);
      await fleet.stop();
    }
    const [first = NaN, ...again] = seconds;
    again.sort((a, b) => a - b);
    return {
      first_start_s: first,
      second_start_median_s: again[2] ?? NaN,
      second_start_max_s: again.at(-1) ?? NaN,
      second_start_limit_s: 4,
    };
  },
};
