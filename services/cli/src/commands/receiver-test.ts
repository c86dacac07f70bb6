import type { TestedIntegrationJson, TestReceiverResponseJson } from '@tmws/contracts';
import type { Context } from '../context.ts';
import { exitCodes, Failure } from '../failure.ts';
import { type Column, printList } from '../output.ts';

export interface ReceiverTestOptions {
  readonly integration?: string;
  readonly label?: readonly string[];
}

const columns: Column<TestedIntegrationJson>[] = [
  { title: 'BY', text: ({ name }) => name ?? '' },
  {
    title: 'SENT',
    text: ({ sent }) => (sent === true ? 'yes' : 'no'),
    style: ({ sent }) => [sent === true ? 'green' : 'red'],
  },
  { title: 'TOOK', text: ({ tookMs = 0 }) => `${tookMs} ms`, align: 'right' },
  { title: 'ANSWER', text: ({ receipt, error }) => error || (receipt ?? ''), shrinkTo: 20 },
];

/** `tmws receiver test NAME`: each integration gets a message that says it is a test. Ends with 1 if any was not sent. */
export async function receiverTest(context: Context, name: string, options: ReceiverTestOptions): Promise<number> {
  const labels = Object.fromEntries((options.label ?? []).map(labelOf));
  const body = { labels, ...(options.integration !== undefined && { integration: options.integration }) };
  const { items = [] } = await context
    .client()
    .post<TestReceiverResponseJson>(`/api/v1/receivers/${encodeURIComponent(name)}/test`, body);
  await printList(context, columns, items);
  return items.every(({ sent }) => sent === true) ? exitCodes.done : exitCodes.failed;
}

function labelOf(given: string): [string, string] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(given) ?? [];
  if (name !== undefined && value !== undefined) return [name.trim(), value];
  throw Failure.of('invalid', `${JSON.stringify(given)} is no label; write name=value`, undefined, exitCodes.usage);
}
