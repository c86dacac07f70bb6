import type { GetAlertResponseJson } from '@tmws/contracts';
import type { Context } from '../context.ts';
import { labelsText } from '../label-words.ts';
import { printObject } from '../output.ts';
import { timeText } from '../time-text.ts';
import { alertsPath } from './alert-list.ts';

/** `tmws alert get FINGERPRINT`: one alert that fires or fired lately. */
export async function alertGet(context: Context, fingerprint: string): Promise<void> {
  const found = await context.client().get<GetAlertResponseJson>(`${alertsPath}/${encodeURIComponent(fingerprint)}`);
  const { alert = {}, groups = [] } = found;
  const nowMs = context.terminal.nowMs();
  const time = (text: string | undefined): string => timeText(text, context.time, nowMs);
  const { acknowledgement: ack, escalation } = alert;
  await printObject(context, found, [
    ['fingerprint', alert.fingerprint ?? ''],
    ['labels', labelsText(alert.labels)],
    ...Object.entries(alert.annotations ?? {}).map(([name, value]): [string, string] => [name, value]),
    ['status', [alert.status, alert.status === 'firing' ? alert.state : ''].filter(Boolean).join(', ')],
    ['flapping', alert.flapping === true ? 'yes' : ''],
    ['since', time(alert.startsAt)],
    [alert.status === 'firing' ? 'ends if not sent again' : 'ended', time(alert.endsAt)],
    ['silenced by', (alert.silencedBy ?? []).join(', ')],
    ['inhibited by', (alert.inhibitedBy ?? []).join(', ')],
    ['muted by', (alert.mutedBy ?? []).join(', ')],
    ['acknowledged', ack === undefined ? '' : [`by ${ack.by ?? ''}, ${time(ack.at)}`, ack.comment].filter(Boolean).join(': ')],
    ['assignee', alert.assignee ?? ''],
    ['escalation', escalationText(escalation, time)],
    ['receivers', (alert.receivers ?? []).join(', ')],
    ['groups', groups.map(({ receiver, labels }) => `${receiver ?? ''} {${labelsText(labels)}}`).join(', ')],
    ['from', alert.generatorUrl ?? ''],
  ]);
}

function escalationText(
  escalation: { step?: number; steps?: number; nextReceiver?: string; nextAt?: string } | undefined,
  time: (text: string | undefined) => string,
): string {
  if (escalation === undefined) return '';
  const { step = 0, steps = 0, nextReceiver = '', nextAt } = escalation;
  return `step ${step} of ${steps}${nextReceiver === '' ? '' : `; ${nextReceiver} hears of it ${time(nextAt)}`}`;
}
