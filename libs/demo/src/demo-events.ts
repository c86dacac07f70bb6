import { playToken, seededRandom } from './random.ts';
import { tellNightlyEtl } from './stories/nightly-etl.ts';
import type { Play } from './stories/play.ts';
import { tellResearch } from './stories/research-agent.ts';
import { tellSupportTriage } from './stories/support-triage.ts';
import type { TimedEvent } from './timed-event.ts';
import { openWorkerPool } from './worker-pool.ts';

export interface DemoOptions {
  /** Chooses the durations; the same seed and start give the same events. */
  readonly seed: number;
  /** When the first execution begins, ms since the epoch. It also makes the ids, so that a later play makes new executions. */
  readonly startMs: number;
  /** Where the executions belong; absent: where the receiver puts them. */
  readonly namespace?: string;
}

/**
 * A day at an editorial office, in about 75 seconds: runs of a research agent (one that needs patience, one that fails, one that is
 * cancelled, one that goes well), their fact-checks as child executions, a nightly pipeline, and short runs in between.
 *
 * Pure. In order of time; every event's id is unique in the play.
 */
export function demoEvents({ seed, startMs, namespace }: DemoOptions): TimedEvent[] {
  const play: Play = {
    random: seededRandom(seed),
    token: playToken(seed, startMs),
    namespace,
    pools: {
      browser: openWorkerPool('browser', 2),
      index: openWorkerPool('index', 2),
      warehouse: openWorkerPool('warehouse', 2),
    },
  };
  const at = (seconds: number): number => startMs + seconds * 1000;
  const scripts = [
    ...tellResearch(play, at(0), {
      number: 1,
      topic: 'How long do grid batteries last?',
      questions: ['cycle life of LFP cells in grid storage', 'field data on capacity fade', 'cost of replacement'],
      troubles: ['rate limit', 'flaky page', 'rate limit twice'],
      approval: { afterMs: 5200, given: true },
    }),
    tellSupportTriage(play, at(3), 1, 'Invoice 4711 was paid twice'),
    tellNightlyEtl(play, at(6)),
    ...tellResearch(play, at(13), {
      number: 2,
      topic: 'What happened to perovskite cells?',
      questions: ['perovskite efficiency records', 'stability of perovskite modules outdoors'],
      troubles: ['none', 'dead page'],
      approval: { afterMs: 0, given: true },
    }),
    tellSupportTriage(play, at(20), 2, 'Cannot change the delivery address'),
    ...tellResearch(play, at(26), {
      number: 3,
      topic: 'Heat pumps in old houses',
      questions: ['heat pump performance in uninsulated houses', 'noise rules for heat pumps'],
      troubles: ['none', 'rate limit'],
      approval: { afterMs: 9000, given: false },
    }),
    ...tellResearch(play, at(40), {
      number: 4,
      topic: 'Who recycles wind turbine blades?',
      questions: ['blade recycling plants in Europe', 'cement kilns and composite waste'],
      troubles: ['none', 'none'],
      approval: { afterMs: 2600, given: true },
    }),
    tellSupportTriage(play, at(52), 3, 'Where is my refund?'),
  ];
  return scripts.flatMap(({ events }) => events).sort((a, b) => a.atMs - b.atMs);
}
