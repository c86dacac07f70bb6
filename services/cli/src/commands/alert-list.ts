import type { AlertGroupJson, AlertJson } from '@tmws/contracts';
import type { Query } from '../client.ts';
import type { Context } from '../context.ts';
import { filterOf, labelsText } from '../label-words.ts';
import { type Column, printList } from '../output.ts';
import { statusStyle } from '../paint.ts';
import { timeText } from '../time-text.ts';

export interface AlertFilterOptions {
  readonly state?: string;
  readonly receiver?: string;
  readonly acknowledged?: 'yes' | 'no';
  readonly assignee?: string;
  readonly limit: number;
  readonly all?: boolean;
}

export interface AlertListOptions extends AlertFilterOptions {
  readonly at?: string;
}

export const alertsPath = '/api/v1/alerts';
const pageSize = 500;

/** `tmws alert list`: what fires, or fired, the worst first. */
export async function alertList(context: Context, given: readonly string[], options: AlertListOptions): Promise<void> {
  const query = { ...queryOf(given, options), at: options.at };
  await printPages<AlertJson>(context, {
    path: alertsPath,
    query,
    columns: alertColumns(context),
    options,
  });
}

/** `tmws alert groups`: what fires as receivers hear of it. */
export async function alertGroups(context: Context, given: readonly string[], options: AlertFilterOptions): Promise<void> {
  const columns = groupColumns(context);
  const path = `${alertsPath}/groups`;
  await printPages<AlertGroupJson>(context, {
    path,
    query: queryOf(given, options),
    columns,
    options,
  });
}

const queryOf = (given: readonly string[], { state, receiver, acknowledged, assignee }: AlertFilterOptions): Query => ({
  filter: given.map(filterOf),
  ...{ state, receiver, assignee },
  acknowledged: acknowledged === undefined ? undefined : acknowledged === 'yes' ? 'true' : 'false',
});

interface Pages<T> {
  readonly path: string;
  readonly query: Query;
  readonly columns: readonly Column<T>[];
  readonly options: { readonly limit: number; readonly all?: boolean };
}

async function printPages<T>(
  context: Context,
  { path, query, columns, options: { limit, all = false } }: Pages<T>,
): Promise<void> {
  const { terminal } = context;
  const wanted = all ? Infinity : limit;
  const listed: T[] = [];
  let page: { items?: T[]; nextCursor?: string; total?: number };
  let cursor: string | undefined;
  do {
    page = await context.client().get<typeof page>(path, { ...query, limit: Math.min(wanted - listed.length, pageSize), cursor });
    listed.push(...(page.items ?? []));
    cursor = page.nextCursor === '' ? undefined : page.nextCursor;
  } while (cursor !== undefined && listed.length < wanted);
  await printList(context, columns, listed);
  if (!terminal.errIsTty) return;
  if (listed.length === 0) terminal.tell('nothing that fires matches\n');
  if (cursor !== undefined) terminal.tell(`${listed.length} of ${page.total ?? 0}: --limit ${listed.length * 2}, or --all\n`);
}

export function alertColumns({ time, terminal }: Context): Column<AlertJson>[] {
  const nowMs = terminal.nowMs();
  return [
    { title: 'FINGERPRINT', text: ({ fingerprint = '' }) => fingerprint },
    { title: 'SEVERITY', text: severityOf, style: (alert) => statusStyle(severityOf(alert)) },
    { title: 'STATE', text: ({ state = '' }) => state, style: ({ state = '' }) => statusStyle(state) },
    { title: 'SINCE', text: ({ startsAt }) => timeText(startsAt, time, nowMs) },
    { title: 'OWNER', text: ownerOf },
    { title: 'ALERT', text: ({ labels = {} }) => labels.alertname ?? '', shrinkTo: 16 },
    { title: 'LABELS', text: ({ labels }) => labelsText(labels, ['alertname', 'severity']), shrinkTo: 16 },
  ];
}

const severityOf = ({ labels }: AlertJson): string => labels?.severity ?? '';

/** Who looks after it, with a tick if they said so. */
const ownerOf = ({ assignee = '', acknowledgement }: AlertJson): string =>
  acknowledgement === undefined ? assignee : `${assignee === '' ? (acknowledgement.by ?? '') : assignee} (ack)`;

function groupColumns({ time, terminal }: Context): Column<AlertGroupJson>[] {
  const nowMs = terminal.nowMs();
  const count = (number = 0): string => String(number);
  return [
    { title: 'RECEIVER', text: ({ receiver = '' }) => receiver, shrinkTo: 12 },
    { title: 'SEVERITY', text: ({ severity = '' }) => severity, style: ({ severity = '' }) => statusStyle(severity) },
    { title: 'ALERTS', text: ({ alertCount }) => count(alertCount), align: 'right' },
    { title: 'ACK', text: ({ acknowledgedCount }) => count(acknowledgedCount), align: 'right' },
    { title: 'MUTED', text: ({ suppressedCount }) => count(suppressedCount), align: 'right' },
    { title: 'SINCE', text: ({ startsAt }) => timeText(startsAt, time, nowMs) },
    { title: 'LAST MESSAGE', text: ({ lastNotification: last }) => [last?.status, last?.integration].filter(Boolean).join(' ') },
    { title: 'GROUP', text: ({ labels }) => labelsText(labels), shrinkTo: 16 },
    { title: 'COMMON', text: ({ commonLabels }) => labelsText(commonLabels, ['severity']), shrinkTo: 8 },
  ];
}
