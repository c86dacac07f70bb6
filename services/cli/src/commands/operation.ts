import type { ListOperationsResponseJson, OperationJson } from '@tmws/contracts';
import type { Context } from '../context.ts';
import { type Column, printList, printObject } from '../output.ts';
import { statusStyle } from '../paint.ts';
import { timeText } from '../time-text.ts';

export interface OperationListOptions {
  readonly status?: string;
  readonly limit: number;
}

const pathOf = (id: string): string => `/api/v1/operations/${encodeURIComponent(id)}`;

/** `tmws operation list`: long work, newest first. */
export async function operationList(context: Context, { status, limit }: OperationListOptions): Promise<void> {
  const { items = [] } = await context.client().get<ListOperationsResponseJson>('/api/v1/operations', { status, limit });
  const nowMs = context.terminal.nowMs();
  const columns: Column<OperationJson>[] = [
    { title: 'ID', text: ({ id = '' }) => id },
    { title: 'KIND', text: ({ kind = '' }) => kind },
    { title: 'STATUS', text: ({ status: is = '' }) => is, style: ({ status: is = '' }) => statusStyle(is) },
    { title: 'DONE', text: doneText, align: 'right' },
    { title: 'CREATED', text: ({ createdAt }) => timeText(createdAt, context.time, nowMs) },
    { title: 'NAME', text: ({ name = '' }) => name, shrinkTo: 12 },
  ];
  await printList(context, columns, items);
}

/** `tmws operation get ID`: one of them. */
export async function operationGet(context: Context, id: string): Promise<void> {
  await print(context, await context.client().get<OperationJson>(pathOf(id)));
}

/** `tmws operation cancel ID`: ends it, leaving nothing of it. */
export async function operationCancel(context: Context, id: string): Promise<void> {
  await print(context, await context.client().post<OperationJson>(`${pathOf(id)}/cancel`, {}));
}

async function print(context: Context, operation: OperationJson): Promise<void> {
  const { result, problem } = operation;
  await printObject(context, operation, [
    ['id', operation.id ?? ''],
    ['kind', operation.kind ?? ''],
    ['name', operation.name ?? ''],
    ['status', operation.status ?? ''],
    ['done', doneText(operation)],
    ['rate', operation.rate ? `${Math.round(Number(operation.rate))} ${operation.unit ?? ''}/s` : ''],
    ['created', operation.createdAt ?? ''],
    ['finished', operation.finishedAt ?? ''],
    [
      'made',
      result === undefined
        ? ''
        : `${result.executionCount ?? 0} executions, ${result.stepCount ?? 0} steps (${result.format ?? ''})`,
    ],
    ['problem', problem?.detail ?? ''],
  ]);
}

function doneText({ done = 0, total = 0, unit = '' }: OperationJson): string {
  return total === 0 ? '' : `${done} of ${total} ${unit}`;
}
