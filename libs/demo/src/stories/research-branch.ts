import type { StepErrorJson } from '@tmws/contracts';
import type { AttemptScript, ExecutionScript } from '../script.ts';
import { modelUsage, type Play, toolUsage } from './play.ts';
import type { BranchSteps } from './research-steps.ts';

/** What goes wrong in a branch: a page that answers at the third try or never, a model that says 429. */
export type Trouble = 'none' | 'flaky page' | 'dead page' | 'rate limit' | 'rate limit twice';

/** How a branch ended, and the error if it failed. */
export interface BranchEnd {
  readonly endMs: number;
  readonly error?: StepErrorJson;
}

const badGateway: StepErrorJson = { type: 'UpstreamError', message: '502 Bad Gateway from https://papers.example/annual-review' };
const slowPage: StepErrorJson = { type: 'Timeout', message: 'no answer from https://papers.example/annual-review within 1.2 s' };

/** A branch of the fan-out: its steps, its question, what goes wrong in it. */
export interface Branch {
  readonly steps: BranchSteps;
  readonly question: string;
  readonly trouble: Trouble;
}

/** The fan-out: every question is searched, read and summarised, side by side as far as the browsers allow, first come first served. */
export function tellBranches(script: ExecutionScript, branches: readonly Branch[], readyMs: number, play: Play): BranchEnd[] {
  const { random, pools } = play;
  const searched = branches.map(({ steps, question }, i) => {
    const runMs = random.between(1600, 2900);
    const found = { usage: toolUsage(random, runMs), input: { query: question }, output: { results: random.between(6, 14) } };
    return script.step(steps.search, readyMs + 5 + 3 * i, [{ pool: pools.browser, runMs, ...found }]);
  });
  const byReadiness = branches.map((branch, i) => ({ branch, i, atMs: searched[i] ?? readyMs })).sort((a, b) => a.atMs - b.atMs);
  const ends = byReadiness.map(({ branch, i, atMs }) => ({ i, end: tellReading(script, branch, readyMs + 3 * i, atMs, play) }));
  return ends.sort((a, b) => a.i - b.i).map(({ end }) => end);
}

function tellReading(script: ExecutionScript, branch: Branch, begunMs: number, searchedMs: number, play: Play): BranchEnd {
  const { steps, trouble } = branch;
  const read = script.step(steps.read, searchedMs, readAttempts(play, trouble));
  if (trouble === 'dead page') {
    const error: StepErrorJson = {
      type: 'RetriesExhausted',
      message: `read failed 3 times; the last: ${badGateway.message ?? ''}`,
    };
    script.skip(steps.summarise, read);
    script.span(steps.branch, begunMs, read, 'failed', error);
    return { endMs: read, error };
  }
  const endMs = script.step(steps.summarise, read, summariseAttempts(play, trouble));
  script.span(steps.branch, begunMs, endMs);
  return { endMs };
}

function readAttempts({ random, pools }: Play, trouble: Trouble): [AttemptScript, ...AttemptScript[]] {
  const runMs = random.between(900, 1900);
  const good: AttemptScript = {
    pool: pools.browser,
    runMs,
    usage: toolUsage(random, runMs),
    output: { pages: 3, words: random.between(2400, 5200) },
  };
  if (trouble !== 'flaky page' && trouble !== 'dead page') return [good];
  const backoff = (ms: number) => ({ kind: 'retry_backoff' as const, ms, reason: `waits ${ms / 1000} s before the next try` });
  const first: AttemptScript = { pool: pools.browser, runMs: 1200, outcome: 'failed', error: slowPage };
  const second: AttemptScript = {
    before: [backoff(1000)],
    pool: pools.browser,
    runMs: 420,
    outcome: 'failed',
    error: badGateway,
  };
  const third: AttemptScript = { ...(trouble === 'flaky page' ? good : { ...second, runMs: 380 }), before: [backoff(2000)] };
  return [first, second, third];
}

function summariseAttempts({ random }: Play, trouble: Trouble): [AttemptScript, ...AttemptScript[]] {
  const words = random.between(180, 320);
  const runMs = random.between(1500, 2600);
  const good: AttemptScript = { runMs, usage: modelUsage(random, words), output: { words } };
  const limited = (seconds: number) => `429 from the model: retry after ${seconds} s`;
  if (trouble === 'rate limit') {
    return [{ ...good, before: [{ kind: 'rate_limit', ms: 2400, reason: limited(2.4) }] }];
  }
  if (trouble === 'rate limit twice') {
    const refused: AttemptScript = { runMs: 160, outcome: 'failed', error: { type: 'RateLimited', message: limited(3) } };
    const inside = { kind: 'rate_limit' as const, afterMs: 500, ms: 1300, reason: 'tokens per minute used up; the stream waits' };
    return [
      refused,
      { ...good, before: [{ kind: 'retry_backoff', ms: 3000, reason: limited(3) }], runMs: runMs + 1300, during: inside },
    ];
  }
  return [good];
}
