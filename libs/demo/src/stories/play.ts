import type { UsageJson } from '@tmws/contracts';
import type { Random } from '../random.ts';
import type { WorkerPool } from '../worker-pool.ts';

/** What the stories of one play share. */
export interface Play {
  readonly random: Random;
  /** Makes ids unique to this play. */
  readonly token: string;
  readonly namespace: string | undefined;
  readonly pools: {
    /** Two headless browsers: a fan-out of three has to queue. */
    readonly browser: WorkerPool;
    readonly index: WorkerPool;
    readonly warehouse: WorkerPool;
  };
}

/** What a model call used; the numbers follow each other as they do in life. */
export function modelUsage(random: Random, outputTokens: number): UsageJson {
  const tokens = random.between(600, 2400) + outputTokens;
  const costUsd = Math.round(tokens * 0.4 + outputTokens * 1.2) / 100_000;
  return { tokens: String(tokens), costUsd, cpuSeconds: random.between(20, 90) / 1000 };
}

/** What a tool of ours used. */
export function toolUsage(random: Random, runMs: number): UsageJson {
  const memoryBytes = String(random.between(40, 180) * 1_048_576);
  return { cpuSeconds: Math.round(runMs * random.between(20, 70)) / 100_000, memoryBytes };
}
