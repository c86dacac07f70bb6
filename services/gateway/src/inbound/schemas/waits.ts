import type {
  BlameJson,
  GetWaitsResponseJson,
  PoolBlameJson,
  PoolUseJson,
  StepWaitsJson,
  WaitCauseJson,
  WaitPieceJson,
} from '@tmws/contracts';
import { z } from 'zod';
import { count, int64, messageJson, word } from './message-json.ts';

const stepKey = '0f4c2d9a7be1835560d1c9e24ab3f798';
const ns = '4200000000';
const causes =
  'dependency (a step it depends on had not ended), contention (its pool or worker was full, of steps queued no later), prioritisation ' +
  '(it was full, and a step queued later was on it), batching (it began with others of its pool once the last of them was queued), ' +
  'unavailability (nobody was on its pool), extraneous (its pool was not full), retry (after a try, before the next), told (for what ' +
  'the engine told), orchestration (for the engine) or unknown';
const share = (description: string, example: number) => z.number().meta({ description, examples: [example] });
const nsBy = (what: string, key: string) =>
  z.record(z.string(), int64('ns', ns)).meta({ description: `ns by ${what}; they sum to waitedNs`, examples: [{ [key]: ns }] });

const blame = messageJson<BlameJson>()({
  stepKey: word('Its row of the timeline', stepKey),
  stepId: word('As the engine named it', 'search-web'),
  attempt: count('Which try'),
  ns: int64('How much of the wait it covers; of batching, how much later it was queued', ns),
}).meta({ id: 'Blame' });

const waitCause = messageJson<WaitCauseJson>()({
  cause: word(causes, 'contention'),
  ns: int64('Its share of the wait; its instants may lie apart', ns),
  pool: word('Of causes of pools: which', 'browser'),
  worker: word('Where a worker was full: which', 'w-3'),
  behind: z
    .array(blame)
    .meta({ description: 'Who it waited for, greatest first, at most 5; several may cover the same instant' }),
  behindCount: count('How many there are in all'),
}).meta({ id: 'WaitCause' });

const waitPiece = messageJson<WaitPieceJson>()({
  attempt: count('Before or in which try'),
  kind: word('A segment kind, never run', 'queue'),
  fromNs: int64('ns since the epoch'),
  toNs: int64('ns since the epoch'),
  reason: word('In words', '429 from the model'),
  causes: z.array(waitCause).meta({ description: 'They sum to its length' }),
}).meta({ id: 'WaitPiece', description: 'A stretch in which a step waited' });

export const stepWaits = messageJson<StepWaitsJson>()({
  stepKey: word('Its row of the timeline', stepKey),
  stepId: word('As the engine named it', 'search-web'),
  name: word('For people', 'search web'),
  kind: word('llm, tool, agent, http, task, …', 'tool'),
  fromNs: int64('When it was first heard of, or released if that was earlier'),
  endNs: int64('Its last end, or now'),
  waitedNs: int64('The sum of its pieces', ns),
  ranNs: int64('The rest', ns),
  pieces: z.array(waitPiece).meta({ description: 'In order of time' }),
}).meta({ id: 'StepWaits' });

const poolBlame = messageJson<PoolBlameJson>()({
  waiting: word('A name or kind of steps', 'read page'),
  on: word('A name or kind of steps', 'search web'),
  ns: int64('How much of the waits it covers', ns),
}).meta({ id: 'PoolBlame' });

const poolUse = messageJson<PoolUseJson>()({
  pool: word('Empty for a worker that belongs to none', 'browser'),
  worker: word('Of a worker that belongs to no pool'),
  tries: count('How many were on it'),
  queueNs: int64('What was waited for it, all together', ns),
  busyNs: int64('What was done on it, all together', ns),
  capacity: count('Most at once, as seen'),
  utilisation: share('busyNs of the capacity from the first queued to the last end, 0 to 1', 0.83),
  queueLengthCounted: share('Mean length of the queue, from who was queued and who began', 1.2),
  queueLengthComputed: share('The same as arrival rate × mean wait', 1.2),
  queueingTold: share('Part of the tries whose queueing is told and needed no correction', 1),
  littlesLawHolds: z.boolean().meta({
    description:
      'Whether both are the same within 5 %; if not, some tries do not tell when they were queued, or clocks were wrong',
    examples: [true],
  }),
  blameBy: word('name, or kind where the pool has more than 20 names', 'name'),
  blame: z.array(poolBlame).meta({ description: 'Whose waits were covered by whom; greatest first, at most 100' }),
}).meta({ id: 'PoolUse', description: 'A pool as the steps of this execution used it' });

export const waits = messageJson<GetWaitsResponseJson>()({
  makespanNs: int64('From the first start to the last end', ns),
  asOfNs: int64('The instant the answer holds for'),
  stepsWaited: count('How many steps waited'),
  waitedNs: int64('How long all together', ns),
  nsByKind: nsBy('segment kind', 'queue'),
  nsByCause: nsBy('cause', 'contention'),
  steps: z.array(stepWaits).meta({ description: 'The longest waiting first' }),
  pools: z.array(poolUse).meta({ description: 'The most waited for first, at most 50' }),
}).meta({ id: 'Waits' });
