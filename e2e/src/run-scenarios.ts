// Scenarios in lanes: those that mostly wait (for leases, outages, programs that start) run side by side, then the others one by one.
import type { Scenario } from './scenario.ts';

export interface Running {
  /** How many run side by side. */
  readonly lanes: number;
  /** Takes what was said of a scenario when it is over. */
  readonly print: (text: string) => void;
}

/** Runs all of them, whatever fails. @returns how many passed */
export async function runScenarios(scenarios: readonly Scenario[], { lanes, print }: Running): Promise<number> {
  let passed = 0;
  const run = async ({ name, run: play }: Scenario, say: (line: string) => void): Promise<void> => {
    const begin = performance.now();
    const tookMs = (): number => Math.round(performance.now() - begin);
    try {
      await play(say);
      passed++;
      say(`✓ ${name} (${tookMs()} ms)`);
    } catch (error) {
      say(`✗ ${name} (${tookMs()} ms)\n${Error.isError(error) ? error.stack : String(error)}`);
    }
  };
  const waiting = scenarios
    .filter(({ alone }) => alone !== true)
    .toSorted((one, other) => (other.seconds ?? 5) - (one.seconds ?? 5));
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const lines: string[] = [];
      await run(next, (line) => void lines.push(line));
      print(lines.join('\n'));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  for (const each of scenarios) if (each.alone === true) await run(each, print);
  return passed;
}
