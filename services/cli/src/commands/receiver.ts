import type { IntegrationJson, ListReceiversResponseJson, ReceiverJson } from '@tmws/contracts';
import type { Context } from '../context.ts';
import { type Column, printList } from '../output.ts';
import { timeText } from '../time-text.ts';

interface Line {
  readonly receiver: ReceiverJson;
  readonly integration: IntegrationJson | undefined;
}

/** `tmws receiver list`: who is told, and how messages went. As JSON, the receivers as they are. */
export async function receiverList(context: Context): Promise<void> {
  const { items = [] } = await context.client().get<ListReceiversResponseJson>('/api/v1/receivers');
  if (context.format === 'json' || context.format === 'jsonl') return printList<ReceiverJson>(context, [], items);
  const nowMs = context.terminal.nowMs();
  const lines = items.flatMap((receiver): Line[] => {
    const { integrations = [] } = receiver;
    return integrations.length === 0
      ? [{ receiver, integration: undefined }]
      : integrations.map((integration) => ({ receiver, integration }));
  });
  const count = (number = 0): string => String(number);
  const columns: Column<Line>[] = [
    { title: 'RECEIVER', text: ({ receiver }) => receiver.name ?? '', shrinkTo: 12 },
    { title: 'BY', text: ({ integration }) => integration?.name ?? 'nothing' },
    { title: 'SENT 24H', text: ({ integration }) => count(integration?.sentLastDay), align: 'right' },
    { title: 'DEAD 24H', text: ({ integration }) => count(integration?.deadLastDay), align: 'right' },
    { title: 'WAITING', text: ({ integration }) => count(integration?.waiting), align: 'right' },
    { title: 'CIRCUIT', text: ({ integration }) => integration?.circuit ?? '' },
    { title: 'LAST SENT', text: ({ integration }) => timeText(integration?.lastSentAt, context.time, nowMs) || '-' },
    { title: 'LAST ERROR', text: ({ integration }) => integration?.lastError ?? '', shrinkTo: 16 },
  ];
  await printList(context, columns, lines);
}
