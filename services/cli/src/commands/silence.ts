import type { ListSilencesResponseJson, MatcherJson, SilenceJson, SuggestSilenceResponseJson } from '@tmws/contracts';
import type { Context } from '../context.ts';
import { exitCodes, Failure } from '../failure.ts';
import { matcherOf } from '../label-words.ts';
import { type Column, printList, printObject } from '../output.ts';
import { statusStyle } from '../paint.ts';
import { timeText } from '../time-text.ts';
import { alertColumns } from './alert-list.ts';

export interface SilenceListOptions {
  readonly state: string;
  readonly limit: number;
}

export interface SilenceAddOptions {
  readonly comment: string;
  readonly duration: string;
  readonly start?: string;
  readonly end?: string;
}

const path = '/api/v1/silences';
const unitsMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** `tmws silence list`: what mutes, the first to end first. */
export async function silenceList(context: Context, { state, limit }: SilenceListOptions): Promise<void> {
  const nowMs = context.terminal.nowMs();
  const { items = [] } = await context.client().get<ListSilencesResponseJson>(path, { state, limit: Math.min(limit, 500) });
  const columns: Column<SilenceJson>[] = [
    { title: 'ID', text: ({ id = '' }) => id },
    { title: 'STATE', text: ({ state: is = '' }) => is, style: ({ state: is = '' }) => statusStyle(is) },
    { title: 'ENDS', text: ({ endsAt }) => timeText(endsAt, context.time, nowMs) },
    { title: 'MUTES', text: ({ mutedCount = 0 }) => String(mutedCount), align: 'right' },
    { title: 'BY', text: ({ createdBy = '' }) => createdBy, shrinkTo: 8 },
    { title: 'MATCHERS', text: ({ matchers }) => matchersText(matchers), shrinkTo: 16 },
    { title: 'COMMENT', text: ({ comment = '' }) => comment, shrinkTo: 12 },
  ];
  await printList(context, columns, items);
  if (items.length === 0 && context.terminal.errIsTty) context.terminal.tell('nothing is silenced\n');
}

/** `tmws silence add`: mutes for a time. */
export async function silenceAdd(context: Context, given: readonly string[], options: SilenceAddOptions): Promise<void> {
  const { comment, duration, start, end } = options;
  const startMs = start === undefined ? context.terminal.nowMs() : Date.parse(start);
  const endsAt = end ?? new Date(startMs + durationMs(duration)).toISOString();
  const asked = { matchers: given.map(matcherOf), comment, endsAt, startsAt: start };
  const made = await context.client().post<SilenceJson>(path, asked);
  await printObject(context, made, [
    ['id', made.id ?? ''],
    ['state', made.state ?? ''],
    ['matchers', matchersText(made.matchers)],
    ['from', timeText(made.startsAt, context.time, context.terminal.nowMs())],
    ['to', timeText(made.endsAt, context.time, context.terminal.nowMs())],
    ['mutes', `${made.mutedCount ?? 0} alerts now`],
  ]);
}

/** `tmws silence preview`: what it would mute. */
export async function silencePreview(context: Context, given: readonly string[]): Promise<void> {
  const found = await context.client().post<SuggestSilenceResponseJson>(`${path}/preview`, { matchers: given.map(matcherOf) });
  if (context.format !== 'table' && context.format !== 'plain') return printObject(context, found, []);
  const { now = 0, lastDay = 0, lastWeek = 0, alerts = [] } = found;
  await printObject(context, found, [
    ['now', String(now)],
    ['last 24 hours', String(lastDay)],
    ['last 7 days', String(lastWeek)],
  ]);
  await printList(context, alertColumns(context), alerts);
}

/** `tmws silence expire ID…`: ends them now. */
export async function silenceExpire(context: Context, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await context.client().delete(`${path}/${encodeURIComponent(id)}`);
    context.terminal.tell(`${id} is expired\n`);
  }
}

const matchersText = (matchers: readonly MatcherJson[] = []): string =>
  matchers.map(({ name = '', operator = '=', value = '' }) => `${name}${operator}${JSON.stringify(value)}`).join(' ');

/** `30m`, `2h`, `1h30m`. */
function durationMs(text: string): number {
  const parts = [...text.matchAll(/(\d{1,6})([smhdw])/g)];
  const ms = parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (unitsMs[unit] ?? 0), 0);
  if (parts.map(([part]) => part).join('') === text && ms > 0) return ms;
  throw Failure.of('invalid', `--duration must be like 30m, 2h or 1d (got ${JSON.stringify(text)})`, undefined, exitCodes.usage);
}
