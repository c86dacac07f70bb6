// What may be asked of pictures of an execution.
import { z } from 'zod';
import { namespaced, time } from './parameters.ts';

const number = (least: number, most: number, description: string, example: number) => {
  const error = `must be a whole number from ${least} to ${most}`;
  return z
    .preprocess(
      (text) => (typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : text),
      z
        .int({ error })
        .min(least, { error })
        .max(most, { error })
        .meta({ examples: [example] }),
    )
    .optional()
    .meta({ description });
};

const windowed = {
  ...namespaced,
  from: time('from', 'Only what ends after; before `to`'),
  to: time('to', 'Only what starts before'),
};

interface Given {
  readonly from?: bigint | undefined;
  readonly to?: bigint | undefined;
}
const inOrder = ({ from, to }: Given): boolean => from === undefined || to === undefined || from < to;
const outOfOrder = { error: 'must lie before to', path: ['from'] };

const px = number(
  1,
  10_000,
  'Of columns: how many pixels the axis has. Rows are folded to at most 1,000 and bars merged to what so many pixels can show. ' +
    'Without it everything in the window up to 200,000 steps, above that as if it were 2,000',
  1200,
);
const keys = z
  .enum(['0', '1'], { error: 'must be 0 or 1' })
  .optional()
  .meta({ description: 'Of columns: 1 adds the stepKey of each row' });

export const timelineQuery = z
  .strictObject({ ...windowed, px, keys }, { error: 'from, to, px, keys and namespace are taken' })
  .refine(inOrder, outOfOrder);

export const svgQuery = z
  .strictObject(
    {
      ...windowed,
      width: number(320, 10_000, 'Of the picture, px; 1,200 if absent', 1200),
      theme: z
        .enum(['light', 'dark', 'contrast'], { error: 'must be one of light, dark, contrast' })
        .optional()
        .meta({ description: '`light` if absent; `contrast` is high contrast, on black' }),
    },
    { error: 'from, to, width, theme and namespace are taken' },
  )
  .refine(inOrder, outOfOrder);
