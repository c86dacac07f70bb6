import type { ListSilencesResponseJson, MatcherJson, SilenceJson, SuggestSilenceResponseJson } from '@tmws/contracts';
import { z } from 'zod';
import { alert } from './alerts.ts';
import { count, instant, messageJson, word } from './message-json.ts';

const operators = ['=', '!=', '=~', '!~'] as const;

const matcher = messageJson<MatcherJson>()({
  name: word('A label', 'job'),
  value: word('For =~ and !~ a regular expression of Go (RE2) for the whole value', 'api'),
  operator: word(operators.join(', '), '='),
}).meta({ id: 'SilenceMatcher' });

export const silence = messageJson<SilenceJson>()({
  id: word('Names it', '0b6f6c0e-6a0c-4f0e-9b0a-3c1f5f5f0a11'),
  matchers: z.array(matcher).meta({ description: 'An alert is muted if it matches all' }),
  state: word('pending, active, expired', 'active'),
  startsAt: instant('From then').optional(),
  endsAt: instant('Up to then').optional(),
  updatedAt: instant('When it was last changed').optional(),
  createdBy: word('Who', 'ann'),
  comment: word('Why', 'deploy of the api'),
  mutedCount: count('Alerts it mutes now'),
}).meta({ id: 'Silence' });

export const silenceList = messageJson<ListSilencesResponseJson>()({
  items: z
    .array(silence)
    .meta({ description: 'Active ones, the first to end first; then pending ones, the first to start first; then expired ones' }),
  nextCursor: word('Empty at the end'),
  total: count('Of all pages'),
}).meta({ id: 'SilenceList' });

export const silencePreview = messageJson<SuggestSilenceResponseJson>()({
  now: count('Alerts that fire now and would be muted'),
  lastDay: count('Alerts that fired at some time in the last 24 hours, those of now among them'),
  lastWeek: count('The same of the last 7 days'),
  alerts: z.array(alert).meta({ description: 'Of those that fire now, the worst first' }),
}).meta({ id: 'SilencePreview' });

const wantedMatcher = z.strictObject(
  {
    name: z
      .string({ error: 'must be a label name' })
      .min(1, { error: 'must be a label name' })
      .meta({ examples: ['job'] }),
    value: z.string({ error: 'must be a text' }).meta({ examples: ['api'] }),
    operator: z
      .enum(operators, { error: `must be one of ${operators.join(', ')}` })
      .optional()
      .meta({ description: '`=` if absent' }),
  },
  { error: 'name, value and operator are taken' },
);
const matchers = z
  .array(wantedMatcher, { error: 'must be 1 to 128 matchers' })
  .min(1, { error: 'must be 1 to 128 matchers' })
  .max(128, { error: 'must be 1 to 128 matchers' })
  .meta({ description: 'An alert is muted if it matches all' });

const time = z.iso
  .datetime({ offset: true, error: 'must be RFC 3339, like "2026-01-31T12:00:00Z"' })
  .meta({ examples: ['2026-03-01T14:00:00Z'] });

export const silenceRequest = z
  .strictObject(
    {
      matchers,
      startsAt: time.optional().meta({ description: 'Now if absent' }),
      endsAt: time.meta({ description: 'Every silence ends' }),
      comment: z
        .string({ error: 'must say why' })
        .min(1, { error: 'must say why' })
        .max(4000, { error: 'must be at most 4000 characters' })
        .meta({ description: 'Why', examples: ['deploy of the api'] }),
    },
    { error: 'matchers, startsAt, endsAt and comment are taken' },
  )
  .meta({ id: 'SilenceRequest' });

export const previewRequest = z
  .strictObject(
    {
      matchers,
      limit: z
        .int({ error: 'must be a whole number from 1 to 200' })
        .min(1, { error: 'must be a whole number from 1 to 200' })
        .max(200, { error: 'must be a whole number from 1 to 200' })
        .optional()
        .meta({ description: 'How many alerts are named at most; 20 if absent', examples: [20] }),
    },
    { error: 'matchers and limit are taken' },
  )
  .meta({ id: 'SilencePreviewRequest' });
