import { z } from 'zod';
import { execution } from './execution.ts';
import { int64 } from './message-json.ts';

/** The media type of columns. */
export const columnsType = 'application/vnd.tmws.timeline.columns+json';

const numbers = (description: string) => z.array(z.number().nullable()).meta({ description, examples: [[0, 1, 1]] });
const words = (description: string, example: string[]) => z.array(z.string()).meta({ description, examples: [example] });
const whole = (description: string, example = 3) =>
  z
    .int()
    .min(0)
    .meta({ description, examples: [example] });

const template = z.union([z.string(), z.tuple([z.string(), z.int().min(0), z.string()])]).meta({
  id: 'TextTemplate',
  description:
    'A text; or [before, digits, after], a text that has a number in it: before + number, filled up with zeros to so many digits, + after',
  examples: [['step-', 0, '']],
});

const rows = z
  .object({
    count: whole('How many'),
    type: numbers('Place in types'),
    idNumber: numbers(
      'The number in the step id; distance from that of the nearest row above of the same type, the first from 0',
    ),
    nameNumber: numbers('The number in the name, in the same way'),
    status: numbers('Place in statuses; of a fold the worst'),
    depth: numbers('0 at the top. The parent is the nearest row above whose depth is one less'),
    path: numbers('Place in paths; -1: the path of the parent and its step id, none at the top'),
    iteration: numbers('Round of a loop, from 0'),
    keyedBySpan: numbers(
      '1: its stepKey is the id of its span; else it follows from path, step id and iteration. Ask for keys=1',
    ),
    keys: z
      .array(z.string())
      .optional()
      .meta({
        description: 'Of keys=1: stepKeys',
        examples: [['0f4c2d9a7be1835560d1c9e24ab3f798']],
      }),
  })
  .meta({ id: 'RowColumns', description: 'Rows from top to bottom, parents before what is under them' });

const bars = z
  .object({
    count: whole('How many'),
    row: numbers('Its row; distance from the row of the bar before'),
    attempt: numbers('Which try, from 1'),
    status: numbers('Place in statuses'),
    at: numbers(
      'Its anchor: when it was first heard of. Of the first bar of a row that waited for rows above it: distance from the latest ' +
        'end of the last bars of those rows, as far as known; else from the anchor of the bar before, the first from startNs',
    ),
    ready: numbers('0: at the anchor; null: not known'),
    queued: numbers('Distance from ready, if that is known, else from the anchor; null: not known'),
    start: numbers('Distance from the last of those that is known, else from the anchor; null: not known'),
    end: numbers('Distance from the last of those that is known, else from the anchor; null: still open, draw it to asOfNs'),
    place: numbers('Place in places'),
    flags: numbers('Bits: the lowest is flags[0]'),
    critical: numbers('1: on the critical path'),
  })
  .meta({ id: 'BarColumns', description: 'Bars in the order of rows' });

const waits = z
  .object({
    count: whole('How many'),
    bar: numbers('Its bar; distance from the bar of the wait before'),
    kind: numbers('Place in waitKinds'),
    from: numbers('Distance from the anchor of the bar'),
    to: numbers('Distance from `from`; null: it still waits'),
    reason: numbers('Place in reasons'),
  })
  .meta({ id: 'WaitColumns' });

const dependencies = z
  .object({
    count: whole('How many'),
    perRow: numbers('How many each row has'),
    back: numbers('Row minus the row it waited for; row after row'),
  })
  .meta({ id: 'DependencyColumns', description: 'What rows waited for' });

const folds = z
  .object({
    count: whole('How many'),
    row: numbers('Its row; distance from the row of the fold before'),
    steps: numbers('How many steps it stands for'),
    failed: numbers('How many of them failed or timed out'),
    critical: numbers('How many of them lie on the critical path'),
  })
  .meta({
    id: 'FoldColumns',
    description: 'Rows that stand for several steps: siblings of one type and all that lies below them',
  });

const runs = z
  .object({
    count: whole('How many'),
    bar: numbers('Its bar; distance from the bar of the run before'),
    bars: numbers('How many bars it stands for: all of one status, all critical or none'),
    covered: numbers('How much of its time any of them covers, in units'),
  })
  .meta({ id: 'RunColumns', description: 'Bars that stand for several' });

const usage = z
  .object({
    count: whole('How many'),
    bar: numbers('Its bar; distance from the bar before that has any'),
    cpu: numbers('CPU time, µs'),
    memory: numbers('Peak resident memory, KiB, rounded up; of a run the greatest of its bars'),
    tokens: numbers('Tokens of models'),
    cost: numbers('10⁻⁹ USD'),
  })
  .meta({
    id: 'UsageColumns',
    description:
      'What bars used, of those that tell it; absent if none does. Of a run cpu, tokens and cost are sums in which what steps inside ' +
      'others tell as well counts once',
  });

const detail = z
  .object({
    whole: z.boolean().meta({ description: 'Nothing in the window is left out', examples: [true] }),
    steps: whole('Steps in the window'),
    bars: whole('Bars in the window'),
    foldedSteps: whole('Steps without a row of their own', 0),
    mergedBars: whole('Bars without a bar of their own', 0),
    pixelNs: int64('What is narrower was merged; 0: nothing', '0'),
    leftOutWaits: whole('Waits of merged bars, or shorter than a pixel', 0),
    leftOutDependencies: whole('Dependencies of or on rows that are folded, or not in the window', 0),
    note: z.string().meta({ description: 'In words what was left out and how to see it; else empty', examples: [''] }),
  })
  .meta({ id: 'DetailLevel' });

export const columns = z
  .object({
    execution: execution.optional(),
    asOfNs: int64('The instant the answer holds for: open bars end here'),
    startNs: int64('The first known instant: where the axis begins'),
    endNs: int64('The last known instant'),
    unitNs: int64(
      'Times count units of so many ns from startNs: the greatest of 1, 10³, 10⁶ and 10⁹ that tells all exactly',
      '1000000',
    ),
    rounded: z
      .boolean()
      .meta({ description: 'Longer than numbers can tell exactly: times are cut to the unit', examples: [false] }),
    templates: z.array(template),
    kinds: words('Kinds of steps', ['llm', 'tool']),
    statuses: words('Statuses', ['completed']),
    types: z.array(z.tuple([z.int(), z.int(), z.int()])).meta({
      description: '[place in templates of the step id, of the name (-1: it is the step id), place in kinds]',
      examples: [[[0, -1, 1]]],
    }),
    places: z.array(z.tuple([z.string(), z.string()])).meta({
      description: '[worker, pool]',
      examples: [[['w-1', 'browser']]],
    }),
    waitKinds: words('Kinds of waits', ['rate_limit']),
    reasons: words('Reasons of waits, at most 200 characters each', ['429 from the model']),
    flags: words('Corrections', ['end_before_start', 'skew_clamped']),
    paths: z.array(z.array(z.string())).meta({ description: 'Paths of rows', examples: [[['plan']]] }),
    rows,
    bars,
    waits,
    dependencies,
    folds,
    runs,
    usage: usage.optional(),
    detail,
  })
  .meta({
    id: 'TimelineColumns',
    description:
      'A timeline as columns: arrays with one number for each row, bar, wait, …, and dictionaries they point into. All numbers are ' +
      'integers. Columns of distances are read by adding up.',
  });

export type ColumnsJson = z.input<typeof columns>;
