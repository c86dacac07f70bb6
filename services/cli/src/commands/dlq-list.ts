import type { Context } from '../context.ts';
import { type Column, printList } from '../output.ts';
import { timeText } from '../time-text.ts';

/** A record that was refused, as the API gives it. */
export interface DeadLetter {
  readonly id: string;
  readonly topic: string;
  readonly reason: string;
  readonly kind: string;
  readonly refusedAt: string;
  readonly key?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text?: string;
  readonly sizeBytes: number;
}

/** `tmws dlq list`: what was refused and why, newest first. */
export async function dlqList(context: Context, { topic, limit }: { topic?: string; limit: number }): Promise<void> {
  const { terminal, time } = context;
  const nowMs = terminal.nowMs();
  const { items } = await context.client().get<{ items: DeadLetter[] }>('/api/v1/dead-letters', { topic, limit });
  const columns: Column<DeadLetter>[] = [
    { title: 'ID', text: ({ id }) => id },
    { title: 'REFUSED', text: ({ refusedAt }) => timeText(refusedAt, time, nowMs) },
    { title: 'KIND', text: ({ kind }) => kind },
    { title: 'KEY', text: ({ key = '' }) => key, shrinkTo: 12 },
    { title: 'BYTES', text: ({ sizeBytes }) => String(sizeBytes), align: 'right' },
    { title: 'REASON', text: ({ reason }) => reason, shrinkTo: 20 },
  ];
  await printList(context, columns, items);
  if (items.length === 0 && terminal.errIsTty) terminal.tell('no dead letters\n');
  if (items.length === limit && terminal.errIsTty)
    terminal.tell(`the newest ${limit}; there may be more: --limit ${limit * 2}\n`);
}
