import type { AlertHistoryEntryJson, ListAlertHistoryResponseJson } from '@tmws/contracts';
import type { Context } from '../context.ts';
import { labelsText } from '../label-words.ts';
import { type Column, printList } from '../output.ts';
import { timeText } from '../time-text.ts';
import { alertsPath } from './alert-list.ts';

export interface AlertHistoryOptions {
  readonly kind?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
}

/** `tmws alert history`: what happened, the latest first. */
export async function alertHistory(
  context: Context,
  fingerprint: string | undefined,
  { kind, from, to, limit }: AlertHistoryOptions,
): Promise<void> {
  const { time, terminal } = context;
  const nowMs = terminal.nowMs();
  const listed: AlertHistoryEntryJson[] = [];
  let cursor: string | undefined;
  do {
    const asked = { fingerprint, kind, from, to, limit: Math.min(limit - listed.length, 500), cursor };
    const page = await context.client().get<ListAlertHistoryResponseJson>(`${alertsPath}/history`, asked);
    listed.push(...(page.items ?? []));
    cursor = page.nextCursor === '' ? undefined : page.nextCursor;
  } while (cursor !== undefined && listed.length < limit);
  const columns: Column<AlertHistoryEntryJson>[] = [
    { title: 'WHEN', text: ({ at }) => timeText(at, time, nowMs) },
    { title: 'WHAT', text: ({ kind: what = '' }) => what },
    { title: 'BY', text: ({ by = '' }) => by },
    { title: 'TEXT', text: ({ text = '' }) => text, shrinkTo: 24 },
    ...(fingerprint === undefined
      ? [
          { title: 'FINGERPRINT', text: ({ fingerprint: of = '' }: AlertHistoryEntryJson) => of },
          { title: 'LABELS', text: ({ labels }: AlertHistoryEntryJson) => labelsText(labels), shrinkTo: 16 },
        ]
      : []),
  ];
  await printList(context, columns, listed);
  if (cursor !== undefined && terminal.errIsTty) terminal.tell(`there is more: --limit ${listed.length * 2}\n`);
}
