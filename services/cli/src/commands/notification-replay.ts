import type { GetNotificationResponseJson, ReplayNotificationsResponseJson } from '@tmws/contracts';
import type { Context } from '../context.ts';
import { exitCodes, Failure } from '../failure.ts';
import { labelsText } from '../label-words.ts';
import { printObject } from '../output.ts';
import { timeText } from '../time-text.ts';

export interface NotificationReplayOptions {
  readonly receiver?: string;
  readonly since?: string;
  readonly all?: boolean;
}

const path = '/api/v1/notifications';

/** `tmws notification get ID`: one message, with its data. */
export async function notificationGet(context: Context, id: string): Promise<void> {
  const found = await context.client().get<GetNotificationResponseJson>(`${path}/${encodeURIComponent(id)}`);
  const { notification: is = {}, doc = '' } = found;
  const nowMs = context.terminal.nowMs();
  await printObject(context, found, [
    ['id', is.id ?? ''],
    ['status', is.status ?? ''],
    ['receiver', `${is.receiver ?? ''} by ${is.integration ?? ''}`],
    ['why', is.reason ?? ''],
    ['group', labelsText(is.groupLabels)],
    ['made', timeText(is.createdAt, context.time, nowMs)],
    ['tries', String(is.attempts ?? 0)],
    ['error', is.error ?? ''],
    ['receipt', is.receipt ?? ''],
    ['replay of', is.replayOf ?? ''],
    ['digest', is.digest ?? ''],
    ['data', doc],
  ]);
}

/** `tmws notification replay`: dead letters are sent again. Ends with 1 if an id is none. */
export async function notificationReplay(
  context: Context,
  ids: readonly string[],
  { receiver, since, all = false }: NotificationReplayOptions,
): Promise<number> {
  if (ids.length === 0 && !all)
    throw Failure.of(
      'invalid',
      'name dead letters, or say --all, with --receiver and --since as wanted',
      undefined,
      exitCodes.usage,
    );
  const body = { ...(ids.length > 0 && { ids }), ...(all && { all }), receiver, since };
  const done = await context.client().post<ReplayNotificationsResponseJson>(`${path}/replay`, body);
  const { replayed = 0, unknown = [], more = false } = done;
  await printObject(context, done, [
    ['sent again', String(replayed)],
    ['no dead letter', unknown.join(' ')],
    ['more', more ? 'yes: ask again' : 'no'],
  ]);
  return unknown.length === 0 ? exitCodes.done : exitCodes.failed;
}
